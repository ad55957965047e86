import type { MetricsSnapshot } from "../../inference/index.ts";

/** The worker processes of one `serve`, counted together. */
export type FleetState = {
  wanted: number;
  ready: number;
  /** How often one that had ended was started again. */
  restarts: number;
  /** Replies that are being made, and requests that wait for a slot, in all of them. */
  active: number;
  queued: number;
};

/** What one process says of itself to the others. */
export type ProcessReport = { active: number; queued: number; metrics: MetricsSnapshot };

export type Reloaded = { policy: string; signedOff: boolean };

/** What operators see of a whole service and can have done to it, however many processes it is. */
export type Control = {
  metrics: () => Promise<MetricsSnapshot>;
  /** Undefined where one process serves alone. */
  fleet: () => Promise<FleetState | undefined>;
  /** Finishes what runs, refuses what comes, then ends. */
  drain: () => Promise<void>;
  /** Reads texts, thresholds, help lines and sign-off anew; keeps the old ones if they are refused. */
  reload: () => Promise<Reloaded>;
  /** Replaces the processes one by one; false where there is one alone. */
  restart: () => Promise<boolean>;
};
