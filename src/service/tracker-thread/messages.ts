import type { Failure } from "../failure.ts";
import type { Caller } from "../inference/caller.ts";
import type { Detection, TurnReport } from "../inference/hand-over.ts";

/** What a tracker in a thread is started with. */
export type TrackerData = {
  home: string;
  host: string;
  /** Socket that its HTTP app listens on. */
  socket: string;
  /** Raised with each answer to a call. */
  signal: SharedArrayBuffer;
};

/** What the service asks and waits for, though not for long. */
export type TrackerCall =
  | { id: number; kind: "turn"; tenant: string; turn: TurnReport }
  | { id: number; kind: "detection"; tenant: string; detection: Detection }
  | { id: number; kind: "token"; token: string };

/** A caller as it crosses threads. */
export type SentCaller = Omit<Caller, "scopes"> & { scopes: string[] };

export type TrackerAnswer = { id: number } & (
  | { value: "stored" | "refused" | "queued" | SentCaller | null }
  | { code: string | undefined; message: string }
);

/** What the service tells and does not wait for. */
export type TrackerOrder =
  | { kind: "listens"; url: string }
  /** Folder of the inference service's own state: erasing a client erases there too. */
  | { kind: "state"; folder: string }
  | { kind: "close" };

/** What the thread tells. */
export type TrackerNews =
  | { kind: "ready" }
  | ({ kind: "failed" } & Failure)
  | { kind: "log"; line: string }
  | { kind: "closed" };
