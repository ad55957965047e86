import { mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sha256 } from "../shared/index.ts";
import type { CommandContext } from "./framework/command.ts";
import { servedModel } from "./serve-model.ts";

it("serves a run's newest proven export of its present weights, and says which", async () => {
  const run = join(mkdtempSync(join(tmpdir(), "served-")), "run");
  mkdirSync(join(run, "final"), { recursive: true });
  mkdirSync(join(run, "gguf"));
  writeFileSync(join(run, "recipe.yaml"), "name: lora\n");
  writeFileSync(join(run, "job.json"), "{}");
  writeFileSync(join(run, "final", "adapter.safetensors"), "weights");
  const entry = (name: string, weights: string) => {
    const path = `gguf/${name}.gguf`;
    writeFileSync(join(run, path), `GGUF ${name}`);
    return {
      path,
      type: "F32",
      weights: sha256(weights),
      sha256: "",
      bytes: statSync(join(run, path)).size,
      madeAt: "2026-01-01T00:00:00Z",
      parity: { ok: true },
    };
  };
  const exports = [entry("first", "weights"), entry("second", "weights"), entry("other", "older weights")];
  writeFileSync(join(run, "exports.json"), JSON.stringify({ version: 1, exports }));
  const said: string[] = [];
  const context = {
    cwd: "/",
    environment: {},
    notice: (text: string) => void said.push(text),
  } as unknown as CommandContext;
  expect(await servedModel(context, run)).toBe(join(run, "gguf/second.gguf"));
  expect(said).toEqual([
    `serve: ${join(run, "gguf/second.gguf")} (F32, parity shown at 2026-01-01T00:00:00Z)`,
  ]);
});
