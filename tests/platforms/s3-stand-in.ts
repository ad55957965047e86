import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Stored = { body: Buffer; tag: string; sha256: string | undefined };
export type Seen = { method: string; path: string; kind: "list" | "meta" | "data"; range?: string };

/** What goes wrong, and how often. */
export type Faults = {
  /** Answers that are cut in the middle of a body, by the bytes after which each is. */
  cuts: number[];
  /** Sendings that are cut, by the bytes that were received in all. */
  cutsAt?: number[];
  /** Answers 403 with this code once so many requests for data came. */
  refuse?: { after: number; code: string };
};

const hash = (name: string, body: Buffer): string => createHash(name).update(body).digest("hex");

/** A loopback S3 of one bucket: paging by 1,000, ETags, ranges, If-Match, parts. It checks how requests are signed. */
export async function startS3(faults: Faults = { cuts: [] }) {
  const objects = new Map<string, Stored>();
  const sendings = new Map<
    string,
    { key: string; sha256: string | undefined; parts: Map<number, { body: Buffer; tag: string }> }
  >();
  const seen: Seen[] = [];
  const traffic = { received: 0, sent: 0 };
  let data = 0;

  const fail = (response: ServerResponse, status: number, code: string): void => {
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(`<Error><Code>${code}</Code></Error>`);
  };

  /** The whole body, or nothing where the connection is to be cut. */
  async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      traffic.received += chunk.length;
      if (faults.cutsAt?.[0] !== undefined && traffic.received > faults.cutsAt[0]) {
        faults.cutsAt.shift();
        request.socket.destroy();
        return undefined;
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  function list(url: URL, response: ServerResponse): void {
    seen.push({ method: "GET", path: url.pathname, kind: "list" });
    const prefix = url.searchParams.get("prefix") ?? "";
    const after = url.searchParams.get("continuation-token") ?? "";
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort((a, b) => (a < b ? -1 : 1));
    const page = keys.slice(0, 1000);
    const blocks = page.map((key) => {
      const { body, tag } = objects.get(key) as Stored;
      return `<Contents><Key>${encodeURIComponent(key).replaceAll("%20", "+")}</Key><ETag>&quot;${tag}&quot;</ETag><Size>${body.length}</Size></Contents>`;
    });
    const more = keys.length > page.length;
    const tail = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
    response.end(
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${blocks.join("")}${tail}</ListBucketResult>`,
    );
  }

  function get(key: string, request: IncomingMessage, response: ServerResponse): void {
    const found = objects.get(key);
    if (found === undefined) return fail(response, 404, "NoSuchKey");
    const headers = { etag: `"${found.tag}"`, "x-amz-meta-sha256": found.sha256 ?? "" };
    if (request.method === "HEAD") {
      response.writeHead(200, { ...headers, "content-length": found.body.length }).end();
      return;
    }
    if (request.headers["if-match"] !== undefined && request.headers["if-match"] !== `"${found.tag}"`)
      return fail(response, 412, "PreconditionFailed");
    const [, start = "0", end = String(found.body.length - 1)] =
      /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const body = found.body.subarray(Number(start), Number(end) + 1);
    response.writeHead(206, { ...headers, "content-length": body.length });
    const cut = body.length > 100_000 ? faults.cuts[0] : undefined;
    if (cut !== undefined && cut < body.length) {
      faults.cuts.shift();
      traffic.sent += cut;
      response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 15));
      return;
    }
    traffic.sent += body.length;
    response.end(body);
  }

  async function parts(
    key: string,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const id = url.searchParams.get("uploadId");
    if (request.method === "POST" && url.searchParams.has("uploads")) {
      await bodyOf(request);
      const name = `sending-${sendings.size + 1}`;
      sendings.set(name, {
        key,
        sha256: request.headers["x-amz-meta-sha256"] as string | undefined,
        parts: new Map(),
      });
      response.end(
        `<InitiateMultipartUploadResult><UploadId>${name}</UploadId></InitiateMultipartUploadResult>`,
      );
      return;
    }
    const sending = sendings.get(id ?? "");
    if (sending === undefined || sending.key !== key) return fail(response, 404, "NoSuchUpload");
    if (request.method === "GET") {
      const listed = [...sending.parts].map(
        ([number, { tag, body }]) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"${tag}"</ETag><Size>${body.length}</Size></Part>`,
      );
      response.end(`<ListPartsResult><IsTruncated>false</IsTruncated>${listed.join("")}</ListPartsResult>`);
    } else if (request.method === "PUT") {
      const body = await bodyOf(request);
      if (body === undefined) return;
      const tag = hash("md5", body);
      sending.parts.set(Number(url.searchParams.get("partNumber")), { body, tag });
      response.writeHead(200, { etag: `"${tag}"` }).end();
    } else if (request.method === "POST") {
      await bodyOf(request);
      const all = [...sending.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
      if (all.slice(0, -1).some(({ body }) => body.length < 5 * 1024 * 1024))
        return fail(response, 400, "EntityTooSmall");
      const joined = hash("md5", Buffer.concat(all.map(({ tag }) => Buffer.from(tag, "hex"))));
      const tag = `${joined}-${all.length}`;
      objects.set(key, { body: Buffer.concat(all.map(({ body }) => body)), tag, sha256: sending.sha256 });
      sendings.delete(id as string);
      response.end(`<CompleteMultipartUploadResult><ETag>"${tag}"</ETag></CompleteMultipartUploadResult>`);
    } else {
      sendings.delete(id as string);
      response.writeHead(204).end();
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const [, bucket, ...rest] = url.pathname.split("/");
    const key = decodeURIComponent(rest.join("/"));
    const signed =
      /^AWS4-HMAC-SHA256 Credential=key-id\/\d{8}\/[\w-]+\/s3\/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$/;
    if (!signed.test(request.headers.authorization ?? "")) return fail(response, 403, "InvalidAccessKeyId");
    if (bucket !== "bucket") return fail(response, 404, "NoSuchBucket");
    if (key === "") return list(url, response);
    const kind = request.method === "HEAD" ? "meta" : "data";
    seen.push({
      method: request.method ?? "",
      path: key,
      kind,
      ...(request.headers.range === undefined ? {} : { range: request.headers.range }),
    });
    if (kind === "data" && faults.refuse !== undefined && ++data > faults.refuse.after) {
      request.resume();
      return fail(response, 403, faults.refuse.code);
    }
    if (url.searchParams.has("uploads") || url.searchParams.has("uploadId"))
      return await parts(key, url, request, response);
    if (request.method === "GET" || request.method === "HEAD") return get(key, request, response);
    if (request.method === "DELETE") {
      objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    const body = await bodyOf(request);
    if (body === undefined) return;
    if (hash("sha256", body) !== request.headers["x-amz-content-sha256"])
      return fail(response, 400, "XAmzContentSHA256Mismatch");
    const tag = hash("md5", body);
    objects.set(key, { body, tag, sha256: request.headers["x-amz-meta-sha256"] as string | undefined });
    response.writeHead(200, { etag: `"${tag}"` }).end();
  }

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    sendings,
    seen,
    traffic,
    faults,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
