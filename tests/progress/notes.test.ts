import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applyRetention,
  finishRotation,
  planRetention,
  proveReadable,
  reportOf,
  rotateClients,
  rotationStart,
} from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
const tokens: Record<string, string> = {};
const url = "/api/v1/clients/ann/notes";
const secret = "zqsyntheticnotewords";

beforeAll(async () => {
  service = await startService();
  tokens["service"] = service.token("service", "service");
  await service.send(tokens["service"], "POST", "/api/v1/sessions", { client_id: "ann", session_id: "s" });
  tokens["author"] = service.token("human", "clinician", ["ann"]);
  tokens["colleague"] = service.token("human", "clinician", ["ann"]);
  tokens["stranger"] = service.token("human", "clinician", ["bob"]);
  tokens["supervisor"] = service.token("human", "supervisor");
  tokens["operator"] = service.token("human", "operator");
  tokens["model"] = service.token("model", "model", ["ann"]);
  tokens["client"] = service.token("human", "client", ["ann"]);
});
afterAll(() => service.close());

const write = (who: string, body: unknown) => service.send(tokens[who] ?? null, "POST", url, body);
const read = (who: string, query = "") => service.send(tokens[who] ?? null, "GET", `${url}${query}`);
const itemsOf = async (who: string) =>
  ((await read(who)).body["items"] ?? []) as {
    id: string;
    kind: string;
    text: string;
    label: string | null;
  }[];
const consent = async (purpose: string, status: string) => {
  service.clock.now += 1000;
  const body = { purpose, status };
  expect(
    (await service.send(tokens["author"] ?? null, "POST", "/api/v1/clients/ann/consents", body)).status,
  ).toBe(201);
};

describe("separate notes", () => {
  it("are written by clinicians in care and read by their author alone", async () => {
    expect(await write("author", { kind: "psychotherapy", text: secret })).toMatchObject({
      status: 201,
      body: { kind: "psychotherapy", part2: false },
    });
    service.clock.now += 1000;
    expect(
      await write("author", {
        kind: "sud",
        text: `${secret} sud`,
        part2: { program: true, federally_assisted: true },
      }),
    ).toMatchObject({ status: 201, body: { part2: true } });
    expect((await itemsOf("author")).map((one) => one.kind)).toEqual(["sud", "psychotherapy"]);
    expect(await read("colleague")).toMatchObject({ status: 200, body: { count: 0 } });
    expect((await read("colleague")).text).not.toContain("42 CFR");
    const absent = await service.send(tokens["stranger"] ?? null, "GET", "/api/v1/clients/nobody/notes");
    for (const who of ["stranger", "supervisor", "operator", "model", "client", "service"]) {
      expect(await read(who), who).toMatchObject({ status: 404, text: absent.text });
      expect((await write(who, { kind: "psychotherapy", text: "x" })).status, who).toBe(404);
    }
  });

  it("stay closed to who breaks the glass", async () => {
    const opened = await service.send(tokens["stranger"] ?? null, "POST", "/api/v1/clients/ann/break-glass", {
      reason: "Synthetic emergency, nobody else on duty",
      hours: 1,
    });
    expect(opened.status).toBe(201);
    expect((await service.send(tokens["stranger"] ?? null, "GET", "/api/v1/sessions/ann")).status).toBe(200);
    expect((await read("stranger")).status).toBe(404);
  });

  it("open to a colleague kind by kind with the client's consent, with the Part 2 notice, until withdrawn", async () => {
    await consent("psychotherapy_notes", "given");
    expect(await read("colleague")).toMatchObject({
      body: { count: 1, items: [{ kind: "psychotherapy", is_own: false, label: null }] },
    });
    expect((await read("colleague")).body["notice"]).toBeUndefined();
    await consent("sud_notes", "given");
    const both = await read("colleague");
    expect(both.body).toMatchObject({
      count: 2,
      notice: "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
      scope: expect.stringContaining("consent") as string,
    });
    await consent("sud_notes", "withdrawn");
    await consent("psychotherapy_notes", "withdrawn");
    expect((await read("colleague")).body["count"]).toBe(0);
    const disclosed = service.store.database
      .prepare("SELECT count(*) AS n FROM ledger WHERE action = 'notes:read' AND object_kind = 'note'")
      .get() as { n: number };
    expect(disclosed.n).toBeGreaterThanOrEqual(6);
  });

  it("take the Part 2 label from facts, never by choice", async () => {
    expect(await write("author", { kind: "sud", text: "x" })).toMatchObject({
      status: 400,
      body: { field: "part2" },
    });
    expect(
      await write("author", {
        kind: "psychotherapy",
        text: "x",
        part2: { program: true, federally_assisted: true },
      }),
    ).toMatchObject({ status: 400 });
    expect(
      await write("author", { kind: "sud", text: "x", part2: { program: true, federally_assisted: false } }),
    ).toMatchObject({ body: { part2: false } });
    for (const body of [
      { kind: "other", text: "x" },
      { kind: "psychotherapy", text: " " },
      { kind: "psychotherapy" },
    ])
      expect((await write("author", body)).status).toBe(400);
  });

  it("are amended by their author with a note that names the former", async () => {
    const own = await itemsOf("author");
    const former = own.find((one) => one.text === secret)?.id;
    expect((await write("author", { kind: "psychotherapy", text: "corrected", amends: former })).status).toBe(
      201,
    );
    expect(
      (
        await write("author", {
          kind: "sud",
          text: "x",
          amends: former,
          part2: { program: false, federally_assisted: false },
        })
      ).status,
    ).toBe(400);
    expect((await write("colleague", { kind: "psychotherapy", text: "x", amends: former })).status).toBe(404);
    expect((await itemsOf("author")).map((one) => one.text)).toContain(secret);
  });

  it("come in pages", async () => {
    const first = await read("author", "?limit=1");
    expect(first.body["count"]).toBe(1);
    const cursor = String(first.body["next_cursor"]);
    const second = await read("author", `?limit=1&cursor=${encodeURIComponent(cursor)}`);
    expect(second.body["count"]).toBe(1);
    expect(second.body["items"]).not.toEqual(first.body["items"]);
    expect((await read("colleague", `?cursor=${encodeURIComponent(cursor)}`)).status).toBe(400);
  });

  it("stand in no export, report, page of the client or file in plain", async () => {
    for (const format of ["json", "csv", "ndjson", "fhir"]) {
      const reply = await service.app.inject({
        url: `/api/v1/clients/ann/export?format=${format}`,
        headers: { authorization: `Bearer ${tokens["author"]}` },
      });
      expect(reply.statusCode).toBe(200);
      expect(reply.body).not.toContain(secret);
    }
    const principal = { id: "x", tenantId: "", kind: "human", role: "supervisor", tenantWide: true } as const;
    const { tenant_id } = service.store.database.prepare("SELECT tenant_id FROM clients LIMIT 1").get() as {
      tenant_id: string;
    };
    const call = { store: service.store, principal: { ...principal, tenantId: tenant_id } };
    expect(JSON.stringify(reportOf(call, "ann"))).not.toContain(secret);
    for (const file of readdirSync(join(service.home, "progress")).filter((one) => one.includes(".db")))
      expect(readFileSync(join(service.home, "progress", file)).includes(secret), file).toBe(false);
    expect(service.logged.join("")).not.toContain(secret);
  });

  it("have keys of their own, renewed with the client's, opened by a proof", async () => {
    const keys = () =>
      service.store.database.prepare("SELECT wrapped FROM note_keys ORDER BY kind").all() as {
        wrapped: Buffer;
      }[];
    const before = keys();
    expect(before).toHaveLength(2);
    const proven = proveReadable(service.store).values;
    service.clock.now += 1000;
    rotateClients(service.store, rotationStart(service.store));
    finishRotation(service.store);
    const after = keys();
    for (const [index, one] of after.entries())
      expect(one.wrapped.equals(before[index]?.wrapped as Buffer)).toBe(false);
    expect(proveReadable(service.store).values).toBe(proven);
    expect((await itemsOf("author")).map((one) => one.text)).toContain(secret);
    await service.store.rotateRoot();
    expect((await itemsOf("author")).map((one) => one.text)).toContain(secret);
    // a note moved to the other kind, or another row, does not open
    service.store.database.prepare("UPDATE notes SET kind = 'psychotherapy' WHERE kind = 'sud'").run();
    expect(await read("author")).toMatchObject({ status: 500, body: { code: "E_SEAL_BROKEN" } });
    service.store.database.prepare("UPDATE notes SET kind = 'sud' WHERE part2 = 1").run();
    service.store.database
      .prepare(
        "DELETE FROM notes WHERE part2 = 0 AND kind = 'psychotherapy' AND id NOT IN (SELECT id FROM notes WHERE part2 = 1)",
      )
      .run();
    expect((await read("author")).status).toBe(200);
  });

  it("go by their own rule of retention, keep their client, and are erased with it", async () => {
    const day = 86_400_000;
    expect(planRetention(service.store, { notes: 30 }).classes).toEqual([
      { name: "notes", days: 30, records: 0 },
    ]);
    service.clock.now += 40 * day;
    await write("author", { kind: "psychotherapy", text: "new" });
    expect(planRetention(service.store, { notes: 30 }).classes[0]?.records).toBe(1);
    expect(planRetention(service.store, { clients: 30 }).clients).toBe(1); // bob alone: a note of today keeps ann
    applyRetention(service.store, { notes: 30 });
    expect((await itemsOf("author")).map((one) => one.text)).toEqual(["new"]);
    expect(
      (
        await service.send(tokens["operator"] ?? null, "POST", "/api/v1/clients/ann/erasure", {
          confirm: true,
        })
      ).status,
    ).toBe(200);
    for (const table of ["notes", "note_keys"])
      expect(service.store.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  });
});
