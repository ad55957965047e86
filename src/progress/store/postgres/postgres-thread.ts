import type { Socket } from "node:net";
import { workerData, type MessagePort } from "node:worker_threads";
import pg from "pg";
import type { SqlValue } from "../../../vault/index.ts";
import type { Answer, Failure, Reply, Request, ThreadData } from "./messages.ts";

type Run = Extract<Request, { kind: "run" }>;

const { url, statementMs, connectMs, name, signal, port } = workerData as ThreadData & { port: MessagePort };
const raised = new Int32Array(signal);
const retryMs = 500;
/** A server that restarts is back in less; a request waits for it no longer. */
const patienceMs = 300;

const int8 = 20;
const numeric = 1700;
const types = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format),
};

// The server's own default may acknowledge before the log is on the disk.
const setup = `SET synchronous_commit = on; SET statement_timeout = ${statementMs}; SET lock_timeout = ${statementMs};
SET idle_in_transaction_session_timeout = '120s'; SET client_min_messages = error; SET bytea_output = hex;
SET standard_conforming_strings = on`;

let client: pg.Client | undefined;
let session = 0;
let connecting: Promise<void> | undefined;
let lostAt = -Infinity;
let reason: Failure = { message: "not connected yet", code: "08003", isLost: true };
let isClosed = false;
const held = new Map<string, readonly [number, number]>();
const names = new Map<string, string>();

function reply(message: Reply): void {
  port.postMessage(message);
  Atomics.add(raised, 0, 1);
  Atomics.notify(raised, 0);
}

// The classes of SQLSTATE after which a session is of no use.
const lostClasses = /^(08|57P0|XX|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|28|3D)/;

function failureOf(error: unknown): Failure {
  const { message, code } = error as { message?: string; code?: string };
  const known = code ?? (client === undefined ? "08006" : "08000");
  return {
    message: message ?? "unknown",
    code: known,
    isLost: lostClasses.test(known) || client === undefined,
  };
}

function lost(which: pg.Client, cause: unknown): void {
  if (client !== which) return;
  client = undefined;
  lostAt = performance.now();
  reason = { ...failureOf(cause), isLost: true };
  which.end().catch(() => undefined);
  reconnect();
}

function reconnect(): void {
  if (isClosed || connecting !== undefined) return;
  connecting = connect()
    .catch((cause: unknown) => {
      reason = { ...failureOf(cause), isLost: true };
      setTimeout(() => reconnect(), retryMs);
    })
    .finally(() => {
      connecting = undefined;
    });
}

async function connect(): Promise<void> {
  const made = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    pipeline: true,
    keepAlive: true,
    application_name: name,
    types,
  });
  made.on("error", (cause) => lost(made, cause));
  made.on("end", () => lost(made, new Error("the server closed the connection")));
  try {
    await made.connect();
    await made.query(setup);
    for (const key of held.values()) await takeLock(made, key);
  } catch (cause) {
    made.end().catch(() => undefined);
    throw cause;
  }
  client = made;
  session += 1;
}

async function takeLock(on: pg.Client, key: readonly [number, number]): Promise<void> {
  const { rows } = await on.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS taken", [
    ...key,
  ]);
  if (rows[0]?.taken !== true) throw Object.assign(new Error("another process holds it"), { code: "55P03" });
}

/** Names of prepared statements, short and one for each text. */
function nameOf(text: string): string {
  let found = names.get(text);
  if (found === undefined) {
    found = `s${names.size}`;
    names.set(text, found);
  }
  return found;
}

// What crosses threads is copied whole, so a slice of a pool must not drag the pool along.
const crossing = (value: unknown): SqlValue =>
  value instanceof Uint8Array ? Uint8Array.prototype.slice.call(value) : (value as SqlValue);

function crossingRow(row: Record<string, unknown>): Record<string, SqlValue> {
  for (const key in row) if (row[key] instanceof Uint8Array) row[key] = crossing(row[key]);
  return row as Record<string, SqlValue>;
}

function refuse({ id }: { id: number }, failure: Failure): void {
  reply({ id, failure, step: 0 });
}

/** Of several statements in one text the last one's. */
function answerOf(result: pg.QueryResult | pg.QueryResult[]): Answer {
  const { rows, rowCount, command } = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult;
  return { rows: (rows as Record<string, unknown>[]).map(crossingRow), count: rowCount ?? 0, command };
}

const streamOf = (on: pg.Client) => (on as unknown as { connection: { stream: Socket } }).connection;

/** Sends the steps one behind the other; `pg` waits for no answer in between. */
function execute(on: pg.Client, { id, steps }: Run): void {
  const answers: Answer[] = [];
  let failed: { failure: Failure; step: number } | undefined;
  const { stream } = streamOf(on);
  stream.cork(); // one packet for all
  for (const [step, { text, values }] of steps.entries()) {
    const done = (error: Error | null, result?: pg.QueryResult): void => {
      if (error !== null) failed ??= { failure: failureOf(error), step };
      else if (result !== undefined) answers.push(answerOf(result));
      if (step === steps.length - 1)
        reply(failed === undefined ? { id, session, answers } : { id, ...failed });
    };
    if (values === null) on.query(text, done);
    else on.query({ name: nameOf(text), text, values: [...values] }, done);
  }
  stream.uncork();
}

async function connected(limitMs: number): Promise<pg.Client | undefined> {
  reconnect();
  await Promise.race([connecting, new Promise((resolve) => setTimeout(resolve, limitMs))]);
  return client;
}

async function executeLater(request: Run): Promise<void> {
  const isNew = session === 0;
  const limit = isNew ? connectMs + 500 : patienceMs - (performance.now() - lostAt);
  const on = limit > 0 ? await connected(limit) : client;
  if (on === undefined) refuse(request, reason);
  else execute(on, request);
}

async function hold({ id, key }: Extract<Request, { kind: "hold" }>): Promise<void> {
  try {
    if (client === undefined) return refuse({ id }, reason);
    await takeLock(client, key);
    held.set(key.join("|"), key);
    reply({ id, session, answers: [] });
  } catch (error) {
    refuse({ id }, failureOf(error));
  }
}

async function release({ id, key }: Extract<Request, { kind: "release" }>): Promise<void> {
  held.delete(key.join("|"));
  await client?.query("SELECT pg_advisory_unlock($1, $2)", [...key]).catch(() => undefined);
  reply({ id, session, answers: [] });
}

async function close(id: number): Promise<void> {
  isClosed = true;
  const open = client;
  client = undefined;
  await open?.end().catch(() => undefined);
  reply({ id, session, answers: [] });
  port.close();
}

port.on("message", (request: Request) => {
  switch (request.kind) {
    case "run":
      if (client !== undefined && (request.session === null || request.session === session))
        execute(client, request);
      else if (request.session === null) void executeLater(request);
      else refuse(request, reason);
      break;
    case "hold":
      void hold(request);
      break;
    case "release":
      void release(request);
      break;
    case "abandon": {
      const hung = client;
      if (hung !== undefined) {
        streamOf(hung).stream.destroy();
        lost(hung, Object.assign(new Error("the server did not answer in time"), { code: "57014" }));
      }
      break;
    }
    case "close":
      void close(request.id);
  }
});
reconnect();
