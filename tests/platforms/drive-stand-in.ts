import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Node = { id: string; name: string; parent: string; body?: Buffer; trashed: boolean; version: number };
export type DriveFaults = { cuts: number[]; tokenEndsAfter?: number; denies?: boolean };

const folderType = "application/vnd.google-apps.folder";
const hash = (name: string, body: Buffer): string => createHash(name).update(body).digest("hex");

/** A loopback Google Drive: folders, paging by 1,000, resumable sendings, ranges, the bin. It checks the token and the words of a query. */
export async function startDrive(faults: DriveFaults = { cuts: [] }) {
  const nodes = new Map<string, Node>([
    ["rootfolder", { id: "rootfolder", name: "root", parent: "", trashed: false, version: 1 }],
  ]);
  const sessions = new Map<string, { id: string; total: number; body: Buffer }>();
  const seen: string[] = [];
  const traffic = { received: 0, sent: 0 };
  let next = 1;
  let requests = 0;

  const shown = (node: Node): Record<string, unknown> => ({
    id: node.id,
    name: node.name,
    mimeType: node.body === undefined ? folderType : "application/octet-stream",
    version: String(node.version),
    ...(node.body === undefined
      ? {}
      : {
          size: String(node.body.length),
          md5Checksum: hash("md5", node.body),
          sha256Checksum: hash("sha256", node.body),
        }),
  });
  const json = (
    response: ServerResponse,
    value: unknown,
    status = 200,
    headers: Record<string, string> = {},
  ): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  };
  async function bodyOf(request: IncomingMessage): Promise<{ body: Buffer; isCut: boolean }> {
    const chunks: Buffer[] = [];
    let here = 0;
    const cut = Number(request.headers["content-length"] ?? 0) > 100_000 ? faults.cuts[0] : undefined;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      traffic.received += chunk.length;
      if (cut !== undefined && here + chunk.length > cut) {
        chunks.push(chunk.subarray(0, cut - here));
        faults.cuts.shift();
        request.socket.destroy();
        return { body: Buffer.concat(chunks), isCut: true };
      }
      here += chunk.length;
      chunks.push(chunk);
    }
    return { body: Buffer.concat(chunks), isCut: false };
  }
  const make = (name: string, parent: string, body?: Buffer): Node => {
    const node: Node = {
      id: `file-${next++}-id`,
      name,
      parent,
      trashed: false,
      version: 1,
      ...(body === undefined ? {} : { body }),
    };
    nodes.set(node.id, node);
    return node;
  };

  async function sending(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const session = sessions.get(id);
    const range = request.headers["content-range"] ?? "";
    const { body, isCut } = await bodyOf(request);
    if (session === undefined) return json(response, {}, 404);
    const [, start] = /^bytes (\d+)-\d+\/\d+$/.exec(range) ?? [];
    if (start !== undefined) {
      if (Number(start) !== session.body.length) return json(response, {}, 400);
      // Only whole blocks of 256 KiB are kept of what was cut.
      const kept = isCut ? body.subarray(0, Math.floor(body.length / 262_144) * 262_144) : body;
      session.body = Buffer.concat([session.body, kept]);
      if (isCut) return;
    }
    if (session.body.length < session.total) {
      const so = session.body.length === 0 ? {} : { range: `bytes=0-${session.body.length - 1}` };
      response.writeHead(308, so).end();
      return;
    }
    const node = nodes.get(session.id) as Node;
    node.body = session.body;
    node.version++;
    sessions.delete(id);
    json(response, shown(node));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.headers.authorization !== "Bearer drive-token") return json(response, {}, 401);
    if (faults.tokenEndsAfter !== undefined && ++requests > faults.tokenEndsAfter) {
      request.resume();
      return json(response, { error: { errors: [{ reason: "authError" }] } }, 401);
    }
    seen.push(`${request.method} ${url.pathname}${url.searchParams.get("alt") === "media" ? " media" : ""}`);
    const method = request.method ?? "";
    if (url.pathname === "/sendings")
      return await sending(request, response, url.searchParams.get("id") ?? "");
    if (faults.denies === true && method !== "GET") {
      request.resume();
      return json(response, { error: { errors: [{ reason: "insufficientFilePermissions" }] } }, 403);
    }
    const [, upload, id] = /^(\/upload)?\/drive\/v3\/files(?:\/([\w-]+))?$/.exec(url.pathname) ?? [];
    if (upload !== undefined) {
      const { body } = await bodyOf(request);
      const facts = JSON.parse(body.toString()) as { name?: string; parents?: string[] };
      const node =
        id === undefined ? make(facts.name ?? "", facts.parents?.[0] ?? "", Buffer.alloc(0)) : nodes.get(id);
      if (node === undefined) return json(response, {}, 404);
      const session = `sending-${sessions.size + 1}-${node.id}`;
      sessions.set(session, {
        id: node.id,
        total: Number(request.headers["x-upload-content-length"]),
        body: Buffer.alloc(0),
      });
      return json(response, {}, 200, { location: `${base()}/sendings?id=${session}` });
    }
    if (id === undefined && method === "GET") {
      const [, parent, , name] =
        /^'([\w-]+)' in parents and trashed = false( and name = '(.*)')?$/.exec(
          url.searchParams.get("q") ?? "",
        ) ?? [];
      if (parent === undefined) return json(response, {}, 400);
      const all = [...nodes.values()].filter(
        (node) =>
          node.parent === parent &&
          !node.trashed &&
          (name === undefined || node.name === name.replaceAll("\\", "")),
      );
      const from = Number(url.searchParams.get("pageToken") ?? "0");
      const size = Number(url.searchParams.get("pageSize"));
      const more = from + size < all.length ? { nextPageToken: String(from + size) } : {};
      return json(response, { files: all.slice(from, from + size).map(shown), ...more });
    }
    if (id === undefined) {
      const { body } = await bodyOf(request);
      const facts = JSON.parse(body.toString()) as { name: string; parents: string[] };
      return json(response, shown(make(facts.name, facts.parents[0] as string)));
    }
    const node = nodes.get(id);
    if (node === undefined || node.trashed) return json(response, {}, 404);
    if (method === "PATCH") {
      const { body } = await bodyOf(request);
      node.trashed = (JSON.parse(body.toString()) as { trashed?: boolean }).trashed === true;
      return json(response, shown(node));
    }
    if (url.searchParams.get("alt") !== "media") return json(response, shown(node));
    const [, start = "0"] = /^bytes=(\d+)-\d+$/.exec(request.headers.range ?? "") ?? [];
    const body = (node.body as Buffer).subarray(Number(start));
    response.writeHead(206, { "content-length": body.length });
    const cut = body.length > 100_000 ? faults.cuts[0] : undefined;
    if (cut !== undefined && cut < body.length) {
      faults.cuts.shift();
      traffic.sent += cut;
      response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 15));
    } else {
      traffic.sent += body.length;
      response.end(body);
    }
  }

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: base(),
    nodes,
    sessions,
    seen,
    traffic,
    faults,
    make,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
