import { basename } from "node:path";
import {
  Admission,
  anyTenant,
  joinRedis,
  localLocks,
  oneTenant,
  RateLimits,
  Replays,
  watchLoopDelay,
  type Engine,
  type Guard,
  type KeyRegistry,
  type SharedService,
  type State,
  type Tenancy,
} from "../../inference/index.ts";
import { createLog, TrainingReadyError, type Log } from "../../shared/index.ts";
import type { OpenProgress } from "../serve-progress.ts";
import type { Control, ProcessReport, Reloaded } from "./control.ts";
import { ownEntrance, type DoorServer, type Entrance, type Place } from "./entrance.ts";
import { checkExposure, isLoopback } from "./exposure.ts";
import type { Limits, ReplyEvent } from "./generate-reply.ts";
import { openKeeping } from "./keeping.ts";
import { serviceMetrics } from "./service-metrics.ts";
import { turnCancelled } from "./reply-source.ts";
import { createInferenceServer } from "./server.ts";
import { engineOf, guardOf, modelFile, type EngineOptions } from "./served-engine.ts";
import { openSafety, type ServedSafety } from "./served-safety.ts";
import type { Service } from "./service.ts";
import { trackerOf, type Tracker } from "./tracker.ts";

export type InferenceOptions = EngineOptions & {
  host: string;
  port: number;
  /** A door of their own for operators; the public one then carries none of their routes. */
  admin?: Place;
  /** Redis that the processes before one engine share their limits, locks and kept replies through. */
  redis?: string;
  /** Folder for what is kept; without one nothing is. */
  state?: string;
  /** The home whose safety configuration and sign-off count; without one the drafts, unsigned. */
  safetyHome?: string;
  /** Days after its last use that a session is kept. */
  keepDays?: number;
  /** A tracker to serve on the same port and hand turns to. */
  progress?: OpenProgress | Tracker;
  /** How long the engine may take; by default less for a server than for a model on this machine's CPU. */
  limits?: Limits;
  /** How many requests may wait for a slot, and how long. */
  queue?: { most: number; waitMs: number };
  /** Delay of the event loop at the 99th percentile; by default it is measured. */
  loopDelayMs?: () => number;
  /** What an operator may have done; of one among several processes it goes to all of them. */
  control?: (own: Control) => Control;
  /** Where connections come from; by default from sockets of this process. */
  entrance?: (doors: readonly DoorServer[]) => Entrance;
  /** An operator asked for the end. */
  onDrainAsked?: () => void;
};

export type ServedFacts = {
  url: string;
  /** Where operators are answered, if that is a door of their own. */
  admin?: string;
  model: string;
  engine: string;
  context: number;
  slots: number;
  signedOff: boolean;
};

export type RunningInference = ServedFacts & {
  /** What `serve` prints. */
  facts: ServedFacts;
  /** What the service keeps, for whoever runs it in its own process. */
  state: () => State | undefined;
  report: () => ProcessReport;
  reload: () => Promise<Reloaded>;
  /** Refuses what comes and finishes what runs; hard after the deadline. */
  drain: () => Promise<void>;
  /** Drains, then ends. */
  close: () => Promise<void>;
  /** Serves who is connected to the end, refuses nobody, then ends: another process takes what comes. */
  retire: () => Promise<void>;
};

const queueLimits = { most: 64, waitMs: 10_000 };
const drainMs = 30_000;

const serverLimits = { firstTokenMs: 15_000, nextTokenMs: 10_000, totalMs: 120_000 };
// A CPU reads a long prompt slowly, so the first token may take longer than from a server with a GPU.
const cpuLimits = { firstTokenMs: 60_000, nextTokenMs: 10_000, totalMs: 300_000 };

async function idle(service: Service): Promise<void> {
  const until = Date.now() + drainMs;
  while (service.active.size > 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const scope of service.active) scope.abort();
}

const tickMs = 1000;

/** The control of a process that serves alone. */
function ownControl(
  service: () => Service,
  options: InferenceOptions,
  reload: () => Promise<Reloaded>,
): Control {
  return {
    metrics: async () => service().metrics.snapshot(),
    fleet: async () => undefined,
    async drain() {
      service().isDraining = () => true;
      options.onDrainAsked?.();
    },
    reload,
    restart: async () => false,
  };
}

/** Starts an engine and the HTTP service before it. Throws the catalogue's `E_SERVE_…` codes. */
export async function startInference(options: InferenceOptions): Promise<RunningInference> {
  const { host, port, model, notice, admin } = options;
  const served = model === undefined ? undefined : await modelFile(model);
  const readSafety = async (): Promise<ServedSafety> => {
    const safety = await openSafety({ home: options.safetyHome, model: served, notice });
    await checkExposure(options, safety);
    return safety;
  };
  const safety = await readSafety();
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
    const reload = async (): Promise<Reloaded> => {
      service.safety = await readSafety();
      const { hash, signOff } = service.safety;
      log.info("safety reloaded", { policy: hash, signedOff: signOff !== undefined });
      return { policy: `sha256:${hash}`, signedOff: signOff !== undefined };
    };
    const own = ownControl(() => service, options, reload);
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
      control: options.control?.(own) ?? own,
    });
    await shared?.onCancel((turn) => service.liveTurns.get(turn)?.scope.abort(turnCancelled()));
    const doors: DoorServer[] = (
      admin === undefined ? (["both"] as const) : (["public", "admin"] as const)
    ).map((door) => ({ door, server: createInferenceServer(service, door) }));
    const entrance =
      options.entrance?.(doors) ?? (await ownEntrance(doors, { public: { host, port }, admin }));
    tracker?.listensAt(entrance.url);
    if (keep.state !== undefined) tracker?.keepsStateIn(keep.state);
    const stopKeeping = keep.start({ keepDays: options.keepDays ?? 30, everyMs: tickMs });
    const { kind, context, slots } = engine.info;
    const drain = async (): Promise<void> => {
      service.isDraining = () => true;
      await idle(service);
    };
    const end = async (): Promise<void> => {
      await entrance.close();
      await engine.stop();
      await guard?.stop();
      await shared?.close();
      loop.stop();
      stopKeeping();
    };
    const facts: ServedFacts = {
      url: entrance.url,
      ...(entrance.admin === undefined ? {} : { admin: entrance.admin }),
      model: modelId,
      engine: kind,
      context,
      slots,
      signedOff: safety.signOff !== undefined,
    };
    return {
      ...facts,
      facts,
      state: () => service.state,
      report: () => ({
        active: service.active.size,
        queued: service.admission.queued,
        metrics: service.metrics.snapshot(),
      }),
      reload,
      drain,
      async close() {
        await drain();
        await end();
      },
      async retire() {
        entrance.shut();
        await idle(service);
        await end();
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
    control: Control;
  },
): Service {
  const { loopDelayMs, tenancy, engine, modelId, log, keep, tracker, safety, shared, guard, control } = parts;
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
    judged: (outcome) => service.metrics.count("inference_guard_total", { outcome }),
    control,
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
