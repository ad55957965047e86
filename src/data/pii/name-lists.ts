import { brotliDecompressSync } from "node:zlib";
import { packedNames } from "./names.data.ts";

/** English first names (of women, of men, of both), surnames and cities; lower case, `_` for a space. */
export const [femaleNames, maleNames, sharedNames, surnames, cities] = brotliDecompressSync(
  Buffer.from(packedNames, "base64"),
)
  .toString("utf8")
  .split("\n\n")
  .map((list) => list.split("\n")) as [string[], string[], string[], string[], string[]];
