import { parseAllDocuments } from "yaml";
import type { Language } from "./language.ts";
import { parseLooseJson } from "./loose-json.ts";
import { requirementsByName } from "./requirements.ts";
import { parse as parseToml } from "./toml-value.ts";

/** A file's settings by key path (`model.layers[0].size`), values as JSON has them. */
export type ConfigValues = Map<string, unknown>;

/** Keys beyond which a file is taken for data. */
const mostKeys = 5000;
/** Lists longer than this stand as one value. */
const longestList = 40;

function flatten(value: unknown, key: string, into: ConfigValues): void {
  if (into.size > mostKeys) return;
  if (Array.isArray(value) && value.length <= longestList && value.length > 0) {
    value.forEach((item, index) => flatten(item, `${key}[${index}]`, into));
  } else if (
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0
  ) {
    for (const [name, item] of Object.entries(value)) {
      flatten(item, key === "" ? name : `${key}.${name}`, into);
    }
  } else into.set(key === "" ? "." : key, value);
}

function parsed(text: string, language: Language): unknown {
  if (language === "json") return parseLooseJson(text);
  if (language === "toml") return parseToml(text);
  const documents = parseAllDocuments(text, { logLevel: "silent" });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
  const values: unknown[] = documents.map((document) => document.toJS({ maxAliasCount: 100 }));
  return values.length === 1 ? values[0] : values;
}

/** The settings that a file's text states; undefined for a format without settings, data, and what cannot be parsed. */
export function configValues(text: string, language: Language): ConfigValues | undefined {
  const body = text.replace(/^\ufeff/, "");
  if (language === "requirements") return requirementsByName(body);
  if (language !== "json" && language !== "yaml" && language !== "toml") return undefined;
  try {
    const value = parsed(body, language);
    if (value === null || typeof value !== "object") return undefined;
    const values: ConfigValues = new Map();
    flatten(value, "", values);
    return values.size > mostKeys ? undefined : values;
  } catch {
    return undefined; // a template, too many aliases, nested too deeply
  }
}
