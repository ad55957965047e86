import { existsSync, readFileSync, truncateSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { drain, readGguf } from "../../shared/index.ts";
import { packageRoot } from "../package-root.ts";
import { trainerPython } from "../python-environment.ts";
import { loadRecipe } from "../recipe.ts";
import type { RunOptions } from "../launcher.ts";
import { runTraining } from "../run-training.ts";
import { createRun } from "../start-run.ts";
import { temporaryFolder, writeSyntheticDataSet } from "../synthetic-data.test-support.ts";
import { newestProvenExport } from "../proven-exports.ts";
import { exportRun } from "./export-run.ts";
import { openLlama } from "./llama.ts";

const quick = ["tokens_per_step=2048", "epochs=0.3", "lr=0.02", "threads=1", "length=128", "moe.rank=4"];

describe.skipIf(process.env["TRAINING_READY_TESTS"] === "fast")(
  "a finished run",
  { timeout: 400_000 },
  () => {
    let python: string;
    let bases: string;
    let data: string;

    beforeAll(async () => {
      python = await trainerPython({
        environment: process.env,
        tests: true,
        notice: (text) => void process.stderr.write(`${text}\n`),
      });
      bases = join(temporaryFolder(), "bases");
      const made = spawnSync(python, ["-m", "trainer.tests.bases", bases], {
        cwd: packageRoot,
        encoding: "utf8",
      });
      expect([made.status, made.status === 0 ? "" : made.stderr]).toEqual([0, ""]);
      data = writeSyntheticDataSet(temporaryFolder(), { records: 60 });
    }, 400_000);

    const trained = async (family: string, changes: readonly string[]): Promise<RunOptions> => {
      const run = join(temporaryFolder(), "run");
      const options: RunOptions = {
        run,
        python,
        environment: process.env,
        signal: new AbortController().signal,
        log: () => {},
      };
      await createRun({
        recipe: loadRecipe("lora", [...quick, ...changes]),
        run,
        data,
        base: join(bases, family),
        environment: process.env,
      });
      expect(await drain(runTraining(options))).toMatchObject({ status: "done" });
      return options;
    };

    for (const [family, changes] of [
      ["llama-bias", []],
      ["mistral", ["mode=experts"]],
      ["qwen3", ["mode=experts", "moe.layers={last: 1}"]],
    ] as const) {
      it(`computes in llama.cpp what was trained: ${family} ${changes.join(" ")}`, async () => {
        const options = await trained(family, changes);
        const out = join(options.run, "gguf");
        const { parity, files } = await exportRun({ ...options, format: "gguf", out });
        expect(parity).toMatchObject({ ok: true, tokenizerTexts: 9, tokenizerEqual: 9 });
        expect(parity?.positions).toBeGreaterThan(200);
        expect(parity?.maxDifference).toBeGreaterThan(0);
        const gguf = files.find(({ path }) => path.endsWith(".gguf"));
        const file = await readGguf(join(out, gguf?.path as string));
        expect(file.metadata.get("tokenizer.chat_template")?.value).toContain("<|im_start|>");
        const proven = await newestProvenExport(options.run);
        expect(proven).toMatchObject({
          path: join(out, gguf?.path as string),
          type: "F32",
          parity: { ok: true },
        });
        truncateSync(join(out, gguf?.path as string), 100);
        expect(await newestProvenExport(options.run)).toBeUndefined();
      });
    }

    it("answers in Node, keeps the base's files and says what it is", async () => {
      const options = await trained("llama", []);
      const out = join(options.run, "gguf");
      await exportRun({ ...options, format: "gguf", out, quantize: "Q8_0" }).then(
        () => expect.unreachable("rows of 48 values fill no Q8_0 block"),
        (error: unknown) => expect(error).toMatchObject({ code: "E_TRAIN_GGUF" }),
      );
      expect(existsSync(out)).toBe(false);
      const { files } = await exportRun({ ...options, format: "gguf", out, quantize: "BF16" });
      const model = await openLlama(
        join(out, files.find(({ path }) => path.endsWith(".gguf"))?.path as string),
        { contextSize: 128 },
      );
      try {
        const ids = model.tokenizePrompt([{ role: "user", content: "hi <|im_end|>" }]);
        expect(ids.filter((id) => id === 270)).toHaveLength(1); // the typed control token stays text
        expect(typeof (await model.reply(ids, 5))).toBe("string");
      } finally {
        await model.close();
      }
      expect(readFileSync(join(out, "README.md"), "utf8")).toMatch(
        /largest difference of a next-token probability/,
      );
      await expect(exportRun({ ...options, format: "hf", out })).rejects.toMatchObject({
        code: "E_TRAIN_OUT_EXISTS",
      });
    });
  },
);
