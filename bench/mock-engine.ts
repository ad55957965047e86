// An OpenAI-compatible engine in a process of its own: `tsx bench/mock-engine.ts FIRST_MS TOKEN_MS [FILL]`; prints its URL.
// Each reply has max_tokens words; with FILL each word is that many characters.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const [firstMs = 20, tokenMs = 5, fill = 0] = process.argv.slice(2).map(Number);
const words =
  "a quiet morning by the lake begins with mist over the water and birds that call from the reeds. ".split(
    /(?<=\s)/,
  );
const wordAt = (at: number): string =>
  fill > 0 ? `${"x".repeat(fill - 1)} ` : (words[at % words.length] as string);
const pause = (ms: number): Promise<void> => new Promise((wait) => setTimeout(wait, ms));

async function reply(response: ServerResponse, tokens: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const startedAt = performance.now();
  for (let at = 0; at < tokens && !response.destroyed; at++) {
    // By the clock, so that late timers do not add up.
    const due = startedAt + firstMs + at * tokenMs;
    if (firstMs + tokenMs > 0 && due > performance.now()) await pause(due - performance.now());
    const chunk = { choices: [{ index: 0, delta: { content: wordAt(at) }, finish_reason: null }] };
    if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`))
      await new Promise((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
  }
  const finish = { choices: [{ index: 0, delta: {}, finish_reason: "length" }] };
  const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: tokens } };
  response.end(`data: ${JSON.stringify(finish)}\n\ndata: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`);
}

const server = createServer((request, response) => {
  if (request.url === "/v1/models") {
    response.end(JSON.stringify({ data: [{ id: "mock", owned_by: "mock" }] }));
    return;
  }
  if (request.method === "GET") {
    response.writeHead(404).end();
    return;
  }
  let body = "";
  request.on("data", (piece: Buffer) => (body += piece.toString()));
  request.on("end", () => {
    const { max_tokens: tokens } = JSON.parse(body) as { max_tokens: number };
    void reply(response, tokens);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on("SIGTERM", () => process.exit(0));
