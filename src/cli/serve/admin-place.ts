import { isLoopback, type Place } from "../../service/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import type { CommandContext } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";

const longestSocket = 107; // bytes of sun_path on Linux, without the closing zero

/** Where `--admin` says that operators are answered. Throws `E_SERVE_OPTIONS`, `E_SERVE_HOST`. */
export function adminPlace(context: CommandContext, given: string): Place {
  const found = /^(?:(?<host>\[[0-9a-f:]+\]|[^/:]+):)?(?<port>\d{1,5})$/iu.exec(given)?.groups;
  if (found !== undefined) {
    const host = (found["host"] ?? "127.0.0.1").replaceAll(/[[\]]/gu, "");
    const port = Number(found["port"]);
    if (port > 65_535) throw new TrainingReadyError("E_SERVE_OPTIONS", `--admin: ${port} is no port`);
    if (!isLoopback(host))
      throw new TrainingReadyError("E_SERVE_HOST", `--admin: ${host} is not this machine alone`, {
        hint: "Bind operators' routes to 127.0.0.1 or a Unix socket, and reach them from there.",
      });
    return { host, port };
  }
  const socket = userPath(context, given);
  if (Buffer.byteLength(socket) > longestSocket)
    throw new TrainingReadyError(
      "E_SERVE_OPTIONS",
      `--admin: a socket's path has at most ${longestSocket} bytes`,
      {
        hint: "Name a shorter path, or a port.",
      },
    );
  return { socket };
}
