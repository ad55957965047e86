import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { bind } from "../inference/entrance.ts";
import { overLines } from "./lines.ts";
import type { EngineIdentity, FromElder, FromHeir, Handed } from "./messages.ts";

/** What the serving process lets an heir have done to it. */
export type Yielding = {
  place: { host: string; port: number };
  engine: () => Promise<EngineIdentity | undefined>;
  /** Stops taking connections and lets go of the state folder. */
  yieldPlace: () => void;
  /** The heir died before it served: listens again. */
  takeBack: () => Promise<void>;
  /** What is known now; `say` tells what changes until this process ends. */
  hand: (say: (message: FromElder) => void) => Handed;
  cancel: (turn: string) => void;
  /** The heir serves: finish what is left, then end. */
  takenOver: () => void;
  notice: (text: string) => void;
};

/**
 * Waits on a socket of the state folder for a process that takes over. What this one had begun it finishes; the heir gets
 * the address, and what it must know of what still runs here.
 */
export class HeirDoor {
  private readonly path: string;
  private readonly yielding: Yielding;
  private server: Server | undefined;
  private heir: Socket | undefined;

  constructor(path: string, yielding: Yielding) {
    this.path = path;
    this.yielding = yielding;
  }

  async open(): Promise<void> {
    const server = createServer((socket) => this.meet(socket));
    await bind(server, { socket: this.path });
    this.server = server;
  }

  close(): void {
    this.shut();
    this.heir?.destroy();
  }

  /** The path is the heir's from here on. */
  private shut(): void {
    this.server?.close();
    this.server = undefined;
    if (this.heir === undefined) rmSync(this.path, { force: true });
  }

  private meet(socket: Socket): void {
    const { yielding } = this;
    let stage: "met" | "yielded" | "over" = "met";
    const say: (message: FromElder) => void = overLines(socket, {
      heard: (said) => {
        const message = said as FromHeir;
        if (message.type === "hello") void this.introduce(say);
        else if (message.type === "yield" && this.heir === undefined) {
          stage = "yielded";
          this.heir = socket;
          this.shut();
          yielding.yieldPlace();
          say({ type: "yielded", handed: yielding.hand(say) });
        } else if (message.type === "serving" && stage === "yielded") {
          stage = "over";
          yielding.notice("take-over: another process serves; this one finishes what it has begun");
          yielding.takenOver();
        } else if (message.type === "cancel") yielding.cancel(message.turn);
      },
      closed: () => {
        if (stage !== "yielded") return;
        this.heir = undefined;
        yielding.notice("take-over: the other process ended before it served; this one goes on");
        yielding
          .takeBack()
          .then(() => this.open())
          .catch((error: unknown) => yielding.notice(`take-over: ${(error as Error).message}`));
      },
    });
  }

  private async introduce(say: (message: FromElder) => void): Promise<void> {
    const engine = await this.yielding.engine();
    if (engine === undefined)
      say({ type: "refused", reason: "the model's file has changed since it was loaded" });
    else say({ type: "facts", place: this.yielding.place, engine });
  }
}
