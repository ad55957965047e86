// npm run generate: writes the generated references. tests/generated.test.ts keeps them equal to the code.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { generatedFiles } from "../tests/generated-files.ts";

const root = resolve(import.meta.dirname, "..");
for (const [path, text] of await generatedFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stderr.write(`${path}\n`);
}
