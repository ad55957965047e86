import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FileEntry, TreeIndex } from "../../repository/index.ts";
import { identicalFolders } from "./folder-pairs.ts";

const entry = (path: string, blob: string): FileEntry => ({
  path,
  blob,
  size: 1,
  mode: "file",
  state: "tracked",
});

/** All files below a folder, as text: what a Merkle id stands for. */
function contentsOf(files: ReadonlyMap<string, FileEntry>, folder: string): string[] {
  return [...files.values()]
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .map(({ path, blob }) => `${path.slice(folder.length + 1)} ${blob}`)
    .sort();
}

describe("identicalFolders", () => {
  const name = fc.constantFrom("a", "b");
  const paths = fc.uniqueArray(fc.tuple(name, name, name, fc.constantFrom("x.py", "y.py")), {
    maxLength: 24,
    selector: (parts) => parts.join("/"),
  });

  it("pairs folders if and only if all below them is equal, unless their parents are such a pair", () => {
    let pairsSeen = 0;
    fc.assert(
      fc.property(
        paths,
        fc.array(fc.constantFrom("1", "1", "1", "1", "2"), { minLength: 24, maxLength: 24 }),
        (list, blobs) => {
          const entries = list.map((parts, at) => entry(parts.join("/"), blobs[at] as string));
          const index = new TreeIndex(entries);
          const found = identicalFolders(index, () => false);
          pairsSeen += found.length;
          const folders = [...index.folders()].filter((folder) => folder !== "").sort();
          const isEqual = (a: string, b: string): boolean => {
            const contents = contentsOf(index.files, a);
            return contents.length > 1 && contents.join() === contentsOf(index.files, b).join();
          };
          const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
          const base = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
          const expected: string[] = [];
          for (const [at, a] of folders.entries()) {
            for (const b of folders.slice(at + 1)) {
              if (b.startsWith(`${a}/`) || !isEqual(a, b)) continue;
              const [above, beside] = [parent(a), parent(b)];
              const isInside =
                above !== beside &&
                above !== "" &&
                beside !== "" &&
                base(a) === base(b) &&
                isEqual(above, beside);
              if (!isInside) expected.push(`${a} ${b} ${contentsOf(index.files, a).length}`);
            }
          }
          expect(found.map(({ a, b, identical }) => `${a} ${b} ${identical}`).sort()).toEqual(
            expected.sort(),
          );
        },
      ),
      { numRuns: 500 },
    );
    expect(pairsSeen).toBeGreaterThan(50);
  });

  it("leaves out folders of boilerplate alone, and pairs many equal ones with the first", () => {
    const many = Array.from({ length: 12 }, (_, at) => `f${String(at).padStart(2, "0")}`);
    const entries = many.flatMap((folder) => [entry(`${folder}/x`, "1"), entry(`${folder}/y`, "2")]);
    const index = new TreeIndex(entries);
    expect(identicalFolders(index, () => true)).toEqual([]);
    const found = identicalFolders(index, ({ path }) => path.endsWith("/y"));
    expect(found.map((pair) => pair.b)).toEqual(many.slice(1));
    expect(new Set(found.map((pair) => pair.a))).toEqual(new Set(["f00"]));
  });
});
