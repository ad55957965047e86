import { createReadStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  benchProfiles,
  evaluateScreen,
  defaultContext,
  measureLoad,
  measureOptimizer,
  type LabelledText,
  type Slo,
} from "../inference/index.ts";
import { readSafety } from "../safety/index.ts";
import { readJsonLines, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { defineCommand, type CommandContext, type CommandResult } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { formatLoad, formatOptimizer, formatScreen } from "./bench.format.ts";
import { servedModel } from "./serve-model.ts";

const row = z.object({
  text: z.string(),
  label: z.enum(["none", "watch", "elevated", "imminent"]),
  language: z.string().nullish(),
  category: z.string().nullish(),
});

function sloOf(text: string | undefined): Slo {
  const slo: Slo = {};
  for (const part of (text ?? "").split(",").filter((one) => one !== "")) {
    const [, key, value] = /^(ttft|itl)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    if (key === undefined)
      throw new TrainingReadyError("E_CLI_ARGUMENT", `--slo does not take ${JSON.stringify(part)}`, {
        hint: "Write for example ttft=800,itl=60, in milliseconds.",
      });
    slo[key as keyof Slo] = Number(value);
  }
  return slo;
}

async function labelled(path: string): Promise<LabelledText[]> {
  if (!existsSync(path))
    throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist`, { exitCode: 1 });
  const items: LabelledText[] = [];
  for await (const line of readJsonLines(createReadStream(path))) {
    const parsed = row.safeParse(line.ok ? line.value : undefined);
    if (!parsed.success)
      throw new TrainingReadyError("E_INPUT", `${path}: line ${line.line} has no text and label`, {
        exitCode: 1,
        hint: "Each line is {text, label} with a label of none, watch, elevated or imminent.",
      });
    const { text, label, language, category } = parsed.data;
    items.push({ text, label, ...(language ? { language } : {}), ...(category ? { category } : {}) });
  }
  if (items.length === 0) throw new TrainingReadyError("E_INPUT", `${path} holds no text`, { exitCode: 1 });
  return items;
}

async function saved(
  result: CommandResult,
  out: string | undefined,
  context: CommandContext,
): Promise<CommandResult> {
  if (out === undefined) return result;
  const folder = userPath(context, out);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, "bench.json"), `${JSON.stringify(result.document, null, 2)}\n`);
  await writeFileAtomic(join(folder, "bench.md"), result.text);
  return result;
}

export default defineCommand({
  name: "bench",
  summary: "Measure a server's speed, the risk screen on labelled texts, or how well serve tunes a model",
  options: z.strictObject({
    target: z.string().optional().meta({ description: "an OpenAI-compatible server", value: "URL" }),
    direct: z.string().optional().meta({ description: "the engine beside it, measured too", value: "URL" }),
    profile: z.enum(benchProfiles).default("replay").meta({ description: "how the load comes" }),
    slo: z.string().optional().meta({ description: "limits in milliseconds", value: "ttft=800,itl=60" }),
    safety: z.string().optional().meta({ description: "JSON Lines of text and label", value: "FILE" }),
    optimizer: z.boolean().default(false).meta({
      description:
        "with --model: what the probe of serve chooses, beside a whole grid of threads and batches",
    }),
    model: z.string().optional().meta({
      description: "with --optimizer: a GGUF file, a folder with one, or a finished run",
      value: "RUN|FILE.gguf",
    }),
    home: z.string().optional().meta({
      description: "with --safety: a home whose thresholds count; those that ship if not given",
      value: "DIR",
    }),
    requests: z.int().min(1).max(100_000).default(40).meta({ description: "requests of each load" }),
    maxTokens: z.int().min(1).max(4096).default(64).meta({ description: "tokens of each reply" }),
    out: z.string().optional().meta({ description: "folder for bench.json and bench.md", value: "DIR" }),
  }),
  examples: [
    {
      line: "training-ready bench --target http://127.0.0.1:8080",
      does: "asks one by one and tells the percentiles",
    },
    {
      line: "training-ready bench --optimizer --model my.gguf",
      does: "says what the probe of serve chooses and how near it is to the best of a grid",
    },
    {
      line: "training-ready bench --safety labelled.jsonl",
      does: "tells recall and false positives of the risk screen",
    },
  ],
  async run({ options }, context) {
    const { target, direct, profile, safety, requests, maxTokens, out } = options;
    const { optimizer, model } = options;
    if ([target !== undefined, safety !== undefined, optimizer].filter(Boolean).length !== 1)
      throw new TrainingReadyError(
        "E_CLI_ARGUMENT",
        "bench needs --target, --safety or --optimizer, one of them",
      );
    if (optimizer !== (model !== undefined))
      throw new TrainingReadyError("E_CLI_ARGUMENT", "--optimizer and --model go together");
    if (options.home !== undefined && safety === undefined)
      throw new TrainingReadyError("E_CLI_ARGUMENT", "--home goes with --safety");
    if (safety !== undefined) {
      const items = await labelled(userPath(context, safety));
      const home = options.home === undefined ? undefined : await readSafety(userPath(context, options.home));
      const evaluation = evaluateScreen(items, home?.configuration.thresholds);
      const document = { version: 1, ...evaluation };
      return saved({ exitCode: 0, document, text: formatScreen(evaluation) }, out, context);
    }
    if (model !== undefined) {
      const path = await servedModel(context, model);
      const report = await measureOptimizer(path, { context: defaultContext });
      const document = { version: 1, optimizer: report };
      return saved({ exitCode: 0, document, text: formatOptimizer(report) }, out, context);
    }
    const report = await measureLoad({
      target: target as string,
      profile,
      slo: sloOf(options.slo),
      requests,
      maxTokens,
      ...(direct === undefined ? {} : { direct }),
    });
    const hasFailed = report.samples.every(({ ok }) => !ok);
    return saved(
      { exitCode: hasFailed ? 1 : 0, document: { version: 1, ...report }, text: formatLoad(report) },
      out,
      context,
    );
  },
});
