import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the guard answers to a person's turn, and to what the model said. */
export type Says = { text: string; afterMs: number; toReply: (said: string) => string; replyAfterMs: number };
export const calm = (): Says => ({ text: "safe", afterMs: 0, toReply: () => "safe", replyAfterMs: 0 });

/** A guard model's server that gives one answer, late if so wished, and remembers what it read. */
export async function startGuard(): Promise<{
  url: string;
  says: Says;
  read: { messages: { role: string; content: string }[] }[];
  close: () => Promise<void>;
}> {
  const says = calm();
  const read: { messages: { role: string; content: string }[] }[] = [];
  const server: Server = createServer((request, response) => {
    if (request.url === "/v1/models") {
      response.end(JSON.stringify({ data: [{ id: "guard", owned_by: "vllm", max_model_len: 4096 }] }));
      return;
    }
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      if (request.method !== "POST") {
        response.writeHead(404).end();
        return;
      }
      const asked = JSON.parse(body) as (typeof read)[number];
      read.push(asked);
      const last = asked.messages.at(-1);
      const isReply = last?.role === "assistant";
      const answer = isReply ? says.toReply(last.content) : says.text;
      response.writeHead(200, { "content-type": "text/event-stream" });
      setTimeout(
        () => {
          response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: answer } }] })}\n\n`);
          response.end(
            `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
          );
        },
        isReply ? says.replyAfterMs : says.afterMs,
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    says,
    read,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
