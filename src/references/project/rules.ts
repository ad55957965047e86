import type { Base, Mention } from "../schema.ts";
import type { ShellStart } from "../shell/index.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import type { SpecialReader } from "../structure/special-reader.ts";
import { enterPackage, enterModule, enterRegex } from "./names.ts";

export const ownFolder: readonly Base[] = [{ kind: "file" }];

/** Tools run where their project file lies. */
export const projectStart: ShellStart = {
  bases: [{ kind: "file" }, { kind: "root" }],
  cwdBase: "file",
  cwd: "",
};

/**
 * What stands under a key. `path`: one path; `paths`: several, parted by blanks, commas or line ends; `node`: a path
 * with `:` and more behind it; `module`: `a.b:attribute`; `package`: a dotted folder; `regex`: its literal paths;
 * `command`: shell; `text`: none of these, whatever it looks like.
 */
export type Meaning = "path" | "paths" | "node" | "module" | "package" | "regex" | "command" | "text";

export type Rule = {
  keys: readonly string[];
  as: Meaning;
  /** Default: soft. */
  strength?: Mention["strength"];
  kind?: Mention["kind"];
  use?: Mention["use"];
  /** Position in `keys` of a package name below whose folder the path starts. */
  below?: number;
};

/** `tool.x.*` as keys. */
export function rule(keys: string, as: Meaning, more: Omit<Rule, "keys" | "as"> = {}): Rule {
  return { keys: keys.split("."), as, ...more };
}

/** Enters one value by its meaning. */
export function enterByRule(reader: SpecialReader, scalar: Scalar, found: Rule): void {
  const { as, strength = "soft", kind = "value", use = "read", below } = found;
  const key = scalar.keys.filter((one) => typeof one === "string").join(".");
  // What a tool leaves out need not exist.
  const isLeftOut = kind === "pattern" && /exclude|skip|omit|ignore/.test(found.keys.join("."));
  const meaning = { kind, strength: isLeftOut ? ("weak" as const) : strength, use, key, bases: ownFolder };
  switch (as) {
    case "text":
      return reader.claim(scalar);
    case "command": {
      reader.shell([scalar], projectStart);
      return undefined;
    }
    case "module":
      return enterModule(reader, scalar, key, use);
    case "package":
      return enterPackage(reader, scalar, key, strength);
    case "regex":
      return enterRegex(reader, scalar, key);
    case "node": {
      reader.claim(scalar);
      const colon = scalar.value.indexOf(":");
      const end = colon < 0 || !scalar.isVerbatim ? scalar.end : scalar.start + colon;
      if (end > scalar.start)
        reader.path({ start: scalar.start, end }, { ...meaning, encoding: scalar.encoding });
      return undefined;
    }
    case "paths":
      return enterPaths(reader, scalar, meaning);
    default: {
      if (!isPathText(scalar.value)) return reader.claim(scalar);
      const folder = below === undefined ? "" : String(scalar.keys[below] ?? "").replaceAll(".", "/");
      if (folder === "" || folder === "*") reader.scalar(scalar, meaning);
      else reader.scalar(scalar, { ...meaning, path: `${folder}/${scalar.value}`, prefix: folder });
      return undefined;
    }
  }
}

/** A text that can be a path under a key that holds paths: no address, no sentence, no expression. */
function isPathText(value: string): boolean {
  return (
    value.length > 0 &&
    value.length < 400 &&
    value !== "." &&
    !/^[a-z][\w+.-]*:\/\/|[\n\r\t<>|"]|^[*]{1,2}$|^-/.test(value) &&
    !(/ /.test(value) && !/\//.test(value))
  );
}

function enterPaths(
  reader: SpecialReader,
  scalar: Scalar,
  meaning: Parameters<SpecialReader["path"]>[1],
): void {
  reader.claim(scalar);
  if (!scalar.isVerbatim) return;
  for (const { 0: word, index } of scalar.value.matchAll(/[^\s,;]+/g)) {
    if (!isPathText(word) || /^[$%{]/.test(word)) continue;
    const start = scalar.start + index;
    reader.path({ start, end: start + word.length }, { ...meaning, encoding: scalar.encoding });
  }
}

/** Enters every value that a rule speaks of, the first rule that fits; gives those that none does. */
export function applyRules(
  reader: SpecialReader,
  scalars: readonly Scalar[],
  rules: readonly Rule[],
): Scalar[] {
  const byTop = new Map<string, Rule[]>();
  for (const one of rules) {
    const top = one.keys.slice(0, 2).join("\n");
    const list = byTop.get(top);
    if (list === undefined) byTop.set(top, [one]);
    else list.push(one);
  }
  const rest: Scalar[] = [];
  for (const scalar of scalars) {
    const [first, second] = scalar.keys;
    const candidates = [
      ...(byTop.get(`${String(first)}\n${String(second)}`) ?? []),
      ...(byTop.get(`${String(first)}\n*`) ?? []),
      ...(byTop.get(`${String(first)}\n#`) ?? []),
      ...(byTop.get(`${String(first)}\n**`) ?? []),
      ...(byTop.get(String(first)) ?? []),
    ];
    const found = candidates.find(({ keys }) => fits(scalar.keys, ...keys));
    if (found === undefined) rest.push(scalar);
    else enterByRule(reader, scalar, found);
  }
  return rest;
}
