import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a call: an answer in the server's place, a dropped connection, or a body cut after some bytes. */
export type Fault =
  | { answer: number; body?: string; headers?: Record<string, string> }
  | { drop: true }
  | { cutAfter: number };

export type Call = { method: string; path: string; count: number };

/** An error as S3 writes it. */
export const s3Error = (status: number, code: string, headers: Record<string, string> = {}): Fault => ({
  answer: status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>synthetic</Message></Error>`,
  headers: { "content-type": "application/xml", ...headers },
});

/** Stands before a server on loopback and spoils the calls that `decide` names; `count` begins at 1. */
export async function startFaultyProxy(target: string): Promise<{
  url: string;
  begin: (decide?: (call: Call) => Fault | undefined) => void;
  calls: () => Call[];
  stop: () => void;
}> {
  let decide: (call: Call) => Fault | undefined = () => undefined;
  let calls: Call[] = [];
  const server = createServer((from, to) => {
    const call: Call = { method: from.method ?? "", path: from.url ?? "/", count: calls.length + 1 };
    calls.push(call);
    const fault = decide(call);
    if (fault !== undefined && "answer" in fault) {
      from.resume();
      const body = call.method === "HEAD" ? undefined : fault.body;
      to.writeHead(fault.answer, fault.headers).end(body);
      return;
    }
    if (fault !== undefined && "drop" in fault) {
      to.destroy();
      return;
    }
    const url = new URL(from.url ?? "/", target);
    const take = (reply: IncomingMessage): void => {
      to.writeHead(reply.statusCode ?? 502, reply.headers);
      if (fault === undefined) {
        reply.pipe(to);
        return;
      }
      let left = fault.cutAfter;
      reply.on("data", (chunk: Buffer) => {
        if (left < 0) return;
        to.write(chunk.subarray(0, left), () => left < 0 && to.destroy());
        left -= chunk.length;
      });
      reply.on("end", () => left >= 0 && to.end());
    };
    const forward = request(url, { method: from.method, headers: { ...from.headers, host: url.host } }, take);
    forward.on("error", () => to.destroy());
    from.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(next) {
      calls = [];
      decide = next ?? (() => undefined);
    },
    calls: () => calls,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
