import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { postJson } from "./http-post.ts";

let stop: (() => Promise<unknown>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function serving(listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  stop = () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    return closed;
  };
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x?y=1`);
}

async function textOf(url: URL): Promise<string> {
  const response = await postJson(url, "{}", new AbortController().signal);
  let text = "";
  for await (const piece of response.body()) text += piece.toString();
  return text;
}

test("a kept connection that the server closes as the next request comes is replaced once", async () => {
  let requests = 0;
  const url = await serving((request, response) => {
    requests++;
    if (requests === 2) request.socket.destroy();
    else response.end(`answer ${requests} to ${request.url}`);
  });
  expect(await textOf(url)).toBe("answer 1 to /v1/x?y=1");
  await new Promise(setImmediate); // the connection is free again
  expect(await textOf(url)).toBe("answer 3 to /v1/x?y=1");
});

test("a server that closes a new connection without an answer is asked once", async () => {
  let requests = 0;
  const url = await serving((request) => {
    requests++;
    request.socket.destroy();
  });
  await expect(textOf(url)).rejects.toThrow(/other side closed|ECONNRESET/u);
  expect(requests).toBe(1);
});

test("a server that writes faster than its reader reads has to wait, and nothing is lost", async () => {
  const piece = Buffer.alloc(64 * 1024, "x");
  const pieces = 480; // 30 MB
  let written = 0;
  const url = await serving(async (_request, response) => {
    for (; written < pieces && !response.destroyed; written++)
      if (!response.write(piece)) await once(response, "drain");
    response.end();
  });
  const response = await postJson(url, "{}", new AbortController().signal);
  for (let before = -1; before !== written; await new Promise((wait) => setTimeout(wait, 100)))
    before = written;
  expect(written).toBeLessThan(pieces / 2);
  let bytes = 0;
  for await (const part of response.body()) bytes += part.length;
  expect(bytes).toBe(pieces * piece.length);
});

test("an abort closes the connection, before the answer and in the middle of it", async () => {
  const closed: Promise<unknown>[] = [];
  const url = await serving((request, response) => {
    closed.push(once(request.socket, "close"));
    if (closed.length === 2) response.write("a beginning");
  });
  const early = new AbortController();
  const asked = postJson(url, "{}", early.signal);
  const refused = expect(asked).rejects.toThrow("enough");
  while (closed.length < 1) await new Promise((wait) => setTimeout(wait, 5));
  early.abort(new Error("enough"));
  await refused;
  const late = new AbortController();
  const response = await postJson(url, "{}", late.signal);
  const body = response.body();
  expect((await body.next()).value?.toString()).toBe("a beginning");
  late.abort(new Error("enough"));
  await expect(body.next()).rejects.toThrow("enough");
  await Promise.all(closed);
  expect(closed).toHaveLength(2);
});
