import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "./generated-files.ts";

const root = resolve(import.meta.dirname, "..");

describe("generated files", async () => {
  for (const [path, text] of await generatedFiles()) {
    it(`${path} says what the code says (else: npm run generate)`, () => {
      expect(readFileSync(join(root, path), "utf8")).toBe(text);
    });
  }
});
