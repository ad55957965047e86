import type { Socket } from "node:net";
import { speakFor } from "./last-words.ts";
import type { Phase } from "./messages.ts";

type Door = "public" | "admin" | "both";
type Held = {
  id: number;
  socket: Socket;
  door: Door;
  server: object | undefined;
  phase: Phase;
  requestId: string;
};

/** What takes connections: a worker, as far as this file knows it. */
export type Taker = {
  isReady: () => boolean;
  take: (connection: { id: number; door: Door }, socket: Socket) => void;
};

const patienceMs = 10_000;

/**
 * Every open connection, with the worker that serves it. The first process keeps its own end of each and never reads it, so
 * that it can say what a worker that died owes, or give a connection that waits to another.
 */
export class Connections {
  private readonly held = new Map<number, Held>();
  private last = 0;
  private readonly takers: () => readonly Taker[];
  private isClosed = false;

  constructor(takers: () => readonly Taker[]) {
    this.takers = takers;
  }

  accept(socket: Socket, door: Door): void {
    const one: Held = { id: ++this.last, socket, door, server: undefined, phase: "idle", requestId: "" };
    socket.on("error", () => undefined); // whoever serves it sees it too
    this.held.set(one.id, one);
    this.place(one);
  }

  enter(id: number, phase: Phase, requestId: string): void {
    const one = this.held.get(id);
    if (one !== undefined) Object.assign(one, { phase, requestId });
  }

  /** The worker's end is closed: so is this one. */
  drop(id: number): void {
    this.held.get(id)?.socket.destroy();
    this.held.delete(id);
  }

  /** A worker gives a connection up on which nothing is asked. */
  release(id: number): void {
    const one = this.held.get(id);
    if (one === undefined) return;
    one.server = undefined;
    this.place(one);
  }

  /** A worker is gone: what it owed is said, what waited goes to another. */
  abandon(taker: Taker): void {
    for (const one of this.of(taker)) {
      one.server = undefined;
      if (one.phase === "idle") this.place(one);
      else {
        this.held.delete(one.id);
        speakFor(one.socket, one.phase, one.requestId);
      }
    }
  }

  /** Gives a worker that has become ready what waits for one. */
  placeWaiting(): void {
    for (const one of this.held.values()) if (one.server === undefined) this.place(one);
  }

  /** From now on what is accepted or given up is closed. */
  shut(): void {
    this.isClosed = true;
  }

  close(): void {
    this.shut();
    for (const { socket } of this.held.values()) socket.destroy();
    this.held.clear();
  }

  private of(taker: Taker): Held[] {
    return [...this.held.values()].filter(({ server }) => server === taker);
  }

  /** To the worker that has the fewest: streams last long, and turns would load some twice. */
  private place(one: Held): void {
    if (this.isClosed) {
      this.drop(one.id);
      return;
    }
    const counts = new Map<Taker, number>();
    for (const taker of this.takers()) if (taker.isReady()) counts.set(taker, 0);
    for (const { server } of this.held.values()) {
      const count = counts.get(server as Taker);
      if (count !== undefined) counts.set(server as Taker, count + 1);
    }
    const [taker] = [...counts].toSorted(([, a], [, b]) => a - b)[0] ?? [];
    if (taker === undefined) {
      this.wait(one);
      return;
    }
    one.server = taker;
    taker.take({ id: one.id, door: one.door }, one.socket);
  }

  /** While no worker is there a connection waits, unread; in the end it is told so. */
  private wait(one: Held): void {
    const timer = setTimeout(() => {
      if (one.server !== undefined || !this.held.delete(one.id)) return;
      speakFor(one.socket, "asked", "");
    }, patienceMs);
    timer.unref();
  }
}
