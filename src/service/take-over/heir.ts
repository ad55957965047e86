import { connect } from "node:net";
import type { Slots } from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import type { OwnParts } from "../inference/make-service.ts";
import { overLines } from "./lines.ts";
import type { EngineIdentity, FromElder, FromHeir, Handed } from "./messages.ts";

const answerMs = 60_000; // a large model's file is hashed meanwhile

const failed = (message: string): TrainingReadyError => new TrainingReadyError("E_SERVE_TAKE_OVER", message);

/** What of a process goes on with what the one before it left. */
export type Inheriting = Pick<OwnParts, "locks" | "rate" | "replays"> & { slots: Slots };

/** The process that serves and is to end, as its heir sees it. */
export class Elder {
  readonly place: { host: string; port: number };
  readonly engine: EngineIdentity;
  private readonly say: (message: FromHeir) => void;
  private readonly end: () => void;
  private inheriting: Inheriting | undefined;
  /** News that came before this process could do anything with it. */
  private early: FromElder[] = [];
  private readonly locks = new Map<string, () => void>();
  private slots: (() => void)[] = [];
  private yielded: (handed: Handed) => void = () => undefined;
  private lost: (error: Error) => void = () => undefined;
  private isGone = false;

  private constructor(
    facts: Extract<FromElder, { type: "facts" }>,
    link: { say: (message: FromHeir) => void; end: () => void },
  ) {
    this.place = facts.place;
    this.engine = facts.engine;
    this.say = link.say;
    this.end = link.end;
  }

  /** Finds whoever serves from a state folder. Throws `E_SERVE_TAKE_OVER`. */
  static async meet(path: string): Promise<Elder> {
    const socket = connect(path);
    let elder: Elder | undefined;
    return await new Promise<Elder>((resolve, reject) => {
      const limit = setTimeout(() => reject(failed("the process that serves does not answer")), answerMs);
      socket.once("error", () => reject(failed("no process serves from this state folder")));
      socket.once("connect", () => say({ type: "hello" }));
      const say: (message: FromHeir) => void = overLines(socket, {
        heard: (said) => {
          const message = said as FromElder;
          clearTimeout(limit);
          if (message.type === "facts") {
            elder = new Elder(message, { say, end: () => socket.destroy() });
            resolve(elder);
          } else if (message.type === "refused") reject(failed(message.reason));
          else elder?.hear(message);
        },
        closed: () => {
          clearTimeout(limit);
          reject(failed("no process serves from this state folder"));
          elder?.gone();
        },
      });
    });
  }

  /** Has it stop taking connections; it goes on with what it has begun. */
  async yieldPlace(): Promise<Handed> {
    if (this.isGone) throw failed("the process that served has ended");
    return await new Promise<Handed>((resolve, reject) => {
      this.yielded = resolve;
      this.lost = reject;
      this.say({ type: "yield" });
    });
  }

  /** Counts what still runs there as this process's own, until it is over. */
  async inherit(handed: Handed, inheriting: Inheriting): Promise<void> {
    inheriting.rate.adopt(handed.rates);
    inheriting.replays.adopt(handed.replays);
    for (const name of handed.locks) {
      const free = await inheriting.locks.take(name);
      if (free !== undefined) this.locks.set(name, free);
    }
    for (let slot = 0; slot < handed.busy; slot++) {
      const free = await inheriting.slots.acquire("", new AbortController().signal);
      if (free !== undefined) this.slots.push(free);
    }
    this.inheriting = inheriting;
    for (const message of this.early.splice(0)) this.hear(message);
    if (this.isGone) this.gone();
  }

  /** This process answers: the other ends once it has finished. */
  served(): void {
    this.say({ type: "serving" });
  }

  cancel(turn: string): void {
    this.say({ type: "cancel", turn });
  }

  /** Gives up; unless this process served already, the other takes its place back. */
  part(): void {
    this.end();
  }

  private hear(message: FromElder): void {
    if (message.type === "yielded") this.yielded(message.handed);
    else if (this.inheriting === undefined) this.early.push(message);
    else if (message.type === "freed") {
      this.locks.get(message.lock)?.();
      this.locks.delete(message.lock);
    } else if (message.type === "replayed") this.inheriting.replays.ends(message.key, message.kept);
    else if (message.type === "busy") this.keepSlots(message.slots);
  }

  private gone(): void {
    this.isGone = true;
    this.lost(failed("the process that served has ended"));
    for (const free of this.locks.values()) free();
    this.locks.clear();
    this.keepSlots(0);
    this.inheriting?.replays.endsAll();
  }

  private keepSlots(count: number): void {
    for (const free of this.slots.splice(count)) free();
  }
}
