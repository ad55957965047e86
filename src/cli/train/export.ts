import { z } from "zod";
import { checkRun, exportFormats, exportRun, trainerPython } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { formatExport } from "./export.format.ts";
import { namedRun, trainFlags } from "./flags.ts";

export default defineCommand({
  name: "export",
  summary: "Write a finished run in a form that others load",
  description:
    "hf: a folder for Transformers (a plain Mixtral or Qwen3-MoE for experts); dense: experts averaged by their load; " +
    "adapters: PEFT folders; gguf: a file for llama.cpp, compared with the trained model before it is put in place. K-quants (Q4_K_M and others): export F32 or BF16 and run llama.cpp's llama-quantize on the file; what that costs is not proven here.",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({
    home: trainFlags.home,
    run: trainFlags.run,
    format: z.enum(exportFormats).meta({ description: "what to write" }),
    quantize: z
      .enum(["F32", "F16", "BF16", "Q8_0"])
      .optional()
      .meta({ description: "type of the matrices; default F32 for gguf, else the base's" }),
    out: z.string().meta({ description: "a new folder", value: "DIR" }),
  }),
  writes: true,
  examples: [
    {
      line: "training-ready train export runs/tiny-001 --format hf --out models/tiny",
      does: "writes a folder for Transformers",
    },
    {
      line: "training-ready train export runs/tiny-001 --format gguf --quantize Q8_0 --out models/gguf",
      does: "writes a GGUF file",
    },
  ],
  async run({ options, arguments: words }, context) {
    const run = namedRun(context, words, options.run);
    checkRun(run);
    const python = await trainerPython({ environment: context.environment, notice: context.notice });
    const result = await exportRun({
      run,
      python,
      environment: context.environment,
      signal: context.signal,
      log: context.notice,
      format: options.format,
      out: userPath(context, options.out),
      ...(options.quantize === undefined ? {} : { quantize: options.quantize }),
    });
    return { exitCode: 0, document: result, text: formatExport(result) };
  },
});
