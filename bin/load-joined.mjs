// Loads what `scripts/bundle.mjs` joined, with V8's compiled form of it where that is of this very Node.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { constants, Script } from "node:vm";

export const joinedFile = fileURLToPath(new URL("../dist/cli/joined/audit.cjs", import.meta.url));
export const compiledFile = `${joinedFile}.compiled`;

/** The bytes of a file; undefined without one. */
function bytesOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The program's `main`; undefined if nothing was joined. V8 refuses a compiled form of another version by itself. */
export function loadJoined() {
  const source = bytesOf(joinedFile);
  if (source === undefined) return undefined;
  const cachedData = bytesOf(compiledFile);
  const script = new Script(source.toString("utf8"), {
    filename: joinedFile,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module, createRequire(joinedFile));
  return { main: module.exports.main, script };
}
