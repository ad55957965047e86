import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrainingReadyError, writeFileAtomic } from "../../shared/index.ts";
import { axolotlOf, loadRecipe } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { namedBase, namedRecipe, trainFlags } from "./flags.ts";
import { formatAxolotl } from "./render-axolotl.format.ts";

export default defineCommand({
  name: "axolotl",
  summary: "Write a LoRA recipe as configurations for axolotl",
  description:
    "For a 4-bit base (QLoRA) or weights spread over GPUs (FSDP), which the worker here does not do. One file a stage, " +
    "each from the adapter of the one before. What axolotl cannot honour is refused; what it does otherwise is noted.",
  options: z.strictObject({
    recipe: trainFlags.recipe,
    base: trainFlags.base,
    data: z.string().meta({ description: "a built data set (folder with manifest.json)", value: "DIR" }),
    set: trainFlags.set,
    adapter: z
      .enum(["qlora", "lora"])
      .default("qlora")
      .meta({ description: "qlora keeps the base in 4 bits, lora in bf16" }),
    gpus: z.number().int().positive().default(1).meta({ description: "GPUs of the machine", value: "N" }),
    fsdp: z.boolean().default(false).meta({ description: "spread the weights over the GPUs" }),
    out: z
      .string()
      .optional()
      .meta({ description: "folder for the files; default: print them", value: "DIR" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready train render axolotl --recipe lora --base models/mistral --data data/set --out axolotl",
      does: "writes axolotl/axolotl.yaml for QLoRA on one GPU",
    },
  ],
  async run({ options }, context) {
    const recipe = loadRecipe(
      options.recipe === undefined ? "lora" : namedRecipe(context, options.recipe),
      options.set,
    );
    const rendered = await axolotlOf({
      recipe,
      data: userPath(context, options.data),
      environment: context.environment,
      adapter: options.adapter,
      gpus: options.gpus,
      fsdp: options.fsdp,
      ...(options.base === undefined ? {} : { base: namedBase(context, options.base) }),
    });
    const out = options.out === undefined ? undefined : userPath(context, options.out);
    if (out !== undefined) {
      const there = rendered.files.find(({ name }) => existsSync(join(out, name)));
      if (there !== undefined)
        throw new TrainingReadyError("E_TRAIN_OUT_EXISTS", `${join(out, there.name)} exists`, {
          exitCode: 1,
        });
      await mkdir(out, { recursive: true });
      for (const { name, text } of rendered.files) await writeFileAtomic(join(out, name), text);
    }
    return { exitCode: 0, document: { ...rendered, out: out ?? null }, text: formatAxolotl(rendered, out) };
  },
});
