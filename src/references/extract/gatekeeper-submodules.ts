import type { Extractor } from "../schema.ts";
import { iniScalars } from "../structure/ini-scalars.ts";
import { SpecialReader } from "../structure/special-reader.ts";

/** .gitmodules: where submodules lie. */
export const gitModules: Extractor = {
  format: "git-modules",
  version: 1,
  matches: (path) => /(?:^|\/)\.gitmodules$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (const scalar of iniScalars(text).scalars) {
      if (scalar.keys[1] !== "path") continue;
      reader.scalar(scalar, {
        kind: "value",
        strength: "soft",
        use: "read",
        key: "submodule",
        bases: [{ kind: "file" }],
      });
    }
    return reader.done();
  },
};
