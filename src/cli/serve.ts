import { z } from "zod";
import { defaultContext, engineKinds, launchFlags, planServing, startLlama } from "../inference/index.ts";
import { databaseSetting } from "../progress/index.ts";
import {
  hasTracker,
  openProgress,
  serveProgress,
  startInference,
  stateFolder,
  startTracker,
  startWorkers,
  type OpenProgress,
  type ThreadTracker,
} from "../service/index.ts";
import { cacheFolder, createLog, tool, TrainingReadyError, type ExitCode } from "../shared/index.ts";
import { defineCommand, type CommandContext, type CommandResult } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { adminPlace } from "./serve/admin-place.ts";
import { checkTogether } from "./serve/together.ts";
import { servedModel } from "./serve-model.ts";
import { formatLaunch, formatPlan } from "./serve.format.ts";

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((stop) => {
    if (signal.aborted) stop();
    else signal.addEventListener("abort", () => stop(), { once: true });
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
  await aborted(context.signal);
  await service.close();
  return 0;
}

/** Says what serving would take: for a model from its header and a probe of three seconds, for an engine how to start it. */
async function dryRun(
  options: {
    model?: string | undefined;
    engine?: string | undefined;
    engineKind: string;
    slots?: number | undefined;
    context?: number | undefined;
  },
  context: CommandContext,
): Promise<CommandResult> {
  const wanted = { context: options.context ?? defaultContext, slots: options.slots ?? 1 };
  if (options.model === undefined) {
    if (options.engine === undefined)
      throw new TrainingReadyError("E_SERVE_OPTIONS", "--dry-run plans a --model or an --engine");
    const flags = launchFlags(options.engineKind, { ...wanted, slots: options.slots ?? 8 });
    return {
      exitCode: 0,
      document: { version: 1, engineKind: options.engineKind, launch: flags ?? null },
      text: formatLaunch(options.engineKind, flags),
    };
  }
  const path = await servedModel(context, options.model);
  const probes = cacheFolder(context.environment);
  const engine = await startLlama({ path, ...wanted, probes, notice: context.notice });
  const { probed, tuning } = engine;
  await engine.stop();
  const plan = await planServing(path, { ...wanted, tuning, probed });
  return { exitCode: 0, document: { version: 1, plan }, text: formatPlan(plan) };
}

/** The home's tracker, served on the same port, if it has one. */
async function trackerOf(
  home: string,
  { host }: { host: string },
  context: CommandContext,
): Promise<OpenProgress | ThreadTracker | undefined> {
  if (!(await hasTracker(home))) return undefined;
  const write = (line: string): void => context.notice(line.trimEnd());
  const log = createLog({ write });
  // Who waits for a server must not hold up the model's replies.
  if ((await databaseSetting(home)).kind === "postgres")
    return await startTracker({ home, host, log, write });
  return await openProgress({ home, host, log });
}

export default defineCommand({
  name: "serve",
  summary: "Serve a model over HTTP with a risk screen before it, and the home's progress tracker",
  description:
    "Prints its address once it answers and goes on until it is stopped; logs go to stderr. A home with a tracker gets it on the same port, and is handed the turns of its clients. Safety texts, thresholds and numbers are drafts until a clinician signs those of the home (`serve safety sign`); until then only this machine is bound.",
  options: z.strictObject({
    home: z.string().default(".").meta({ description: "the training home", value: "DIR" }),
    model: z
      .string()
      .optional()
      .meta({ description: "a GGUF file, a folder with one, or a finished run", value: "RUN|FILE.gguf" }),
    engine: z.string().optional().meta({ description: "an OpenAI-compatible server instead", value: "URL" }),
    engineKind: z.enum(engineKinds).default("auto").meta({ description: "what stands behind --engine" }),
    name: z.string().optional().meta({
      description: "name of the model in answers; chooses one where --engine lists several",
      value: "ID",
    }),
    host: z.string().default("127.0.0.1").meta({ description: "address to bind", value: "ADDRESS" }),
    port: z.int().min(0).max(65_535).default(8080).meta({ description: "port; 0 takes a free one" }),
    slots: z.int().min(1).max(1024).optional().meta({ description: "replies at a time" }),
    context: z.int().min(16).max(1_000_000).optional().meta({ description: "tokens of a conversation" }),
    admin: z.string().optional().meta({
      description:
        "a door of their own for operators: metrics, drain, reload, review; a loopback port or address, or the path of a Unix socket. The public port then carries none of it",
      value: "[ADDRESS:]PORT|SOCKET",
    }),
    workers: z.int().min(1).max(64).default(1).meta({
      description:
        "serving processes on the one port; more than one needs --engine, --redis and --state, and replaces those that end",
    }),
    redis: z.string().optional().meta({
      description:
        "Redis through which several processes before one --engine share limits, the engine's slots, sessions' turn order and kept replies",
      value: "URL",
    }),
    guard: z.string().optional().meta({
      description:
        "a guard model (Llama Guard 3, Qwen3Guard) that reads each turn beside the screen, and the model's words before they are shown; off without it",
      value: "URL|FILE.gguf",
    }),
    guardMs: z
      .int()
      .min(10)
      .max(60_000)
      .default(400)
      .meta({ description: "milliseconds that a reply waits for the guard" }),
    state: z.string().optional().meta({
      description:
        "folder for keys, sessions, ledger and outbox; HOME/inference if the home has a tracker or keys",
      value: "DIR",
    }),
    keepDays: z
      .int()
      .min(1)
      .max(3660)
      .default(30)
      .meta({ description: "days that a session is kept after its last turn" }),
    takeOver: z.boolean().default(false).meta({
      description:
        "take the place of the process that serves from this --state, once this one is ready; that one finishes what it has begun",
    }),
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
    if (options.dryRun) return await dryRun(options, context);
    const home = userPath(context, options.home);
    const state = await stateFolder(
      home,
      options.state === undefined ? undefined : userPath(context, options.state),
    );
    const serving = {
      host,
      port,
      engineKind,
      ...(options.admin === undefined ? {} : { admin: adminPlace(context, options.admin) }),
      safetyHome: home,
      keepDays: options.keepDays,
      probes: cacheFolder(context.environment),
      ...(state === undefined ? {} : { state }),
      ...(options.guard === undefined
        ? {}
        : {
            guard: /^https?:/u.test(options.guard) ? options.guard : userPath(context, options.guard),
            guardMs: options.guardMs,
          }),
      ...(options.redis === undefined ? {} : { redis: options.redis }),
      ...(model === undefined ? {} : { model: await servedModel(context, model) }),
      ...(engine === undefined ? {} : { engine }),
      ...(name === undefined ? {} : { name }),
      ...(slots === undefined ? {} : { slots }),
      ...(tokens === undefined ? {} : { context: tokens }),
    };
    const drain = new AbortController();
    const asked = { notice: context.notice, onDrainAsked: () => drain.abort() };
    await checkTogether(home, options);
    let tracker: OpenProgress | ThreadTracker | undefined;
    const taken = new AbortController();
    let running: { facts: { url: string }; close: () => Promise<void>; retire?: () => Promise<void> };
    if (options.workers > 1) running = await startWorkers({ count: options.workers, serving, ...asked });
    else
      try {
        tracker = options.only === "inference" ? undefined : await trackerOf(home, options, context);
        running = await startInference({
          ...serving,
          ...asked,
          takesOver: options.takeOver,
          onTakenOver: () => taken.abort(),
          ...(tracker === undefined ? {} : { progress: tracker }),
        });
      } catch (error) {
        await tracker?.close();
        throw error;
      }
    const { facts } = running;
    const until = AbortSignal.any([context.signal, drain.signal, taken.signal]);
    context.print(context.json ? `${JSON.stringify({ version: 1, tool, ...facts })}\n` : `${facts.url}\n`);
    await aborted(until);
    await (taken.signal.aborted && running.retire !== undefined ? running.retire() : running.close());
    await tracker?.close();
    return 0;
  },
});
