import type { SqlValue } from "../../../vault/index.ts";

/** What the thread of a connection is started with. */
export type ThreadData = {
  url: string;
  /** Longest that the server works on a statement. */
  statementMs: number;
  connectMs: number;
  /** The server's own name for this program's connections. */
  name: string;
  /** Raised with each reply. */
  signal: SharedArrayBuffer;
};

/** One statement; `values` are null where it has none and may be several. */
export type Step = { text: string; values: readonly SqlValue[] | null };

export type Request =
  | {
      kind: "run";
      id: number;
      /** The session that a transaction began in; null where any will do. */
      session: number | null;
      /** Sent together; one that fails does not keep the server from the next. */
      steps: readonly Step[];
    }
  /** A session lock, taken again with each new session. */
  | { kind: "hold"; id: number; key: readonly [number, number] }
  | { kind: "release"; id: number; key: readonly [number, number] }
  /** The connection hangs: drop it. */
  | { kind: "abandon" }
  | { kind: "close"; id: number };

export type Failure = {
  message: string;
  /** SQLSTATE, or the code of what failed below it. */
  code: string;
  /** The connection is gone or of no use; nothing of a transaction is left. */
  isLost: boolean;
};

/** What a step gave; `command` is the server's word for what it did. */
export type Answer = { rows: Record<string, SqlValue>[]; count: number; command: string };

export type Reply = { id: number } & (
  | { session: number; answers: readonly Answer[] }
  /** The first step that failed, by its place. */
  | { failure: Failure; step: number }
);
