import type { FileEntry } from "../../repository/index.ts";
import type { ConfigPair, CopyPair } from "../report.ts";
import { configDifferences, sharedKeys } from "./config-differences.ts";
import { type ConfigValues, configValues } from "./config-values.ts";
import { isSettings, type Language, languageOf } from "./language.ts";

/** Files of one name in two packages are the same configuration if they share this much of the smaller one's keys. */
const leastSharedKeys = 0.5;
const leastSharedCount = 3;
/** Files whose values differ in more than this share of the keys are two configurations, not one. */
const mostDiffering = 0.7;
/** Pairs compared at most, and bytes read for them: parsing YAML is slow. */
const mostPairs = 300;
const mostBytes = 2 * 1024 * 1024;
const longestBytes = 128 * 1024;

// Of one name everywhere by convention, each about its own folder.
const ownByNature =
  /^(?:package(?:-lock)?|tsconfig[^/]*|composer|bower|\.[^/]*|mkdocs|readthedocs|kustomization|Chart|values|codecov|dependabot|conda|meta)\.(?:json|ya?ml|toml)$/i;

export type ConfigInput = {
  files: readonly FileEntry[];
  copies: readonly CopyPair[];
  packageOf: (path: string) => string | undefined;
  read: (path: string) => Promise<Buffer | undefined>;
};

/** Compares, value by value, settings that are copies of each other or have one name in several packages. */
export async function configPairs(
  input: ConfigInput,
): Promise<{ configs: ConfigPair[]; notes: { code: string; message: string }[] }> {
  const entries = new Map(input.files.map((entry) => [entry.path, entry]));
  const known = new Map<string, ConfigValues | undefined>();
  let bytesRead = 0;
  const valuesOf = async (path: string): Promise<ConfigValues | undefined> => {
    if (known.has(path)) return known.get(path);
    const bytes = await input.read(path);
    bytesRead += bytes?.length ?? 0;
    const values =
      bytes === undefined
        ? undefined
        : configValues(bytes.toString("utf8"), languageOf(path, bytes.length) as Language);
    known.set(path, values);
    return values;
  };
  const isConfig = (path: string): boolean => {
    const size = entries.get(path)?.size ?? Infinity;
    const language = size > longestBytes ? undefined : languageOf(path, size);
    return language !== undefined && isSettings(language);
  };

  const wanted = new Map<string, { a: string; b: string; isCopy: boolean }>();
  for (const { a, b, relation } of input.copies) {
    const isCopy = relation === "older" || relation === "diverged";
    if (relation !== "format-only" && isConfig(a) && isConfig(b)) wanted.set(pairKey(a, b), { a, b, isCopy });
  }
  for (const [a, b] of sameNames(input, isConfig)) {
    if (!wanted.has(pairKey(a, b))) wanted.set(pairKey(a, b), { a, b, isCopy: false });
  }

  const configs: ConfigPair[] = [];
  const notes: { code: string; message: string }[] = [];
  for (const [index, { a, b, isCopy }] of [...wanted.values()].entries()) {
    if (index >= mostPairs || bytesRead > mostBytes) {
      notes.push({
        code: "configs-cut",
        message: `values were compared in the first ${index} of ${wanted.size} pairs`,
      });
      break;
    }
    const [valuesA, valuesB] = [await valuesOf(a), await valuesOf(b)];
    if (valuesA === undefined || valuesB === undefined) continue;
    if (!isCopy) {
      const share = sharedKeys(valuesA, valuesB);
      if (share < leastSharedKeys || share * Math.min(valuesA.size, valuesB.size) < leastSharedCount)
        continue;
    }
    const differences = configDifferences(valuesA, valuesB);
    const keys = new Set([...valuesA.keys(), ...valuesB.keys()]).size;
    if (!isCopy && differences.length > mostDiffering * keys) continue;
    if (differences.length > 0) configs.push({ a, b, differences });
  }
  configs.sort((x, y) => (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : 1));
  return { configs, notes };
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a}\0${b}` : `${b}\0${a}`;
}

/** Settings of one name in different packages: each against the first with other bytes. */
function* sameNames(
  input: ConfigInput,
  isConfig: (path: string) => boolean,
): Generator<[string, string], void> {
  const byName = new Map<string, FileEntry[]>();
  for (const entry of input.files) {
    const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    if (entry.mode === "symlink" || ownByNature.test(name)) continue;
    if (!isConfig(entry.path) || input.packageOf(entry.path) === undefined) continue;
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [entry]);
    else list.push(entry);
  }
  for (const list of byName.values()) {
    const seen = new Set<string>();
    const distinct = list.filter((entry) => !seen.has(entry.blob) && seen.add(entry.blob));
    for (const [at, entry] of distinct.entries()) {
      const owner = input.packageOf(entry.path);
      const other = distinct.slice(0, at).find((one) => input.packageOf(one.path) !== owner);
      if (other !== undefined) yield [other.path, entry.path];
    }
  }
}
