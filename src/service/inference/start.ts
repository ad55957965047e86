import { basename } from "node:path";
import {
  joinRedis,
  watchLoopDelay,
  type Guard,
  type SharedService,
  type State,
} from "../../inference/index.ts";
import { createLog, TrainingReadyError } from "../../shared/index.ts";
import type { OpenProgress } from "../serve-progress.ts";
import { demandSame, engineIdentity } from "../take-over/engine-identity.ts";
import { heirDoor, meetElder } from "../take-over/succession.ts";
import type { Control, ProcessReport, Reloaded } from "./control.ts";
import { ownEntrance, type DoorServer, type Entrance, type Place } from "./entrance.ts";
import { checkExposure } from "./exposure.ts";
import type { Limits, ReplyEvent } from "./generate-reply.ts";
import { openKeeping, type OpenKeeping } from "./keeping.ts";
import { ownParts, serviceOf, tenancyOf } from "./make-service.ts";
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
  /** False: nobody is refused since the event loop is late. */
  sheds?: boolean;
  /** Delay of the event loop at the 99th percentile; by default it is measured. */
  loopDelayMs?: () => number;
  /** What an operator may have done; of one among several processes it goes to all of them. */
  control?: (own: Control) => Control;
  /** Where connections come from; by default from sockets of this process. */
  entrance?: (doors: readonly DoorServer[]) => Entrance;
  /** An operator asked for the end. */
  onDrainAsked?: () => void;
  /** Takes the place of the process that serves from the state folder, once this one is ready. */
  takesOver?: boolean;
  /** Another process serves in this one's place: `retire` is due. */
  onTakenOver?: () => void;
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

const drainMs = 30_000;
const retireMs = 330_000; // longer than any reply may take

async function idle(service: Service, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
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
  const elder = options.takesOver === true ? await meetElder(options) : undefined;
  const engine = await engineOf(options).catch((error: unknown) => {
    elder?.part();
    throw error;
  });
  const modelId =
    options.name ?? (model === undefined ? engine.info.model : basename(model).replace(/\.gguf$/i, ""));
  const loop = watchLoopDelay();
  let keep: OpenKeeping | undefined;
  let shared: SharedService<ReplyEvent> | undefined;
  let guard: Guard | undefined;
  try {
    guard = await guardOf(options);
    const identity = await engineIdentity({ model: served, url: options.engine, modelId, info: engine.info });
    if (elder !== undefined) demandSame(elder.engine, await identity.now());
    const { progress } = options;
    const tracker = progress === undefined || "link" in progress ? progress : trackerOf(progress);
    keep = await openKeeping({
      folder: options.state,
      link: tracker?.link,
      model: modelId,
      log,
      isShared: options.redis !== undefined,
      isMine: elder === undefined,
    });
    if (options.redis !== undefined)
      shared = await joinRedis({
        url: options.redis,
        engine: options.engine ?? "",
        secret: keep.state?.index("redis", "replays"),
        notice,
      });
    const sharing = { engine, guard, keys: keep.keys, shared };
    const parts = ownParts();
    const reload = async (): Promise<Reloaded> => {
      service.safety = await readSafety();
      const { hash, signOff } = service.safety;
      log.info("safety reloaded", { policy: hash, signedOff: signOff !== undefined });
      return { policy: `sha256:${hash}`, signedOff: signOff !== undefined };
    };
    const own = ownControl(() => service, options, reload);
    const service = serviceOf(options, {
      loopDelayMs: options.sheds === false ? () => 0 : (options.loopDelayMs ?? loop.p99Ms),
      tenancy: tenancyOf(sharing),
      engine,
      modelId,
      log,
      keep,
      tracker,
      safety,
      shared,
      guard,
      control: options.control?.(own) ?? own,
      own: parts,
      cancelElsewhere:
        shared === undefined && elder === undefined
          ? undefined
          : (turn) => {
              shared?.cancel(turn);
              elder?.cancel(turn);
            },
    });

    await shared?.onCancel((turn) => service.liveTurns.get(turn)?.scope.abort(turnCancelled()));
    const doors: DoorServer[] = (
      admin === undefined ? (["both"] as const) : (["public", "admin"] as const)
    ).map((door) => ({ door, server: createInferenceServer(service, door) }));
    if (elder !== undefined) {
      // From here until the doors are bound nobody is let in.
      const handed = await elder.yieldPlace();
      keep.takeFolder();
      service.tenancy = tenancyOf({ ...sharing, before: handed.tenant });
      await elder.inherit(handed, { ...parts, slots: service.admission });
    }
    const entrance =
      options.entrance?.(doors) ??
      (await ownEntrance(doors, { public: elder?.place ?? { host, port }, admin }));
    elder?.served();
    tracker?.listensAt(entrance.url);
    if (keep.state !== undefined) tracker?.keepsStateIn(keep.state);
    const stopKeeping = keep.start({ keepDays: options.keepDays ?? 30, everyMs: tickMs });
    const door = await heirDoor({ options, service, entrance, keep, identity, parts, tracker });
    const { kind, context, slots } = engine.info;
    const drain = async (): Promise<void> => {
      service.isDraining = () => true;
      await idle(service, drainMs);
    };
    const end = async (): Promise<void> => {
      await entrance.close();
      door?.close();
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
        await idle(service, retireMs);
        await end();
      },
    };
  } catch (error) {
    elder?.part();
    await engine.stop();
    await guard?.stop();
    await shared?.close();
    loop.stop();
    keep?.close();
    throw error;
  }
}
