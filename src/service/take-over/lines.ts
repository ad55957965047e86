import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/** Messages as lines of JSON over a socket of this user alone. */
export function overLines(
  socket: Socket,
  told: { heard: (message: unknown) => void; closed: () => void },
): (message: object) => void {
  socket.on("error", () => undefined); // a close follows
  socket.once("close", told.closed);
  createInterface({ input: socket })
    .on("error", () => undefined)
    .on("line", (line) => told.heard(JSON.parse(line)));
  return (message) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
}
