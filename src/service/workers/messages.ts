import type { Failure, Settled } from "../failure.ts";
import type { InferenceOptions, ServedFacts } from "../inference/start.ts";
import type { FleetState, ProcessReport, Reloaded } from "../inference/control.ts";
import type { MetricsSnapshot } from "../../inference/index.ts";

/** What a worker process serves with: as for one alone, but for what cannot cross to it. */
export type WorkerOptions = Omit<
  InferenceOptions,
  | "progress"
  | "loopDelayMs"
  | "control"
  | "entrance"
  | "onDrainAsked"
  | "takesOver"
  | "onTakenOver"
  | "notice"
>;

/** Where a connection is in an exchange, as far as the first process has to know to speak for a worker that died. */
export type Phase = "idle" | "asked" | "streaming";

/** What a worker can ask the first process for. */
export type Question = "metrics" | "fleet" | "drain" | "reload" | "restart";
export type AnswerOf = {
  metrics: MetricsSnapshot;
  fleet: FleetState;
  drain: null;
  reload: Reloaded;
  restart: boolean;
};

/** From the process that listens to one that serves. A `connection` comes with its socket. */
export type ToWorker =
  | { type: "start"; options: WorkerOptions; url: string; admin: string | undefined }
  | { type: "connection"; id: number; door: "public" | "admin" | "both" }
  | { type: "report"; ask: number }
  | { type: "reload"; ask: number }
  | { type: "answer"; ask: number; settled: Settled<unknown> }
  /** Refuse what comes and finish what runs. */
  | { type: "drain" }
  /** End: after a drain at once, else as soon as whoever is connected is served. */
  | { type: "end" };

export type FromWorker =
  | { type: "ready"; facts: ServedFacts }
  | { type: "refused"; failure: Failure }
  | { type: "phase"; id: number; phase: Phase; requestId: string }
  | { type: "closed"; id: number }
  /** Nothing was asked on it since: another worker may serve it. */
  | { type: "released"; id: number }
  | { type: "report"; ask: number; report: ProcessReport }
  | { type: "reloaded"; ask: number; settled: Settled<Reloaded> }
  | { type: "question"; ask: number; about: Question }
  | { type: "drained" };
