import { receiveMessageOnPort, MessageChannel } from "node:worker_threads";
import { startThread, TrainingReadyError } from "../../../shared/index.ts";
import type { Database, SqlValue, Statement } from "../../../vault/index.ts";
import type { Failure, Reply, Request, ThreadData } from "./messages.ts";
import { numbered, type Numbered } from "./portable-sql.ts";

export type PostgresConnection = Database & {
  /** Holds a lock as long as the connection lives, or until `release`; false if another session has it. */
  hold: (key: readonly [number, number]) => boolean;
  release: (key: readonly [number, number]) => void;
  /** Does work whose statements may take as long as they need; a lock is still waited for in vain no longer. */
  patiently: <R>(work: () => R) => R;
};

export type PostgresOptions = {
  url: string;
  /** How to name the server in messages: without user and password. */
  place: string;
  /** Longest that a statement may take. */
  statementMs: number;
  connectMs: number;
  /** Taken by each transaction that may write, so that there is one writer at a time. */
  writerLock: string;
  /** Never to be connected anew: what it sees hangs on its session. */
  isOneSession?: boolean;
};

/** What a server refuses for lack of something that may come back; nothing was acknowledged. */
const passing = /^(08|25006|40|53|55P03|57|58)/;
const marginMs = 1000;

/** A connection to PostgreSQL that answers at once: a thread holds it, the caller waits for the thread. */
export function connectPostgres(options: PostgresOptions): PostgresConnection {
  const { url, place, statementMs, connectMs, writerLock, isOneSession } = options;
  const signal = new SharedArrayBuffer(4);
  const raised = new Int32Array(signal);
  const { port1: port, port2 } = new MessageChannel();
  const data: ThreadData = { url, statementMs, connectMs, name: "training-ready", signal };
  const file = import.meta.url.endsWith(".ts") ? "./postgres-thread.ts" : "./postgres-thread.js";
  const thread = startThread(new URL(file, import.meta.url), {
    workerData: { ...data, port: port2 },
    transferList: [port2],
  });
  thread.unref();
  port.unref();
  let nextId = 1;
  let depth = 0;
  let session: number | null = null;
  let isBroken = false;
  let isClosed = false;
  let controls: string[] = [];
  const kept = new Map<string, Numbered>();

  const down = (failure: Failure): TrainingReadyError =>
    new TrainingReadyError("E_STORE_DOWN", `${place}: ${failure.message}`, {
      cause: Object.assign(new Error(failure.message), { code: `PG_${failure.code}` }),
      hint: "Check that the database server answers, then try again.",
    });
  const errorOf = (failure: Failure): Error => {
    if (failure.isLost) isBroken = depth > 0;
    return failure.isLost || passing.test(failure.code)
      ? down(failure)
      : Object.assign(new Error(failure.message), { code: `PG_${failure.code}` });
  };
  const wait = (id: number, limitMs: number): Reply => {
    const until = performance.now() + limitMs;
    for (;;) {
      const seen = Atomics.load(raised, 0);
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const message = got.message as Reply;
        if (message.id === id) return message; // others are late answers that nobody waits for
      }
      const left = until - performance.now();
      if (left <= 0) {
        port.postMessage({ kind: "abandon" } satisfies Request);
        return { id, failure: { message: "no answer in time", code: "57014", isLost: true } };
      }
      Atomics.wait(raised, 0, seen, left);
    }
  };
  const ask = (request: Request & { id: number }, limitMs: number): { rows: Row[]; count: number } => {
    if (isClosed) throw down({ message: "the store is closed", code: "08003", isLost: true });
    port.postMessage(request);
    const reply = wait(request.id, limitMs);
    if ("failure" in reply) throw errorOf(reply.failure);
    if (depth > 0 || isOneSession === true) session ??= reply.session;
    return reply;
  };
  /** Longer by the time that a first connection takes. */
  let isPatient = false;
  let limitMs = statementMs + connectMs + 10_000;
  const run = (text: string, values: readonly SqlValue[] | null, quiet = false) => {
    if (depth > 0 && isBroken)
      throw down({ message: "the connection was lost", code: "08006", isLost: true });
    const request = { kind: "run", id: nextId++, session, controls, text, values, quiet } as const;
    controls = [];
    if (quiet) {
      port.postMessage(request);
      return { rows: [], count: 0, id: request.id };
    }
    const { rows, count } = ask(request, limitMs);
    if (!isPatient) limitMs = statementMs + marginMs;
    return { rows, count, id: request.id };
  };

  const statement = (sql: string): Statement => {
    let known = kept.get(sql);
    if (known === undefined) {
      known = numbered(sql);
      kept.set(sql, known);
    }
    const { text, names } = known;
    let isPlucked = false;
    const valuesOf = (given: unknown[]): SqlValue[] =>
      names === null ? given.map(checked) : names.map((name) => checked((given[0] as NamedValues)[name]));
    const rowOf = (row: Row): unknown => {
      for (const key in row) {
        const value = row[key];
        if (value instanceof Uint8Array)
          row[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
        if (isPlucked) return row[key];
      }
      return row;
    };
    const made: Statement = {
      get: (...given) => {
        const [first] = run(text, valuesOf(given)).rows;
        return first === undefined ? undefined : rowOf(first);
      },
      all: (...given) => run(text, valuesOf(given)).rows.map(rowOf),
      run(...given) {
        // In a transaction nobody waits for a write: what fails is told before the savepoint or the commit.
        const { id, count } = run(text, valuesOf(given), depth > 0);
        if (depth === 0) return { changes: count };
        let changes: number | undefined;
        return {
          get changes() {
            changes ??= ask({ kind: "count", id: nextId++, of: id }, limitMs).count;
            return changes;
          },
        };
      },
      pluck(isOn = true) {
        isPlucked = isOn;
        return made;
      },
    };
    return made;
  };

  const settle = (): void => void run("SELECT 1", null);
  const outermost = <R>(work: () => R): R => {
    isBroken = false;
    session = null;
    controls = [];
    depth = 1;
    try {
      run(`BEGIN; ${writerLock}`, null);
      const result = work();
      settle(); // what failed unseen must not be taken for a commit
      run("COMMIT", null);
      return result;
    } catch (error) {
      controls = [];
      if (!isBroken)
        try {
          run("ROLLBACK", null);
        } catch {
          // the server rolls back what it lost
        }
      throw error;
    } finally {
      depth = 0;
      session = null;
      isBroken = false;
    }
  };
  const nested = <R>(work: () => R): R => {
    const name = `s${depth}`;
    controls.push(`SAVEPOINT ${name}`);
    depth += 1;
    try {
      const result = work();
      settle();
      depth -= 1;
      controls.push(`RELEASE ${name}`);
      return result;
    } catch (error) {
      depth -= 1;
      if (!isBroken) run(`ROLLBACK TO ${name}; RELEASE ${name}`, null);
      throw error;
    }
  };

  return {
    prepare: statement,
    exec: (sql) => void run(sql, null),
    transaction: (work) => ({ immediate: () => (depth === 0 ? outermost(work) : nested(work)) }),
    get inTransaction() {
      return depth > 0 && !isBroken;
    },
    hold(key) {
      try {
        ask({ kind: "hold", id: nextId++, key }, limitMs);
        return true;
      } catch (error) {
        if ((error as { cause?: { code?: string } }).cause?.code === "PG_55P03") return false;
        throw error;
      }
    },
    release: (key) => void ask({ kind: "release", id: nextId++, key }, limitMs),
    patiently(work) {
      run("SET statement_timeout = 0", null);
      isPatient = true;
      limitMs = Number.POSITIVE_INFINITY;
      try {
        return work();
      } finally {
        isPatient = false;
        limitMs = statementMs + marginMs;
        run(`SET statement_timeout = ${statementMs}`, null);
      }
    },
    close() {
      if (isClosed) return;
      try {
        ask({ kind: "close", id: nextId++ }, 2000);
      } catch {
        // it was lost already
      }
      isClosed = true;
      void thread.terminate();
    },
  };
}

type Row = Record<string, SqlValue>;
type NamedValues = Record<string, unknown>;

function checked(value: unknown): SqlValue {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  // A view of a pool would be sent with the whole pool.
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  throw new TypeError(`a statement takes no ${typeof value}`);
}
