import {
  Admission,
  anyTenant,
  localLocks,
  oneTenant,
  RateLimits,
  Replays,
  type Engine,
  type Guard,
  type KeyRegistry,
  type LocalLocks,
  type SharedService,
  type Tenancy,
} from "../../inference/index.ts";
import { TrainingReadyError, type Log } from "../../shared/index.ts";
import type { Control } from "./control.ts";
import { isLoopback } from "./exposure.ts";
import type { ReplyEvent } from "./generate-reply.ts";
import type { OpenKeeping } from "./keeping.ts";
import { serviceMetrics } from "./service-metrics.ts";
import type { ServedSafety } from "./served-safety.ts";
import type { Service } from "./service.ts";
import type { InferenceOptions } from "./start.ts";
import type { Tracker } from "./tracker.ts";

/** What one process counts and remembers by itself, unless several share it. */
export type OwnParts = { rate: RateLimits; locks: LocalLocks; replays: Replays<ReplyEvent> };
export const ownParts = (): OwnParts => ({
  rate: new RateLimits(),
  locks: localLocks(),
  replays: new Replays<ReplyEvent>(),
});

const queueLimits = { most: 64, waitMs: 10_000 };

const serverLimits = { firstTokenMs: 15_000, nextTokenMs: 10_000, totalMs: 120_000 };
// A CPU reads a long prompt slowly, so the first token may take longer than from a server with a GPU.
const cpuLimits = { firstTokenMs: 60_000, nextTokenMs: 10_000, totalMs: 300_000 };

/** Throws `E_SERVE_TENANTS` where keys of several tenants meet an engine that does not keep them apart. */
export function tenancyOf(parts: {
  engine: Engine;
  guard: Guard | undefined;
  keys: KeyRegistry | undefined;
  shared: SharedService<ReplyEvent> | undefined;
  /** Whom the process before this one had kept the engine for. */
  before?: string | undefined;
}): Tenancy {
  const { engine, guard, keys, shared, before } = parts;
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
  return shared?.tenancy(first) ?? oneTenant(before ?? first);
}

/** Puts a service together. */
export function serviceOf(
  options: InferenceOptions,
  parts: {
    loopDelayMs: () => number;
    tenancy: Tenancy;
    engine: Engine;
    modelId: string;
    log: Log;
    keep: OpenKeeping;
    tracker: Tracker | undefined;
    safety: ServedSafety;
    shared: SharedService<ReplyEvent> | undefined;
    guard: Guard | undefined;
    control: Control;
    own: OwnParts;
    cancelElsewhere: Service["cancelElsewhere"];
  },
): Service {
  const { loopDelayMs, tenancy, engine, modelId, log, keep, tracker, safety, shared, guard, control, own } =
    parts;
  const queue = options.queue ?? queueLimits;
  const made: Omit<Service, "metrics"> = {
    engine,
    modelId,
    log,
    admission: shared?.slots(engine.info.slots, queue) ?? new Admission(engine.info.slots, queue),
    keeping: keep.keeping,
    safety,
    rate: shared?.rate ?? own.rate,
    locks: shared?.locks ?? own.locks,
    shared,
    guard,
    judged: (what, outcome) =>
      service.metrics.count(what === "turn" ? "inference_guard_total" : "inference_guard_readings_total", {
        outcome,
      }),
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
    replays: shared?.replays ?? own.replays,
    liveTurns: new Map(),
    cancelElsewhere: parts.cancelElsewhere,
    state: keep.state,
    tracker,
    note: keep.note,
    moreOpenApi: () => tracker?.openApi(),
  };
  const service: Service = Object.assign(made, { metrics: serviceMetrics(made) });
  return service;
}
