import { gitBlobId } from "../shared/index.ts";
import type { AnswerKey } from "./answers.ts";
import type { FileMode } from "./world.ts";

export type FinalFile = { path: string; mode: FileMode; blob: string; disk: Buffer };

const markerNames = new Set([".gitkeep", "py.typed"]);
const licence = /^(LICENSE|LICENCE|COPYING|NOTICE)/;

function isBoilerplate({ path, disk }: FinalFile): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (disk.length === 0 || markerNames.has(name) || licence.test(name)) return true;
  // The sample's bare __init__.py files hold one docstring.
  return name === "__init__.py" && /^"""[^"]*"""\s*$/.test(disk.toString("utf8"));
}

/** Every set of two files or more with the same bytes; symlinks are no files here. */
export function groupAnswers(tree: readonly FinalFile[]): Pick<AnswerKey, "groups" | "boilerplate"> {
  const byBlob = new Map<string, FinalFile[]>();
  for (const one of tree) {
    if (one.mode !== "120000") byBlob.set(one.blob, [...(byBlob.get(one.blob) ?? []), one]);
  }
  const groups: AnswerKey["groups"] = [];
  const boilerplate = { groups: 0, files: 0 };
  for (const [blob, same] of byBlob) {
    const first = same[0] as FinalFile;
    if (same.length < 2) continue;
    if (isBoilerplate(first)) {
      boilerplate.groups++;
      boilerplate.files += same.length;
    } else groups.push({ blob, bytes: first.disk.length, paths: same.map((one) => one.path) });
  }
  return { groups, boilerplate };
}

const inside = (inner: string, outer: string): boolean => inner.startsWith(`${outer}/`);

/** Pairs of folders with the same names and bytes below, two files at least; not those inside a listed pair. */
export function folderAnswers(tree: readonly FinalFile[]): AnswerKey["folders"] {
  const listing = new Map<string, string[]>();
  for (const { path, blob } of tree) {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      const line = `${path.slice(slash + 1)} ${blob}`;
      const lines = listing.get(folder);
      if (lines === undefined) listing.set(folder, [line]);
      else lines.push(line);
    }
  }
  const byContents = new Map<string, string[]>();
  for (const [folder, lines] of listing) {
    if (lines.length < 2) continue;
    const id = gitBlobId(Buffer.from(lines.sort().join("\n")));
    byContents.set(id, [...(byContents.get(id) ?? []), folder]);
  }
  const pairs: AnswerKey["folders"] = [];
  for (const same of byContents.values()) {
    for (const [index, a] of same.entries()) {
      for (const b of same.slice(index + 1)) {
        if (b.startsWith(`${a}/`)) continue;
        pairs.push({ a, b, identical: (listing.get(a) as string[]).length });
      }
    }
  }
  return pairs.filter((pair) => !pairs.some((other) => inside(pair.a, other.a) && inside(pair.b, other.b)));
}
