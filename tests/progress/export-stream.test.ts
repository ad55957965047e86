import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  authenticate,
  eraseClient,
  exportClient,
  localOperator,
  type Call,
} from "../../src/progress/index.ts";
import { canonicalJson, sha256 } from "../../src/shared/index.ts";
import { isOnServer, startService, type Service } from "./service.test-data.ts";

let service: Service;
let key: string;
let call: Call;
const count = 230;

beforeAll(async () => {
  service = await startService();
  key = service.token("service", "service");
  const principal = authenticate(service.store, key);
  if (principal === undefined) throw new Error("no principal");
  call = { store: service.store, principal };
  await fill("ada");
}, 60_000);
afterAll(() => service.close());

const fill = async (client: string) => {
  for (let index = 0; index < count; index += 1)
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: client,
      session_id: `${client}-${index}`,
      kind: index % 2 === 0 ? "ai" : "human",
      progress_notes: `Synthetic ${index} `.repeat(30),
      authored_at: new Date(service.clock.now - index * 60_000).toISOString(),
    });
  await service.send(key, "POST", "/api/v1/goals", { client_id: client, goal_id: "g", description: "=1+1" });
  await service.send(key, "POST", "/api/v1/milestones", {
    goal_id: "g",
    client_id: client,
    description: "x",
  });
};
const exportsIn = (store = service.store): number =>
  store.database.prepare("SELECT count(*) FROM ledger WHERE action = 'export:read'").pluck().get() as number;

it("stands in the ledger before the first piece, and comes in pieces of bounded size", async () => {
  const before = exportsIn();
  const { open } = exportClient(call, "ada", "ndjson");
  expect(exportsIn()).toBe(before + 1);
  const pieces: Buffer[] = [];
  for await (const piece of await open()) pieces.push(piece as Buffer);
  expect(pieces.length).toBeGreaterThan(1);
  expect(Math.max(...pieces.map((one) => one.length))).toBeLessThan(100 * 1024);
  const lines = Buffer.concat(pieces).toString("utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(1 + count + 2 + 1);
});

it("a form's end counts and hashes what the file holds, across pages of rows", async () => {
  const { text } = await service.send(key, "GET", "/api/v1/export/ada");
  const {
    version: _,
    tool: __,
    client_id: ___,
    exported_at: ____,
    counts,
    sha256: said,
    ...content
  } = JSON.parse(text);
  expect(counts).toMatchObject({ sessions: count, goals: 1, milestones: 1, turns: 0 });
  expect(sha256(canonicalJson(content))).toBe(said);
  const ids = content.sessions.map((one: { session_id: string }) => one.session_id);
  expect(ids).toEqual(Array.from({ length: count }, (_one, index) => `ada-${index}`));
  const ndjson = await service.send(key, "GET", "/api/v1/export/ada?format=ndjson");
  expect(JSON.parse(ndjson.text.trimEnd().split("\n").at(-1) ?? "")).toEqual({
    record: "end",
    counts,
    sha256: said,
  });
  const csv = await service.send(key, "GET", "/api/v1/export/ada?format=csv");
  expect(csv.text).toContain("'=1+1");
  expect(csv.text.split("\r\n")).toHaveLength(1 + count + 2 + 1 + 1);
});

it("FHIR names every session that the model led in one Provenance, and the disclosure as an AuditEvent", async () => {
  const { body } = await service.send(key, "GET", "/api/v1/clients/ada/export?format=fhir");
  const resources = (body["entry"] as { resource: Record<string, unknown> }[]).map((one) => one.resource);
  const provenance = resources.filter((one) => one["resourceType"] === "Provenance");
  expect(provenance).toHaveLength(1);
  expect(provenance[0]?.["target"]).toHaveLength(count / 2);
  expect(resources.at(-1)).toMatchObject({
    resourceType: "AuditEvent",
    agent: [{ who: { identifier: { value: call.principal.id } }, requestor: true }],
  });
});

it("is of one moment: what is recorded while it is read does not come in", async () => {
  const stream = await exportClient(call, "ada", "json").open();
  await service.send(key, "POST", "/api/v1/sessions", { client_id: "ada", session_id: "late" });
  const hash = createHash("sha256");
  let text = "";
  for await (const piece of stream) {
    hash.update(piece as Buffer);
    text += String(piece);
  }
  expect(text).not.toContain('"late"');
  expect(JSON.parse(text)).toMatchObject({ counts: { sessions: count } });
});

it.skipIf(isOnServer)(
  "erasing ends an export under way and leaves no log behind",
  async () => {
    await fill("ben");
    const stream = await exportClient(call, "ben", "json").open();
    const operator = localOperator(service.store, "clinic", "operator");
    if (operator === undefined) throw new Error("no operator");
    eraseClient({ store: service.store, principal: operator }, "ben");
    expect(statSync(`${service.store.paths.database}-wal`).size).toBe(0);
    await expect(async () => {
      for await (const _ of stream);
    }).rejects.toThrow();
    expect(service.store.snapshots.size).toBe(0);
  },
  60_000,
);

it.skipIf(isOnServer)(
  "a broken seal is found before the first byte: 500, noted, nothing partial",
  async () => {
    await fill("cyd");
    service.store.database
      .prepare(
        "UPDATE records SET body = zeroblob(200) WHERE id = (SELECT id FROM records WHERE kind = 'session' ORDER BY rowid DESC LIMIT 1)",
      )
      .run();
    const reply = await service.send(key, "GET", "/api/v1/export/cyd?format=csv");
    expect(reply.status).toBe(500);
    expect(reply.text).toContain("E_SEAL_BROKEN");
    expect(reply.text).not.toContain("Synthetic");
    const last = service.store.database.prepare("SELECT outcome FROM ledger ORDER BY seq DESC").pluck().get();
    expect(last).toBe("failed");
  },
  60_000,
);
