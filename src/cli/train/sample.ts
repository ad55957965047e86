import { z } from "zod";
import { visibleText } from "../../shared/index.ts";
import { checkRun, sampleRun, trainerPython } from "../../training/index.ts";
import { defineCommand } from "../framework/command.ts";
import { namedRun, trainFlags } from "./flags.ts";

// Synthetic prompts, nobody's words.
const prompts = ["hello, where should i begin?", "hello, i feel tired because of work."];

export default defineCommand({
  name: "sample",
  summary: "Let base and tuned model answer the same prompts",
  arguments: [{ name: "RUN", description: "the run folder" }],
  options: z.strictObject({
    home: trainFlags.home,
    run: trainFlags.run,
    prompt: z
      .array(z.string())
      .default([])
      .meta({ description: "a prompt; default two synthetic ones", value: "TEXT" }),
    tokens: z.number().int().positive().default(64).meta({ description: "longest reply in tokens" }),
  }),
  examples: [
    { line: 'training-ready train sample runs/tiny-001 --prompt "hello"', does: "prints both replies" },
  ],
  async run({ options, arguments: words }, context) {
    const run = namedRun(context, words, options.run);
    checkRun(run);
    const python = await trainerPython({ environment: context.environment, notice: context.notice });
    const samples = await sampleRun({
      run,
      python,
      environment: context.environment,
      signal: context.signal,
      log: context.notice,
      prompts: options.prompt.length > 0 ? options.prompt : prompts,
      tokens: options.tokens,
    });
    const text = samples
      .map(
        ({ prompt, base, tuned }) =>
          `> ${visibleText(prompt)}\nbase:  ${visibleText(base)}\ntuned: ${visibleText(tuned)}\n`,
      )
      .join("\n");
    return { exitCode: 0, document: { samples }, text };
  },
});
