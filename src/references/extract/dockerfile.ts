import { readDockerfile } from "../dockerfile/read-dockerfile.ts";
import type { Extractor } from "../schema.ts";

/** Dockerfiles under any of their names. */
export const dockerfile: Extractor = {
  format: "dockerfile",
  version: 4,
  matches: (path) =>
    /(?:^|\/)(?:(?:Docker|docker|Container|container)file(?:[._-][^/]*)?|[\w.-]*[._-](?:Docker|docker|Container)file|[\w.-]*[._-]Dockerfile[._-][\w.-]*)$/.test(
      path,
    ) && !/\.(?:md|rst|ya?ml|json|sh|py|txt|toml|tf|dockerignore|tsx?|jsx?)$/i.test(path),
  extract: (text) => readDockerfile(text),
};
