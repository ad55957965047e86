import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";

const row = (word: string): string =>
  `${JSON.stringify({ prompt: `How do I ${word} at night?`, response: `Take your time to ${word}, no hurry.` })}\n`;

type Entry = { id: string; name: string; in: string; text?: string; type?: string; to?: string };
const apps = "application/vnd.google-apps";
const tree: Entry[] = [
  { id: "top-folder", name: "talks", in: "my-drive", type: `${apps}.folder` },
  { id: "file-1", name: "a b.jsonl", in: "top-folder", text: row("sleep") },
  { id: "file-2", name: "notes.md", in: "top-folder", text: "no data" },
  { id: "file-3", name: ".hidden.jsonl", in: "top-folder", text: row("hide") },
  { id: "deep-folder", name: "2024", in: "top-folder", type: `${apps}.folder` },
  { id: "file-4", name: "c/d.jsonl", in: "deep-folder", text: row("rest") },
  { id: "deeper-folder", name: "may", in: "deep-folder", type: `${apps}.folder` },
  { id: "file-5", name: "e.jsonl", in: "deeper-folder", text: row("breathe") },
  // Up again: a folder within itself must end.
  { id: "short-1", name: "back", in: "deeper-folder", type: `${apps}.shortcut`, to: "top-folder" },
  { id: "short-2", name: "linked.jsonl", in: "top-folder", type: `${apps}.shortcut`, to: "other-file" },
  { id: "other-file", name: "elsewhere.jsonl", in: "my-drive", text: row("walk") },
];
const folderOf = (entries: readonly Entry[], id: string): Entry[] => entries.filter((one) => one.in === id);

let server: Server;
let entries: Entry[];
let asked: string[];
beforeEach(async () => {
  entries = tree;
  asked = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const answer = (body: unknown, status = 200): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const facts = ({ id, name, type = "text/plain", to, text }: Entry) => ({
      id,
      name,
      mimeType: type,
      ...(text === undefined ? {} : { size: String(Buffer.byteLength(text)), md5Checksum: `sum-${id}` }),
      ...(to === undefined
        ? {}
        : {
            shortcutDetails: {
              targetId: to,
              targetMimeType: entries.find((one) => one.id === to)?.type ?? "text/plain",
            },
          }),
    });
    asked.push(`${url.pathname} ${url.searchParams.get("q") ?? ""}`);
    if (url.pathname === "/drive/v3/files") {
      const [, parent = "", name] =
        /^'([\w-]+)' in parents(?: and name = '([^']*)')? and trashed = false$/.exec(
          url.searchParams.get("q") ?? "",
        ) ?? [];
      const all = folderOf(entries, parent).filter((one) => name === undefined || one.name === name);
      const from = Number(url.searchParams.get("pageToken") ?? 0); // pages of two
      const more = all.length > from + 2 ? { nextPageToken: String(from + 2) } : {};
      return answer({ files: all.slice(from, from + 2).map(facts), ...more });
    }
    const entry = entries.find((one) => url.pathname === `/drive/v3/files/${one.id}`);
    if (entry === undefined) return answer({ error: { errors: [{ reason: "notFound" }] } }, 404);
    if (url.searchParams.get("alt") !== "media") return answer(facts(entry));
    const [, start = "0", end = ""] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    response.writeHead(206).end(Buffer.from(entry.text ?? "").subarray(Number(start), Number(end) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("TRAINING_READY_DRIVE_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("GOOGLE_ACCESS_TOKEN", "token");
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

async function build(uri: string, more: object = {}) {
  const source = { name: "drive", uri, licence: "MIT", ...more };
  const folder = scratch({ "training-ready.yaml": configOf([source]) });
  return {
    ran: await runIn(folder, "data", "build", "--out", "out", "--workers", "1"),
    out: join(folder, "out"),
  };
}
const all = [
  "gdrive://top-folder/2024/c%2Fd.jsonl",
  "gdrive://top-folder/2024/may/e.jsonl",
  "gdrive://top-folder/a%20b.jsonl",
  "gdrive://top-folder/linked.jsonl",
];

describe("a folder on Google Drive", () => {
  it.each([
    ["gdrive://top-folder", all],
    ["gdrive://top-folder/", all],
    [
      "gdrive://top-folder/2024", // the shortcut in it leads out of it
      [
        all[0],
        "gdrive://top-folder/2024/may/back/a%20b.jsonl",
        "gdrive://top-folder/2024/may/back/linked.jsonl",
        all[1],
      ],
    ],
    ["gdrive://top-folder/**/*e*.jsonl", [all[1], all[3]]],
  ])("is read file by file, over pages, folders and shortcuts: %s", async (uri, wanted) => {
    const { ran, out } = await build(uri);
    expect(ran.code, ran.err).toBe(0);
    const sources = readManifest(out).sources as unknown as {
      uri: string;
      family: string;
      records: number;
    }[];
    expect(sources.map((one) => [one.uri, one.family, one.records])).toEqual(
      wanted.map((one) => [one, "drive", 1]),
    );
    // Found once by listing, then by its id: nothing is looked up by name but the path that the config gives.
    expect(asked.filter((one) => one.includes("name =")).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["lies in it", "gdrive://top-folder", /holds documents of Google's office.*: Interview 1/],
    ["is named", "gdrive://the-doc", /is a document of Google's office/],
  ])("refuses a document of Google's office that %s, and says what to do", async (_, uri, said) => {
    entries = [...tree, { id: "the-doc", name: "Interview 1", in: "top-folder", type: `${apps}.document` }];
    const { ran } = await build(uri);
    expect({ code: ran.code, err: ran.err }).toEqual({
      code: 1,
      err: expect.stringMatching(said) as string,
    });
    expect(ran.err).toContain("Download it");
    const { ran: narrow } = await build("gdrive://top-folder/**/*.jsonl");
    expect(narrow.code).toBe(0);
  });

  it("says that two files have one name, that a folder is empty, and what is not there", async () => {
    entries = [...tree, { id: "twin", name: "a b.jsonl", in: "top-folder", text: row("doubt") }];
    expect((await build("gdrive://top-folder")).ran.err).toMatch(/a%20b\.jsonl is ambiguous/);
    entries = [{ id: "bare-folder", name: "x", in: "my-drive", type: `${apps}.folder` }, ...tree];
    expect((await build("gdrive://bare-folder")).ran.err).toContain("holds no file that can be read");
    expect((await build("gdrive://gone-folder")).ran.err).toContain("404");
  });
});
