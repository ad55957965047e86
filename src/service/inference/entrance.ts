import { chmodSync, lstatSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { TrainingReadyError } from "../../shared/index.ts";

/** Which door a connection came in by: everybody's, the operators' own, or one that serves as both. */
export type Door = "public" | "admin" | "both";
export type DoorServer = { door: Door; server: Server };

/** Where a door is: an address of this machine or a Unix socket. */
export type Place = { host: string; port: number } | { socket: string };

/** How connections reach a service: by its own sockets, or from a process that accepts them for several. */
export type Entrance = {
  url: string;
  admin: string | undefined;
  /** Takes no new connection; what is connected is served on. */
  shut: () => void;
  /** Takes connections again where it did. Throws `E_PORT`. */
  reopen: () => Promise<void>;
  /** Ends when the last connection has. */
  close: () => Promise<void>;
};

const cannotBind = (place: string, cause: NodeJS.ErrnoException): TrainingReadyError =>
  new TrainingReadyError("E_PORT", `${place} cannot be bound (${cause.code ?? "unknown"})`, { cause });

export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

/** The port of a door that was bound. */
export const portOf = (url: string): number => Number(/:(\d+)$/u.exec(url)?.[1]);

/** Whether somebody answers on a Unix socket. */
const isAnswered = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const tried = connect(socket)
      .once("connect", () => {
        tried.destroy();
        resolve(true);
      })
      .once("error", () => resolve(false));
  });

/** Removes the socket file of a process that was killed. */
async function clearLeftSocket(socket: string): Promise<void> {
  const found = lstatSync(socket, { throwIfNoEntry: false });
  if (found?.isSocket() !== true || (await isAnswered(socket))) return;
  rmSync(socket, { force: true });
}

/** Binds a server, to this user alone where it is a Unix socket; gives where it listens. Throws `E_PORT`. */
export async function bind(
  server: {
    once: (event: "error", told: (error: Error) => void) => unknown;
    off: (event: "error", told: (error: Error) => void) => unknown;
    listen: (place: object, done: () => void) => unknown;
    address: () => AddressInfo | string | null;
  },
  place: Place,
): Promise<string> {
  if ("socket" in place) await clearLeftSocket(place.socket);
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: Error): void =>
      reject(cannotBind("socket" in place ? place.socket : `${place.host}:${place.port}`, cause));
    server.once("error", failed);
    server.listen("socket" in place ? { path: place.socket } : place, () => {
      server.off("error", failed);
      resolve();
    });
  });
  if (!("socket" in place)) return urlOf(place.host, (server.address() as AddressInfo).port);
  chmodSync(place.socket, 0o600);
  return `unix:${place.socket}`;
}

const sweepMs = 50;

function closed({ server }: DoorServer): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    server.once("listening", () => clearInterval(sweep)); // it was opened again
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** Opens a service's own doors. Throws `E_PORT`. */
export async function ownEntrance(
  doors: readonly DoorServer[],
  places: { public: Place; admin: Place | undefined },
): Promise<Entrance> {
  const bound: Partial<Record<"public" | "admin", string>> = {};
  const opened: DoorServer[] = [];
  let ended: Promise<unknown> | undefined;
  const shut = (): Promise<unknown> => (ended ??= Promise.all(opened.map(closed)));
  try {
    for (const one of doors) {
      const name = one.door === "admin" ? "admin" : "public";
      bound[name] = await bind(one.server, places[name] as Place);
      opened.push(one);
    }
  } catch (error) {
    await shut();
    throw error;
  }
  return {
    url: bound.public as string,
    admin: bound.admin,
    shut: () => void shut(),
    async reopen() {
      ended = undefined;
      for (const { door, server } of opened) {
        const place = door === "admin" ? places.admin : places.public;
        const url = bound[door === "admin" ? "admin" : "public"] as string;
        if (place !== undefined)
          await bind(server, "socket" in place ? place : { ...place, port: portOf(url) });
      }
    },
    async close() {
      await shut();
    },
  };
}
