import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Fault = { at: number; when: "before" | "after"; act: () => void };

/** Stands before a server and counts writes; at one of them it does what is said and gives no answer. */
export async function startCountingProxy(target: string): Promise<{
  url: string;
  /** Begins to count anew. */
  begin: (fault?: Fault) => void;
  writes: () => number;
  stop: () => void;
}> {
  let writes = 0;
  let fault: Fault | undefined;
  const forward = (from: IncomingMessage, to: ServerResponse, answer: (reply: IncomingMessage) => void) => {
    const url = new URL(from.url ?? "/", target);
    const call = request(url, { method: from.method, headers: { ...from.headers, host: url.host } }, answer);
    call.on("error", () => to.destroy());
    from.pipe(call);
  };
  const server = createServer((from, to) => {
    const isWrite = from.method !== "GET" && from.method !== "HEAD";
    const met = isWrite && ++writes === fault?.at ? fault : undefined;
    if (met?.when === "before") {
      met.act();
      to.destroy();
      return;
    }
    forward(from, to, (reply) => {
      if (met !== undefined) {
        reply.resume().on("end", () => {
          met.act();
          to.destroy();
        });
        return;
      }
      to.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(to);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(next) {
      writes = 0;
      fault = next;
    },
    writes: () => writes,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
