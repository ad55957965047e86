import { join } from "node:path";
import { cacheFolder } from "../src/shared/index.ts";

/** The PyPI source package that carries llama.cpp, and the sha256 of its file. */
export const llamaSource = {
  name: "llama-cpp-python",
  version: "0.3.36",
  sha256: "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e",
};

/** Where `npm run build:llama-server` puts the program. */
export const llamaServerPath = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(cacheFolder(environment), "llama-server", llamaSource.version, "llama-server");
