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

export type Request =
  | {
      kind: "run";
      id: number;
      /** The session that a transaction began in; null where any will do. */
      session: number | null;
      /** Savepoints and the like, run before. */
      controls: readonly string[];
      text: string;
      /** Null: statements without values, several at a time. */
      values: readonly SqlValue[] | null;
      /** Nobody waits for this one; its failure is told with the next reply. */
      quiet: boolean;
    }
  /** How many rows a quiet statement changed. */
  | { kind: "count"; id: number; of: number }
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

export type Reply = { id: number } & (
  | { session: number; rows: Record<string, SqlValue>[]; count: number }
  | { failure: Failure }
);
