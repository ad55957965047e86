// One serving process of several: connections come from the process that listens, whose end is this one's too.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { redactSecrets } from "../../shared/index.ts";
import type { Control } from "../inference/control.ts";
import type { DoorServer, Entrance } from "../inference/entrance.ts";
import { startInference, type RunningInference } from "../inference/start.ts";
import { Asking } from "./asking.ts";
import { failureOf, settle } from "../failure.ts";
import type { AnswerOf, FromWorker, Phase, Question, ToWorker } from "./messages.ts";

const answerMs = 1000;
const reloadMs = 30_000;
const sweepMs = 50;

/** `readBytes` as it was when the last exchange ended: more of it is a request that has begun to come. */
type Connection = { id: number; socket: Socket; phase: Phase; readBytes: number };

const connections = new Map<Socket, Connection>();
const asking = new Asking();
let running: RunningInference | undefined;
let doors: readonly DoorServer[] = [];
let isShut = false;
let isDrained = false;

const tell = (message: FromWorker): void => void process.send?.(message, undefined, {}, () => undefined);

function follow(request: IncomingMessage, response: ServerResponse): void {
  const connection = connections.get(request.socket);
  if (connection === undefined) return;
  const { id } = connection;
  const requestId = String(response.getHeader("x-request-id") ?? "");
  const enter = (phase: Phase): void => {
    connection.phase = phase;
    connection.readBytes = request.socket.bytesRead;
    tell({ type: "phase", id, phase, requestId });
  };
  enter("asked");
  if (isShut) response.shouldKeepAlive = false;
  // HTTP/1.0 has no chunks: what is cut there can only be cut.
  if (request.httpVersion === "1.1") response.once("streaming", () => enter("streaming"));
  response.once("close", () => enter("idle"));
}

function take({ id, door }: { id: number; door: string }, socket: Socket | undefined): void {
  const server = doors.find((one) => one.door === door)?.server;
  if (socket === undefined || server === undefined) {
    socket?.destroy();
    tell({ type: "closed", id });
    return;
  }
  connections.set(socket, { id, socket, phase: "idle", readBytes: 0 });
  socket.once("close", () => {
    // Given up before, to be served by another worker: the first process has it still.
    if (connections.delete(socket)) tell({ type: "closed", id });
  });
  // As node:http sets up what it accepts itself.
  socket.setNoDelay(true);
  socket.allowHalfOpen = true;
  server.emit("connection", socket);
}

/** Gives back whoever is connected and asks nothing, until nobody is connected any more. */
async function emptied(): Promise<void> {
  while (connections.size > 0) {
    for (const { id, phase, socket, readBytes } of connections.values()) {
      if (phase !== "idle" || socket.bytesRead > readBytes) continue;
      connections.delete(socket);
      socket.destroy(); // closes this process's end alone
      tell({ type: "released", id });
    }
    await new Promise((resolve) => setTimeout(resolve, sweepMs));
  }
}

function entranceAt(url: string, admin: string | undefined) {
  return (opened: readonly DoorServer[]): Entrance => {
    doors = opened;
    for (const { server } of doors) {
      server.on("request", follow);
      server.emit("listening"); // what node:http begins to watch its connections by: timeouts
    }
    return {
      url,
      admin,
      shut: () => void (isShut = true),
      reopen: () => Promise.reject(new Error("a worker has no door of its own")),
      async close() {
        isShut = true;
        await emptied();
      },
    };
  };
}

/** What concerns all processes is asked of the first one; while it does not answer, what this one knows. */
function sharedControl(own: Control): Control {
  const ask = <Q extends Question>(about: Q, patienceMs = answerMs): Promise<AnswerOf[Q]> =>
    asking.ask((number) => tell({ type: "question", ask: number, about }), patienceMs);
  return {
    metrics: () => ask("metrics").catch(() => own.metrics()),
    fleet: () => ask("fleet").catch(() => undefined),
    async drain() {
      await ask("drain");
    },
    reload: () => ask("reload", reloadMs),
    restart: () => ask("restart"),
  };
}

async function start({ options, url, admin }: Extract<ToWorker, { type: "start" }>): Promise<void> {
  try {
    running = await startInference({
      ...options,
      notice: (text) => void process.stderr.write(redactSecrets(`${text}\n`)),
      entrance: entranceAt(url, admin),
      control: sharedControl,
    });
    tell({ type: "ready", facts: running.facts });
  } catch (error) {
    process.send?.({ type: "refused", failure: failureOf(error) } satisfies FromWorker, () =>
      process.exit(1),
    );
  }
}

async function receive(message: ToWorker, socket: Socket | undefined): Promise<void> {
  if (message.type === "start") await start(message);
  else if (message.type === "connection") take(message, socket);
  else if (message.type === "answer") asking.settle(message.ask, message.settled);
  else if (running === undefined) return;
  else if (message.type === "report") tell({ type: "report", ask: message.ask, report: running.report() });
  else if (message.type === "reload") {
    const { reload } = running;
    tell({ type: "reloaded", ask: message.ask, settled: await settle(reload) });
  } else if (message.type === "drain") {
    await running.drain();
    isDrained = true;
    tell({ type: "drained" });
  } else {
    await (isDrained ? running.close() : running.retire());
    process.disconnect();
  }
}

process.on("message", (message: ToWorker, socket: Socket | undefined) => void receive(message, socket));
// Without the process that listens nobody can be answered; what was kept is on disk.
process.on("disconnect", () => process.exit(0));
// The first process decides when this one ends; a Ctrl-C in the terminal reaches the whole group.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
