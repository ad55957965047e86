import { createVerify, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { driveStore } from "./drive-store.ts";
import { hubStore } from "./hub-store.ts";
import type { Store } from "./store.ts";

const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 253));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

async function serve(handle: Handler): Promise<string> {
  const server = createServer((request, response) => {
    handle(request, response, new URL(request.url ?? "", "http://loopback"));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
};

function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  most = Number.POSITIVE_INFINITY,
): void {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const part = body.subarray(Number(start ?? 0), end === undefined ? body.length : Number(end) + 1);
  response.writeHead(start === undefined ? 200 : 206, { "content-length": part.length });
  if (part.length <= most) response.end(part);
  else response.write(part.subarray(0, most), () => setTimeout(() => response.destroy(), 10));
}

async function all(store: Store, uri: string, range?: { start: number; end?: number }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of store.read(uri, range)) parts.push(part);
  return Buffer.concat(parts);
}
const quick = { firstWaitMs: 1 };

describe("the hub", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";

  /** A stand-in that knows one file of one commit, behind a redirect to another origin as the hub's large files are. */
  async function hub(options: { cut?: number; refuse?: number } = {}) {
    const seen: { path: string; authorization: string | undefined; method: string | undefined }[] = [];
    let gets = 0;
    const store = await serve((request, response) => {
      seen.push({ path: "store", authorization: request.headers.authorization, method: request.method });
      if (request.method === "HEAD") {
        response.writeHead(200, { "content-length": body.length, etag: '"lfs"' }).end();
        return;
      }
      gets++;
      sendRange(request, response, gets === 1 ? options.cut : undefined);
    });
    const endpoint = await serve((request, response, { pathname }) => {
      seen.push({ path: pathname, authorization: request.headers.authorization, method: request.method });
      if (request.headers.authorization !== "Bearer hub-token") return void response.writeHead(401).end();
      if (pathname === "/api/datasets/team/talks/revision/main") return json(response, { sha: commit });
      if (pathname === `/datasets/team/talks/resolve/${commit}/a%20b/train.jsonl`)
        return void response.writeHead(302, { location: `${store}/blob` }).end();
      response.writeHead(404).end();
    });
    return { endpoint, seen };
  }

  it("pins a branch to its commit, follows to the store without the token, and goes on where a body breaks", async () => {
    const { endpoint, seen } = await hub({ cut: 60_000 });
    const store = hubStore({ endpoint, token: "hub-token" }, quick);
    const uri = "hf://datasets/team/talks/a b/train.jsonl";
    const found = await store.stat(uri);
    expect(found).toEqual({
      bytes: body.length,
      version: `${commit}-"lfs"`,
      etag: '"lfs"',
      pinned: `hf://datasets/team/talks@${commit}/a b/train.jsonl`,
    });
    expect((await all(store, found.pinned as string)).equals(body)).toBe(true);
    expect((await all(store, uri, { start: 5, end: 9 })).equals(body.subarray(5, 9))).toBe(true);
    expect(
      seen.filter(({ path }) => path === "store").map(({ authorization }) => authorization),
    ).not.toContain("Bearer hub-token");
  });

  it("tells a wrong token, an unknown file and a malformed URI apart", async () => {
    const { endpoint } = await hub();
    const uri = "hf://datasets/team/talks/none.jsonl";
    const code = { code: "E_DATA_SOURCE_MISSING" };
    await expect(hubStore({ endpoint }, quick).stat(uri)).rejects.toMatchObject({
      code: "E_DATA_REFUSED",
      hint: expect.stringContaining("credentials") as string,
    });
    await expect(hubStore({ endpoint, token: "hub-token" }, quick).stat(uri)).rejects.toThrow(/404/);
    for (const bad of ["hf://team/talks/a", "hf://datasets/team/talks", "hf://datasets/team/talks/../x"])
      await expect(hubStore({ endpoint }, quick).stat(bad)).rejects.toMatchObject(code);
  });
});

describe("Google Drive", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

  /** A stand-in that checks what it is asked: method, path, query, token, and the signature of the token request. */
  async function drive(options: { expireAfter?: number; limits?: number; cut?: number } = {}) {
    const asked: string[] = [];
    let [tokens, uses, limited, media] = [0, 0, 0, 0];
    const endpoint = await serve((request, response, url) => {
      asked.push(`${request.method} ${url.pathname}`);
      if (url.pathname === "/token") {
        let text = "";
        request.on("data", (chunk: Buffer) => (text += chunk.toString()));
        request.on("end", () => {
          const [head = "", claim = "", signature = ""] = (
            new URLSearchParams(text).get("assertion") ?? ""
          ).split(".");
          const isSigned = createVerify("RSA-SHA256")
            .update(`${head}.${claim}`)
            .verify(publicKey, signature, "base64url");
          const { iss } = JSON.parse(Buffer.from(claim, "base64url").toString()) as { iss: string };
          if (!isSigned || iss !== "robot@project.example")
            return json(response, { error: "invalid_grant" }, 400);
          tokens++;
          uses = 0;
          json(response, { access_token: `token-${tokens}`, expires_in: 3600 });
        });
        return;
      }
      if (request.method !== "GET") return void response.writeHead(405).end();
      if (
        request.headers.authorization !== `Bearer token-${tokens}` ||
        uses++ >= (options.expireAfter ?? 1e9)
      )
        return json(response, { error: { code: 401 } }, 401);
      if (limited++ < (options.limits ?? 0))
        return json(response, { error: { errors: [{ reason: "userRateLimitExceeded" }] } }, 403);
      const query = url.searchParams;
      if (url.pathname === "/drive/v3/files") {
        const isFirst = query.get("pageToken") === null;
        if (query.get("q") === "'folder-1' in parents and name = 'it\\'s' and trashed = false")
          return json(
            response,
            isFirst
              ? { files: [{ id: "wrong-1", name: "IT'S" }], nextPageToken: "2" }
              : { files: [{ id: "folder-2", name: "it's" }] },
          );
        if (query.get("q") === "'folder-2' in parents and name = 'a.jsonl' and trashed = false")
          return json(response, { files: [{ id: "file-123", name: "a.jsonl" }] });
        if (query.get("q")?.includes("twice"))
          return json(response, {
            files: [
              { id: "x-1234", name: "twice" },
              { id: "y-1234", name: "twice" },
            ],
          });
        return json(response, { files: [] });
      }
      if (url.pathname === "/drive/v3/files/file-123") {
        if (query.get("alt") === "media")
          return sendRange(request, response, media++ === 0 ? options.cut : undefined);
        return json(response, { id: "file-123", size: String(body.length), md5Checksum: "abc" });
      }
      if (url.pathname === "/drive/v3/files/folder-1") return json(response, { id: "folder-1" });
      json(response, { error: { errors: [{ reason: "notFound" }] } }, 404);
    });
    const folder = mkdtempSync(join(tmpdir(), "training-ready-drive-"));
    const keyFile = join(folder, "key.json");
    const key = {
      client_email: "robot@project.example",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
      token_uri: `${endpoint}/token`,
    };
    writeFileSync(keyFile, JSON.stringify(key));
    return { endpoint, keyFile, asked, tokenCount: () => tokens, key };
  }

  it("finds a file by folders over pages, and reads it in ranges, on where a body breaks", async () => {
    const { endpoint, keyFile, asked, tokenCount } = await drive({ cut: 50_000, limits: 2 });
    const store = driveStore({ endpoint, keyFile }, quick);
    const uri = "gdrive://folder-1/it's/a.jsonl";
    expect(await store.stat(uri)).toEqual({
      bytes: body.length,
      version: "md5-abc",
      pinned: "gdrive://file-123",
    });
    expect((await all(store, uri)).equals(body)).toBe(true);
    expect(
      (await all(store, "gdrive://file-123", { start: 100, end: 120 })).equals(body.subarray(100, 120)),
    ).toBe(true);
    expect(tokenCount()).toBe(1);
    expect(asked.filter((one) => one === "GET /drive/v3/files").length).toBeGreaterThanOrEqual(3);
  });

  it("renews a token that ran out, once at a time, and gives up on one that it cannot renew", async () => {
    const { endpoint, keyFile, tokenCount } = await drive({ expireAfter: 2 });
    expect((await all(driveStore({ endpoint, keyFile }, quick), "gdrive://file-123")).equals(body)).toBe(
      true,
    );
    expect(
      (await all(driveStore({ endpoint, keyFile }, quick), "gdrive://folder-1/it's/a.jsonl")).equals(body),
    ).toBe(true);
    expect(tokenCount()).toBeGreaterThan(1);
    const never = await drive({ expireAfter: 0 });
    await expect(
      driveStore({ endpoint: never.endpoint, keyFile: never.keyFile }, quick).stat("gdrive://file-123"),
    ).rejects.toThrow(/401/);
    await expect(
      driveStore({ endpoint, token: "stale" }, quick).stat("gdrive://file-123"),
    ).rejects.toMatchObject({
      code: "E_DATA_REFUSED",
      hint: expect.stringContaining("credentials") as string,
    });
  });

  it.each([
    ["gdrive://folder-1", /no file with bytes/],
    ["gdrive://folder-1/absent", /does not exist/],
    ["gdrive://folder-1/twice", /ambiguous/],
    ["gdrive://nothing-here", /404/],
    ["gdrive://folder-1//x", /form/],
  ])("refuses %s", async (uri, said) => {
    const { endpoint, keyFile } = await drive();
    await expect(driveStore({ endpoint, keyFile }, quick).stat(uri)).rejects.toThrow(said);
  });

  it("names a key file that is none, and never shows the key", async () => {
    const { endpoint, keyFile, key } = await drive();
    writeFileSync(keyFile, JSON.stringify({ ...key, private_key: "no key" }));
    const stat = driveStore({ endpoint, keyFile }, quick).stat("gdrive://file-123");
    await expect(stat).rejects.toThrow(/no usable private key/);
    await expect(stat).rejects.not.toThrow(/no key"/);
    await expect(
      driveStore({ endpoint, keyFile: "/absent.json" }, quick).stat("gdrive://file-123"),
    ).rejects.toMatchObject({
      code: "E_DATA_SOURCE_MISSING",
    });
  });
});
