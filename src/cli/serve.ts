import { z } from "zod";
import { defaultContext, planServing } from "../inference/index.ts";
import { serveProgress, startInference } from "../service/index.ts";
import { createLog, tool, TrainingReadyError, type ExitCode } from "../shared/index.ts";
import { defineCommand, type CommandContext } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { servedModel } from "./serve-model.ts";
import { formatPlan } from "./serve.format.ts";

async function stopped(context: CommandContext): Promise<void> {
  await new Promise<void>((stop) => {
    if (context.signal.aborted) stop();
    else context.signal.addEventListener("abort", () => stop(), { once: true });
  });
}

async function serveTracker(
  options: { home: string; host: string; port: number },
  context: CommandContext,
): Promise<ExitCode> {
  const home = userPath(context, options.home);
  const log = createLog({ write: (line) => context.notice(line.trimEnd()) });
  const service = await serveProgress({ home, host: options.host, port: options.port, log });
  const { url } = service;
  context.print(
    context.json ? `${JSON.stringify({ version: 1, tool, url, only: "progress" })}\n` : `${url}\n`,
  );
  await stopped(context);
  await service.close();
  return 0;
}

export default defineCommand({
  name: "serve",
  summary: "Serve a model over HTTP with a risk screen before it, or the progress tracker",
  description:
    "Prints its address once it answers and goes on until it is stopped; logs go to stderr. Safety texts and thresholds are drafts that a clinician must sign off; until then only this machine is bound.",
  options: z.strictObject({
    home: z.string().default(".").meta({ description: "the training home", value: "DIR" }),
    model: z
      .string()
      .optional()
      .meta({ description: "a GGUF file, a folder with one, or a finished run", value: "RUN|FILE.gguf" }),
    engine: z.string().optional().meta({ description: "an OpenAI-compatible server instead", value: "URL" }),
    engineKind: z
      .enum(["auto", "openai", "llama-server", "vllm"])
      .default("auto")
      .meta({ description: "what stands behind --engine" }),
    name: z.string().optional().meta({ description: "name of the model in answers", value: "ID" }),
    host: z.string().default("127.0.0.1").meta({ description: "address to bind", value: "ADDRESS" }),
    port: z.int().min(0).max(65_535).default(8080).meta({ description: "port; 0 takes a free one" }),
    slots: z.int().min(1).max(64).optional().meta({ description: "replies at a time" }),
    context: z.int().min(16).max(1_000_000).optional().meta({ description: "tokens of a conversation" }),
    state: z
      .string()
      .optional()
      .meta({ description: "folder for what is kept; nothing is kept on disk yet", value: "DIR" }),
    dryRun: z.boolean().default(false).meta({ description: "print what serving would take, and end" }),
    only: z.enum(["inference", "progress"]).optional().meta({ description: "serve this part alone" }),
  }),
  examples: [
    {
      line: "training-ready serve --model my.gguf --port 0",
      does: "serves a GGUF file on a free port of this machine",
    },
    {
      line: "training-ready serve --engine http://127.0.0.1:8000",
      does: "puts the screen before an engine that runs",
    },
    {
      line: "training-ready serve --only progress --home training_ready --port 0",
      does: "serves the tracker on a free port of this machine",
    },
  ],
  async run({ options }, context) {
    if (options.only === "progress") return await serveTracker(options, context);
    const { model, engine, engineKind, name, host, port, slots, context: tokens } = options;
    if (options.dryRun) {
      if (model === undefined)
        throw new TrainingReadyError(
          "E_SERVE_OPTIONS",
          "--dry-run plans a --model; an engine plans for itself",
        );
      const plan = await planServing(await servedModel(context, model), {
        context: tokens ?? defaultContext,
        slots: slots ?? 1,
      });
      return { exitCode: 0, document: { version: 1, plan }, text: formatPlan(plan) };
    }
    if (options.state !== undefined)
      context.notice("serve: nothing is kept on disk yet, --state is not used");
    const running = await startInference({
      host,
      port,
      engineKind,
      notice: context.notice,
      ...(model === undefined ? {} : { model: await servedModel(context, model) }),
      ...(engine === undefined ? {} : { engine }),
      ...(name === undefined ? {} : { name }),
      ...(slots === undefined ? {} : { slots }),
      ...(tokens === undefined ? {} : { context: tokens }),
    });
    const { close, ...facts } = running;
    context.print(context.json ? `${JSON.stringify({ version: 1, tool, ...facts })}\n` : `${running.url}\n`);
    await stopped(context);
    await close();
    return 0;
  },
});
