import { TrainingReadyError } from "../../../shared/index.ts";
import type { Database, Foreseen, SqlValue, Statement } from "../../../vault/index.ts";
import { startExchange } from "./exchange.ts";
import type { Answer, Failure, Reply, Request } from "./messages.ts";
import { numbered, type Numbered } from "./portable-sql.ts";
import { createReadsAhead, readName } from "./reads-ahead.ts";
import { createWriteBuffer, type Mark, type Write } from "./write-buffer.ts";
import { checked, rowOf } from "./values.ts";

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

const isRead = /^\s*(SELECT|SHOW)\b/i;
/** What a server refuses for lack of something that may come back; nothing was acknowledged. */
const passing = /^(08|25006|40|53|55P03|57|58)/;
const marginMs = 1000;
/** Writes that are sent while the caller still works on more. */
const sentAtOnce = 32;
const mostWaiting = 1000;
const mostUnanswered = 8;

/** The transaction that is open. `isOver`: nothing can be done in it any more but to end it. */
type Open = { isBegun: boolean; isOver: boolean; isLost: boolean; marks: Mark[]; era: object };

/**
 * A connection to PostgreSQL that answers at once: a thread holds it, the caller waits for the thread. A transaction
 * begins with its first read; its writes go out together, with a read or the commit; the first of them that fails is
 * thrown there, and ends the transaction unless only an inner one has to be undone.
 */
export function connectPostgres(options: PostgresOptions): PostgresConnection {
  const { url, place, statementMs, connectMs, writerLock, isOneSession } = options;
  const exchange = startExchange({ url, statementMs, connectMs, name: "training-ready" });
  const kept = new Map<string, Numbered>();
  const ahead = createReadsAhead();
  const buffer = createWriteBuffer();
  /** Requests that nobody has waited for yet. */
  const unanswered = new Map<number, readonly Write[]>();
  let nextId = 1;
  let session: number | null = null;
  let isClosed = false;
  let open: Open | undefined;
  let failed: { failure: Failure; number: number } | undefined;
  let isPatient = false;
  /** Longer by the time that a first connection takes. */
  let limitMs = statementMs + connectMs + 10_000;

  const down = (failure: Failure): TrainingReadyError =>
    new TrainingReadyError("E_STORE_DOWN", `${place}: ${failure.message}`, {
      cause: Object.assign(new Error(failure.message), { code: `PG_${failure.code}` }),
      hint: "Check that the database server answers, then try again.",
    });
  const errorOf = (failure: Failure): Error =>
    failure.isLost || passing.test(failure.code)
      ? down(failure)
      : Object.assign(new Error(failure.message), { code: `PG_${failure.code}` });

  /** Takes in a reply to a request with steps: the first failure counts, those after it follow from it. */
  const take = (reply: Reply): readonly Answer[] => {
    const steps = unanswered.get(reply.id);
    if (steps === undefined) return []; // late: nobody waits for it any more
    unanswered.delete(reply.id);
    if ("failure" in reply) {
      const { failure, step } = reply;
      failed ??= { failure, number: steps[step]?.number ?? 0 };
      return [];
    }
    if (open !== undefined || isOneSession === true) session ??= reply.session;
    for (const [index, step] of steps.entries()) step.count = reply.answers[index]?.count ?? 0;
    return reply.answers;
  };
  /** Throws what failed; a transaction goes on only if a savepoint that the server knows lies before it. */
  const throwFailed = (): void => {
    if (failed === undefined) return;
    const { failure, number } = failed;
    const inner = open?.marks.at(-1);
    if (open !== undefined) {
      open.isLost ||= failure.isLost;
      open.isOver ||= failure.isLost || inner?.isSent !== true || number <= inner.from;
    }
    if (open?.isOver !== true) failed = undefined;
    throw errorOf(failure);
  };
  const answersTo = (id: number): readonly Answer[] => {
    const answers = take(exchange.wait(id, limitMs, take));
    if (!isPatient) limitMs = statementMs + marginMs;
    throwFailed();
    return answers;
  };
  const ask = (request: Request & { id: number }): void => {
    if (isClosed) throw down({ message: "the store is closed", code: "08003", isLost: true });
    unanswered.set(request.id, []);
    exchange.post(request);
    answersTo(request.id);
  };
  const post = (steps: readonly Write[]): number => {
    const id = nextId++;
    for (const step of steps) step.request = id;
    unanswered.set(id, steps);
    exchange.post({ kind: "run", id, session, steps: steps.map(({ text, values }) => ({ text, values })) });
    return id;
  };

  /** What waits, then these, in one message; gives the answers to these. */
  const send = (
    steps: readonly { text: string; values: readonly SqlValue[] | null }[],
  ): readonly Answer[] => {
    if (isClosed) throw down({ message: "the store is closed", code: "08003", isLost: true });
    if (open?.isOver === true) throwFailed();
    const all = buffer.take();
    if (open?.isBegun === false) all.unshift({ text: `BEGIN; ${writerLock}`, values: null, number: 0 });
    if (open !== undefined) open.isBegun = true;
    const from = all.length;
    for (const step of steps) all.push({ ...step, number: buffer.next() });
    return answersTo(post(all)).slice(from);
  };
  const run = (text: string, values: readonly SqlValue[] | null): Answer =>
    send([{ text, values }])[0] as Answer;

  /** Lets the server work on what waits; the session must be known, or another one could get it. */
  const sendSoon = (): void => {
    if (session === null || open?.isBegun !== true || open.isOver) return;
    const isInner = open.marks.length > 0;
    if (buffer.size < (isInner ? mostWaiting : sentAtOnce)) return;
    post(buffer.take());
    const [oldest] = unanswered.keys();
    if (unanswered.size > mostUnanswered) answersTo(oldest as number);
  };
  const countOf = (write: Write): number => {
    if (write.count === undefined && write.request === undefined) send([]);
    if (write.count === undefined) answersTo(write.request as number);
    return write.count as number;
  };

  const knownFor = (sql: string): Numbered => {
    let known = kept.get(sql);
    if (known === undefined) {
      known = numbered(sql);
      kept.set(sql, known);
    }
    return known;
  };
  const valuesOf = ({ names }: Numbered, given: readonly unknown[]): SqlValue[] =>
    names === null
      ? given.map(checked)
      : names.map((name) => checked((given[0] as Record<string, unknown>)[name]));

  const statement = (sql: string): Statement => {
    const known = knownFor(sql);
    const { text } = known;
    let isPlucked = false;
    const read = (given: readonly unknown[]): unknown[] => {
      const values = valuesOf(known, given);
      const found = open === undefined ? undefined : ahead.find(text, values);
      if (found === undefined && open !== undefined && !isRead.test(text)) ahead.written(text, values);
      return (found ?? run(text, values).rows).map((row) => rowOf(row, isPlucked));
    };
    const made: Statement = {
      get: (...given) => read(given)[0],
      all: (...given) => read(given),
      run(...given) {
        const values = valuesOf(known, given);
        if (open === undefined) return { changes: run(text, values).count };
        if (open.isOver) throwFailed();
        ahead.written(text, values);
        const write = buffer.add(text, values);
        sendSoon();
        return {
          get changes() {
            return countOf(write);
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

  const end = (): void => {
    open = undefined;
    session = null;
    failed = undefined;
    buffer.clear();
    ahead.clear();
    unanswered.clear();
  };
  const outermost = <R>(work: () => R): R => {
    const mine: Open = { isBegun: false, isOver: false, isLost: false, marks: [], era: {} };
    end();
    open = mine;
    try {
      const result = work();
      if (!mine.isBegun && buffer.size === 0) return result;
      // After a failure a server answers COMMIT with ROLLBACK, and `send` has thrown.
      if (run("COMMIT", null).command !== "COMMIT")
        throw down({ message: "the transaction was rolled back", code: "40000", isLost: false });
      return result;
    } catch (error) {
      if (mine.isBegun && !mine.isLost)
        try {
          const of = session;
          end();
          session = of;
          run("ROLLBACK", null);
        } catch {
          // the server rolls back what it lost
        }
      throw error;
    } finally {
      end();
    }
  };
  const undoTo = ({ savepoint, from }: Mark): void => {
    const id = post([
      { text: `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`, values: null, number: buffer.next() },
    ]);
    const reply = exchange.wait(id, limitMs, take);
    if (failed !== undefined && failed.number > from) failed = undefined; // undone with the rest
    take(reply);
    throwFailed();
  };
  const nested = <R>(work: () => R, outer: Open): R => {
    const mark = buffer.mark(`s${outer.marks.length + 1}`);
    outer.marks.push(mark);
    try {
      const result = work();
      if (outer.isOver) throwFailed();
      outer.marks.pop();
      buffer.release(mark);
      sendSoon();
      return result;
    } catch (error) {
      outer.era = {};
      try {
        if (!outer.isOver && !buffer.undo(mark)) undoTo(mark);
      } finally {
        outer.marks.pop();
      }
      throw error;
    }
  };

  return {
    prepare: statement,
    exec(sql) {
      ahead.clear();
      run(sql, null);
    },
    transaction: (work) => ({ immediate: () => (open === undefined ? outermost(work) : nested(work, open)) }),
    get inTransaction() {
      return open !== undefined && !open.isOver;
    },
    get era() {
      return open?.era;
    },
    readAhead(reads) {
      if (open === undefined || open.isBegun || open.marks.length > 0 || buffer.size > 0) return;
      const wanted = new Map<string, { foreseen: Foreseen; text: string; values: SqlValue[] }>();
      for (const foreseen of reads) {
        const known = knownFor(foreseen.sql);
        const values = valuesOf(known, foreseen.values);
        wanted.set(readName(known.text, values), { foreseen, text: known.text, values });
      }
      const all = [...wanted.values()];
      if (all.length === 0) return;
      for (const [index, { rows }] of send(all).entries()) {
        const one = all[index] as (typeof all)[number];
        ahead.keep(one, one.foreseen, rows);
      }
    },
    hold(key) {
      try {
        ask({ kind: "hold", id: nextId++, key });
        return true;
      } catch (error) {
        if ((error as { cause?: { code?: string } }).cause?.code === "PG_55P03") return false;
        throw error;
      }
    },
    release: (key) => ask({ kind: "release", id: nextId++, key }),
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
        limitMs = 2000;
        ask({ kind: "close", id: nextId++ });
      } catch {
        // it was lost already
      }
      isClosed = true;
      exchange.end();
    },
  };
}
