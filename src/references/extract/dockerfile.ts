import { readDockerfile } from "../dockerfile/read-dockerfile.ts";
import type { Extractor } from "../schema.ts";

/** Dockerfiles under any of their names. */
export const dockerfile: Extractor = {
  format: "dockerfile",
  version: 1,
  matches: (path) =>
    /(?:^|\/)(?:[\w.-]*[._-])?(?:Dockerfile|Containerfile)(?:[._-][^/]*)?$/i.test(path) &&
    !/\.(?:md|ya?ml|json|sh|py|txt|toml|tf|dockerignore|tsx?|jsx?)$/i.test(path),
  extract: (text) => readDockerfile(text),
};
