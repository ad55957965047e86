import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import {
  Admission,
  anyTenant,
  connectEngine,
  defaultContext,
  engineGuard,
  joinRedis,
  localLocks,
  oneTenant,
  RateLimits,
  Replays,
  startLlama,
  watchLoopDelay,
  type Engine,
  type EngineKind,
  type Guard,
  type KeyRegistry,
  type SharedService,
  type State,
  type Tenancy,
} from "../../inference/index.ts";
import { createLog, TrainingReadyError, type Log } from "../../shared/index.ts";
import type { OpenProgress } from "../serve-progress.ts";
import { checkExposure, isLoopback } from "./exposure.ts";
import type { Limits, ReplyEvent } from "./generate-reply.ts";
import { openKeeping } from "./keeping.ts";
import { serviceMetrics } from "./service-metrics.ts";
import { turnCancelled } from "./reply-source.ts";
import { createInferenceServer } from "./server.ts";
import { openSafety, type ServedSafety } from "./served-safety.ts";
import type { Service } from "./service.ts";
import { trackerOf, type Tracker } from "./tracker.ts";

export type InferenceOptions = {
  /** A GGUF file. */
  model?: string;
  /** Base URL of an OpenAI-compatible server. */
  engine?: string;
  engineKind?: EngineKind;
  name?: string;
  host: string;
  port: number;
  slots?: number;
  context?: number;
  /** Redis that the processes before one engine share their limits, locks and kept replies through. */
  redis?: string;
  /** A guard model that reads turns beside the screen: base URL of a server, or a GGUF file. */
  guard?: string;
  /** Milliseconds that a reply waits for the guard. */
  guardMs?: number;
  /** Folder for what is kept; without one nothing is. */
  state?: string;
  /** The home whose safety configuration and sign-off count; without one the drafts, unsigned. */
  safetyHome?: string;
  /** Days after its last use that a session is kept. */
  keepDays?: number;
  /** A tracker to serve on the same port and hand turns to. */
  progress?: OpenProgress | Tracker;
  /** Cache folder of what earlier probes of models found; without it a model is not probed. */
  probes?: string;
  /** How long the engine may take; by default less for a server than for a model on this machine's CPU. */
  limits?: Limits;
  /** How many requests may wait for a slot, and how long. */
  queue?: { most: number; waitMs: number };
  /** Delay of the event loop at the 99th percentile; by default it is measured. */
  loopDelayMs?: () => number;
  notice: (text: string) => void;
};

export type RunningInference = {
  url: string;
  model: string;
  engine: string;
  context: number;
  slots: number;
  signedOff: boolean;
  /** What the service keeps, for whoever runs it in its own process. */
  state: () => State | undefined;
  /** Finishes what runs, refuses what comes, then ends; hard after the deadline. */
  close: () => Promise<void>;
};

const queueLimits = { most: 64, waitMs: 10_000 };
const drainMs = 30_000;

const serverLimits = { firstTokenMs: 15_000, nextTokenMs: 10_000, totalMs: 120_000 };
// A CPU reads a long prompt slowly, so the first token may take longer than from a server with a GPU.
const cpuLimits = { firstTokenMs: 60_000, nextTokenMs: 10_000, totalMs: 300_000 };

async function engineOf(options: InferenceOptions): Promise<Engine> {
  const { model, engine, notice, context = defaultContext } = options;
  if (model !== undefined && engine !== undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "--model and --engine are both given");
  if (model !== undefined)
    return startLlama({
      path: await modelFile(model),
      context,
      slots: options.slots ?? 1,
      notice,
      ...(options.probes === undefined ? {} : { probes: options.probes }),
    });
  if (engine === undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "no model and no engine is named");
  return connectEngine({
    url: engine,
    kind: options.engineKind ?? "auto",
    context,
    slots: options.slots ?? 8,
    notice,
    ...(options.name === undefined ? {} : { wanted: options.name }),
  });
}

async function guardOf({ guard, guardMs = 400, notice }: InferenceOptions): Promise<Guard | undefined> {
  if (guard === undefined) return undefined;
  const engine = /^https?:/u.test(guard)
    ? await connectEngine({ url: guard, kind: "auto", context: defaultContext, slots: 8, notice })
    : await startLlama({ path: await modelFile(guard), context: defaultContext, slots: 1, notice });
  return engineGuard(engine, guardMs);
}

/** A folder stands for the one GGUF file in it. */
export async function modelFile(path: string): Promise<string> {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const files = (await readdir(path)).filter((name) => name.endsWith(".gguf"));
  const [only] = files;
  if (files.length === 1 && only !== undefined) return join(path, only);
  throw new TrainingReadyError(
    "E_SERVE_OPTIONS",
    files.length === 0
      ? `${basename(path)} holds no GGUF file`
      : `${basename(path)} holds ${files.length} GGUF files`,
    {
      exitCode: 1,
      hint: "Name one file; `training-ready train export RUN --format gguf --out DIR` writes one from a run.",
    },
  );
}

async function listen(
  service: Service,
  host: string,
  port: number,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createInferenceServer(service);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new TrainingReadyError("E_PORT", `${host}:${port} cannot be bound (${cause.code ?? "unknown"})`, {
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      server.closeIdleConnections();
      await ended;
      clearInterval(sweep);
    },
  };
}

async function drained(service: Service): Promise<void> {
  const until = Date.now() + drainMs;
  while (service.active.size > 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const scope of service.active) scope.abort();
}

const tickMs = 1000;

/** Starts an engine and the HTTP service before it. Throws the catalogue's `E_SERVE_…` codes. */
export async function startInference(options: InferenceOptions): Promise<RunningInference> {
  const { host, port, model, notice } = options;
  const served = model === undefined ? undefined : await modelFile(model);
  const safety = await openSafety({ home: options.safetyHome, model: served, notice });
  await checkExposure(options, safety);
  const log = createLog({ write: (line) => notice(line.trimEnd()) });
  if (options.redis !== undefined && options.engine === undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "--redis joins processes before one --engine", {
      hint: "With --model each process would load the model: serve it once, and put --engine URL before it.",
    });
  const engine = await engineOf(options);
  const modelId =
    options.name ?? (model === undefined ? engine.info.model : basename(model).replace(/\.gguf$/i, ""));
  const loop = watchLoopDelay();
  let keep: Awaited<ReturnType<typeof openKeeping>> | undefined;
  let shared: SharedService<ReplyEvent> | undefined;
  let guard: Guard | undefined;
  try {
    const { progress } = options;
    const tracker = progress === undefined || "link" in progress ? progress : trackerOf(progress);
    keep = await openKeeping({
      folder: options.state,
      link: tracker?.link,
      model: modelId,
      log,
      isShared: options.redis !== undefined,
    });
    if (options.redis !== undefined)
      shared = await joinRedis({
        url: options.redis,
        engine: options.engine ?? "",
        secret: keep.state?.index("redis", "replays"),
        notice,
      });
    guard = await guardOf(options);
    const tenancy = tenancyOf({ engine, guard, keys: keep.keys, shared });
    const service = serviceOf(options, {
      loopDelayMs: options.loopDelayMs ?? loop.p99Ms,
      tenancy,
      engine,
      modelId,
      log,
      keep,
      tracker,
      safety,
      shared,
      guard,
    });
    await shared?.onCancel((turn) => service.liveTurns.get(turn)?.scope.abort(turnCancelled()));
    const listening = await listen(service, host, port);
    tracker?.listensAt(listening.url);
    if (keep.state !== undefined) tracker?.keepsStateIn(keep.state);
    const stopKeeping = keep.start({ keepDays: options.keepDays ?? 30, everyMs: tickMs });
    const { kind, context, slots } = engine.info;
    return {
      url: listening.url,
      model: modelId,
      engine: kind,
      context,
      slots,
      signedOff: safety.signOff !== undefined,
      state: () => service.state,
      async close() {
        service.isDraining = () => true;
        await drained(service);
        await listening.close();
        await engine.stop();
        await guard?.stop();
        await shared?.close();
        loop.stop();
        stopKeeping();
      },
    };
  } catch (error) {
    await engine.stop();
    await guard?.stop();
    await shared?.close();
    loop.stop();
    keep?.close();
    throw error;
  }
}

/** Throws `E_SERVE_TENANTS` where keys of several tenants meet an engine that does not keep them apart. */
function tenancyOf(parts: {
  engine: Engine;
  guard: Guard | undefined;
  keys: KeyRegistry | undefined;
  shared: SharedService<ReplyEvent> | undefined;
}): Tenancy {
  const { engine, guard, keys, shared } = parts;
  const kind =
    engine.info.kvIsolation === "none" ? engine.info.kind : guard?.isIsolated === false ? guard.kind : null;
  if (kind === null) return anyTenant;
  const tenants = keys?.tenants() ?? [];
  const [first] = tenants;
  if (tenants.length > 1)
    throw new TrainingReadyError(
      "E_SERVE_TENANTS",
      `keys of ${tenants.length} tenants (${tenants.slice(0, 5).join(", ")}) are for one engine (${kind}) whose prompt cache all share`,
    );
  return shared?.tenancy(first) ?? oneTenant(first);
}

function serviceOf(
  options: InferenceOptions,
  parts: {
    loopDelayMs: () => number;
    tenancy: Tenancy;
    engine: Engine;
    modelId: string;
    log: Log;
    keep: Awaited<ReturnType<typeof openKeeping>>;
    tracker: Tracker | undefined;
    safety: ServedSafety;
    shared: SharedService<ReplyEvent> | undefined;
    guard: Guard | undefined;
  },
): Service {
  const { loopDelayMs, tenancy, engine, modelId, log, keep, tracker, safety, shared, guard } = parts;
  const queue = options.queue ?? queueLimits;
  const made: Omit<Service, "metrics"> = {
    engine,
    modelId,
    log,
    admission: shared?.slots(engine.info.slots, queue) ?? new Admission(engine.info.slots, queue),
    keeping: keep.keeping,
    safety,
    rate: shared?.rate ?? new RateLimits(),
    locks: shared?.locks ?? localLocks(),
    shared,
    guard,
    judged: (what, outcome) =>
      service.metrics.count(what === "turn" ? "inference_guard_total" : "inference_guard_readings_total", {
        outcome,
      }),
    limits: options.limits ?? (options.model === undefined ? serverLimits : cpuLimits),
    isDraining: () => false,
    loopDelayMs,
    wasShed: () => service.metrics.count("inference_shed_total"),
    tenancy,
    createdAt: Math.floor(Date.now() / 1000),
    active: new Set(),
    authentication: {
      keys: keep.keys,
      others: tracker?.others,
      needsKey: !isLoopback(options.host),
      localTenant: "local",
    },
    replays: shared?.replays ?? new Replays<ReplyEvent>(),
    liveTurns: new Map(),
    state: keep.state,
    tracker,
    note: keep.note,
    moreOpenApi: () => tracker?.openApi(),
  };
  const service: Service = Object.assign(made, { metrics: serviceMetrics(made) });
  return service;
}
