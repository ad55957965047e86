import { readMakefile } from "../makefile/read-makefile.ts";
import type { Extractor } from "../schema.ts";

/** Makefiles and the parts they include. */
export const makefile: Extractor = {
  format: "makefile",
  version: 4,
  matches: (path) =>
    /(?:^|\/)(?:GNUm|m|M)akefile(?:[._-][\w.-]*)?$|\.(?:mk|mak|make)$/.test(path) &&
    !/\.(?:in|am|py|md|txt|ya?ml|json|toml|rst|cmake)$/i.test(path),
  extract: (text) => readMakefile(text),
};
