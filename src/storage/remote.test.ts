import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { defaultRemote, httpStore } from "./http-store.ts";
import { s3Store, signedHeaders } from "./s3-store.ts";
import { putObject } from "./s3-write.ts";

const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const options = { ...defaultRemote, firstWaitMs: 1 };
let close: (() => void) | undefined;
afterEach(() => close?.());

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A loopback server; `handle` answers GET, HEAD is answered for it. */
async function serve(handle: Handler, etag = '"v1"'): Promise<{ url: string; ranges: string[] }> {
  let count = 0;
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === "HEAD") {
      response.writeHead(200, { "content-length": body.length, etag }).end();
      return;
    }
    ranges.push(request.headers.range ?? "");
    handle(request, response, count++);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jsonl`, ranges };
}

function rangeOf(request: IncomingMessage): [number, number] {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  return [Number(start), Number(end) + 1];
}

const send: Handler = (request, response) => {
  const [start, end] = rangeOf(request);
  response.writeHead(206, { "content-length": end - start }).end(body.subarray(start, end));
};

async function read(url: string, range?: { start: number; end?: number }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of httpStore(options).read(url, range)) parts.push(chunk);
  return Buffer.concat(parts);
}

describe("reading over HTTP", () => {
  it("reads a whole file and a part of it", async () => {
    const { url } = await serve(send);
    expect(await httpStore(options).stat(url)).toEqual({ bytes: body.length, version: '"v1"', etag: '"v1"' });
    expect((await read(url)).equals(body)).toBe(true);
    expect((await read(url, { start: 100_000, end: 100_010 })).equals(body.subarray(100_000, 100_010))).toBe(
      true,
    );
  });

  it("goes on where a body breaks off, and through 503 and 429", async () => {
    const { url, ranges } = await serve((request, response, count) => {
      if (count === 1 || count === 2) {
        response.writeHead(count === 1 ? 503 : 429).end();
        return;
      }
      const [start, end] = rangeOf(request);
      response.writeHead(206, { "content-length": end - start });
      if (count > 4) response.end(body.subarray(start, end));
      else
        response.write(body.subarray(start, start + 70_000), () => setTimeout(() => response.destroy(), 20));
    });
    expect((await read(url)).equals(body)).toBe(true);
    expect(new Set(ranges).size).toBeGreaterThan(2);
  });

  it("reads from a server that knows no ranges", async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { "content-length": body.length }).end(body),
    );
    expect((await read(url, { start: 5, end: 20_000 })).equals(body.subarray(5, 20_000))).toBe(true);
  });

  it.each([
    [404, "E_DATA_SOURCE_MISSING"],
    [403, "E_DATA_REFUSED"],
    [500, "E_DATA_REMOTE"],
    [412, "E_DATA_SOURCE_CHANGED"],
  ])("fails on %i with %s", async (status, code) => {
    const { url } = await serve((_, response) => response.writeHead(status).end());
    await expect(read(url)).rejects.toMatchObject({ code });
  });

  it("gives up on a body that never gets further", async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(206, { "content-length": 10 });
      response.flushHeaders();
      setTimeout(() => response.destroy(), 5);
    });
    await expect(read(url)).rejects.toMatchObject({ code: "E_DATA_REMOTE" });
  });

  it("names a server that is not there, without what stands in the query", async () => {
    await expect(read("http://127.0.0.1:9/a?token=hidden")).rejects.toThrow(/127\.0\.0\.1:9\/a: /);
    await expect(read("http://127.0.0.1:9/a?token=hidden")).rejects.not.toThrow(/hidden/);
  });
});

describe("a refusal of S3", () => {
  const access = { accessKeyId: "a", secretAccessKey: "b", region: "r" };
  const quick = { firstWaitMs: 1, attempts: 2 };

  it.each([
    ["clock", 60, /clock is 60 minutes behind/],
    ["clock", -60, /clock is 60 minutes ahead/],
    ["credentials", 0, /credentials/],
  ])("is told to be the %s's fault where the server's time is %d minutes on", async (_, minutes, hint) => {
    const server = createServer((_request, response) => {
      const date = new Date(Date.now() + minutes * 60_000).toUTCString();
      response.writeHead(403, { date }).end("<Code>RequestTimeTooSkewed</Code>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => server.close();
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reading = s3Store({ ...access, endpoint }, quick).stat("s3://data/a");
    const code = "E_DATA_REFUSED";
    await expect(reading).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) as string });
    const writing = putObject("s3://data/a", Buffer.from("x"), { ...access, endpoint }, quick);
    await expect(writing).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it("in the middle of a body ends the reading: credentials that ran out, nothing given twice", async () => {
    const { url } = await serve((request, response, count) => {
      const [start] = rangeOf(request);
      if (count > 0) {
        response.writeHead(403).end();
        return;
      }
      response.writeHead(206, { "content-length": body.length - start });
      response.write(body.subarray(start, start + 1000), () => setTimeout(() => response.destroy(), 20));
    });
    const endpoint = new URL(url).origin;
    const parts: Uint8Array[] = [];
    const reading = (async () => {
      for await (const part of s3Store({ ...access, endpoint }, quick).read("s3://data/a")) parts.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ hint: expect.stringContaining("credentials") as string });
    expect(Buffer.concat(parts).equals(body.subarray(0, 1000))).toBe(true);
  });
});

describe("signing for S3", () => {
  it("gives the signature of the published example", () => {
    // AWS documentation, "Examples of signature calculations": GET object.
    const headers = signedHeaders(
      {
        method: "GET",
        url: new URL("https://examplebucket.s3.amazonaws.com/test.txt"),
        headers: { range: "bytes=0-9" },
      },
      {
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region: "us-east-1",
      },
      new Date("2013-05-24T00:00:00Z"),
    );
    expect(headers["authorization"]).toContain(
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });
});
