import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatReaders } from "../../src/cli/progress/readers.format.ts";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
let key: string;
let clinician: string;
let supervisor: string;
beforeAll(async () => {
  service = await startService();
  key = service.token("service", "service");
  await service.send(key, "POST", "/api/v1/sessions", { client_id: "ann", session_id: "s" });
  await service.send(key, "POST", "/api/v1/sessions", { client_id: "bob", session_id: "s" });
  clinician = service.token("human", "clinician", ["ann"]);
  supervisor = service.token("human", "supervisor");
});
afterAll(() => service.close());
const base = "/api/v1/clients/ann";
const body = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  service.app.inject({
    method: "POST",
    url,
    payload: body(fields),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });

describe("homework and episodes", () => {
  it("change under the revision that was seen, and keep what was not sent", async () => {
    const made = await service.send(key, "POST", `${base}/homework`, {
      description: "Synthetic diary",
      due: "2026-06-20",
    });
    const url = `${base}/homework/${String(made.body["id"])}`;
    expect(await service.send(key, "PUT", url, { status: "done" })).toMatchObject({ status: 428 });
    expect(await service.send(key, "PUT", url, {}, { "if-match": '"1"' })).toMatchObject({ status: 400 });
    expect(await service.send(key, "PUT", url, { status: "nice" }, { "if-match": '"1"' })).toMatchObject({
      status: 400,
    });
    expect(await service.send(key, "PUT", url, { status: "done" }, { "if-match": '"1"' })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { status: "done", description: "Synthetic diary", due: "2026-06-20" },
    });
    expect(await service.send(key, "PUT", url, { status: "set" }, { "if-match": '"1"' })).toMatchObject({
      status: 412,
    });
    expect((await service.send(key, "GET", `${base}/homework`)).body).toMatchObject({
      count: 1,
      items: [{ status: "done", revision: 2 }],
    });
    const elsewhere = url.replace("/ann/", "/bob/");
    expect(
      await service.send(key, "PUT", elsewhere, { status: "done" }, { "if-match": '"2"' }),
    ).toMatchObject({ status: 404 });
    expect((await service.send(key, "GET", `${base}/report.json`)).body["work"]).toMatchObject({
      homework: { set: 1, done: 1 },
    });
  });

  it("an episode ends as one episode, with its outcome, and not before it began", async () => {
    const made = await service.send(key, "POST", `${base}/episodes`, {
      start: "2026-04-01T00:00:00Z",
      measure_every_days: 7,
      timezone: "Europe/Vienna",
    });
    for (const [index, total] of [18, 9].entries())
      await service.send(key, "POST", `${base}/measures`, {
        instrument: "PHQ-9",
        total,
        authored_at: new Date(Date.UTC(2026, 3, 2 + 30 * index)).toISOString(),
      });
    const url = `${base}/episodes/${String(made.body["id"])}`;
    const seen = { "if-match": '"1"' };
    expect(await service.send(key, "PUT", url, { end: "2026-03-01T00:00:00Z" }, seen)).toMatchObject({
      status: 400,
    });
    expect(
      await service.send(key, "PUT", url, { end: "2026-05-20T00:00:00Z", reason: "Synthetic: done" }, seen),
    ).toMatchObject({ status: 200, body: { measure_every_days: 7, timezone: "Europe/Vienna" } });
    expect((await service.send(key, "GET", `${base}/report.json`)).body).toMatchObject({
      episode: { start: "2026-04-01T00:00:00.000Z", end: "2026-05-20T00:00:00.000Z", every_days: 7 },
      outcomes: [{ instrument: "PHQ-9", outcome: "recovered" }],
      instruments: [{ missed: expect.arrayContaining(["2026-04-08T00:00:00.000Z"]) }],
    });
    const fhir = (await service.send(key, "GET", `${base}/export?format=fhir`)).text;
    expect(fhir.split('"resourceType":"EpisodeOfCare"')).toHaveLength(2);
    const exported = await service.send(key, "GET", `${base}/export`);
    const other = await startService();
    try {
      const { importClient, inferencePrincipal } = await import("../../src/progress/index.ts");
      const call = { store: other.store, principal: inferencePrincipal(other.store, "clinic") };
      expect(importClient(call, exported.body)).toMatchObject({ sha256: exported.body["sha256"] });
    } finally {
      await other.close();
    }
  });
});

describe("who cares", () => {
  it("is set, limited and ended by a supervisor or an operator of the tenant, and by nobody else", async () => {
    const stand = service.token("human", "clinician");
    const read = async (token: string) => (await service.send(token, "GET", `${base}/report.json`)).status;
    const { body } = await service.send(supervisor, "GET", `${base}/care`);
    const { items, clinicians } = body as {
      items: { valid: boolean; role: string }[];
      clinicians: { id: string }[];
    };
    expect(items).toMatchObject([{ valid: true, role: "clinician" }]);
    const id = stand.slice(3, 35).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    expect(clinicians.map((one) => one.id)).toContain(id);
    expect(await read(stand)).toBe(404);
    const url = `${base}/care/${id}`;
    const cover = { until: "2026-06-08T00:00:00Z" };
    expect((await service.send(supervisor, "PUT", url, cover)).status).toBe(200);
    expect(await read(stand)).toBe(200);
    const before = service.clock.now;
    service.clock.now = Date.parse("2026-06-09T00:00:00Z");
    expect(await read(stand)).toBe(404);
    service.clock.now = before;
    const operator = service.token("human", "operator");
    expect((await service.send(operator, "PUT", url, { end: true })).body).toMatchObject({
      message: "Care ended",
    });
    expect(await read(stand)).toBe(404);
    const colleague = service.token("human", "clinician", ["ann"]);
    for (const token of [colleague, key, service.token("model", "model", ["ann"])])
      expect((await service.send(token, "PUT", url, {})).status).toBe(404);
    const elsewhere = service.token("human", "supervisor", [], "elsewhere");
    expect((await service.send(elsewhere, "PUT", url, {})).status).toBe(404);
    // Their own client of the same name does not let them give care by another tenant's person.
    await service.send(service.token("service", "service", [], "elsewhere"), "POST", "/api/v1/sessions", {
      client_id: "ann",
    });
    expect((await service.send(elsewhere, "PUT", url, {})).status).toBe(404);
    expect(await read(stand)).toBe(404);
    const backwards = { from: "2026-06-08T00:00:00Z", until: "2026-06-07T00:00:00Z" };
    expect((await service.send(supervisor, "PUT", url, backwards)).status).toBe(400);
    const ledger = (await service.send(supervisor, "GET", `${base}/ledger`)).body["items"] as {
      action: string;
      principal: string;
    }[];
    const set = ledger.filter((one) => one.action === "care:set" || one.action === "care:end");
    expect(set).toHaveLength(2);
    expect(set.every((one) => one.principal !== "local-operator")).toBe(true);
  });
});

describe("who read what", () => {
  it("is asked for by person, by client and by days, and tells nobody more than it may know", async () => {
    await service.send(clinician, "GET", `${base}/report.json`);
    await service.send(clinician, "GET", "/api/v1/clients/bob/report.json");
    const ask = async (token: string, query: string) =>
      (await service.send(token, "GET", `/api/v1/readers${query}`)).body["items"] as {
        principal: string;
        role: string | null;
        client: string;
        client_id: string | null;
        reads: number;
        denied: number;
      }[];
    const all = await ask(supervisor, "");
    const reader = all.find((one) => one.role === "clinician" && one.reads > 0);
    expect(reader).toMatchObject({ reads: 1, denied: 0 });
    const own = await ask(supervisor, `?person=${String(reader?.principal)}`);
    expect(new Set(own.map((one) => one.client_id))).toEqual(new Set(["ann", "bob"]));
    expect(own.find((one) => one.client_id === "bob")).toMatchObject({ reads: 0, denied: 1 });
    const document = (await service.send(supervisor, "GET", "/api/v1/readers?client=ann")).body;
    expect(formatReaders(document as Parameters<typeof formatReaders>[0])).toMatch(
      /\(clinician\): ann: 1 reads, 0 other acts; 2026-06-01 12:00/,
    );
    const byClient = await ask(supervisor, "?client=bob");
    expect(byClient.length).toBeGreaterThan(1);
    expect(byClient.every((one) => one.client_id === "bob")).toBe(true);
    expect(await ask(supervisor, "?from=2026-05-01&to=2026-05-30")).toEqual([]);
    expect(
      (await service.send(supervisor, "GET", "/api/v1/readers?from=2026-06-02&to=2026-06-01")).status,
    ).toBe(400);
    // An auditor has pseudonyms alone: a client's id finds nothing, its pseudonym does.
    const auditor = service.token("human", "auditor");
    expect(await ask(auditor, "?client=bob")).toEqual([]);
    const pseudonym = byClient[0]?.client ?? "";
    expect((await ask(auditor, `?client=${pseudonym}`)).every((one) => one.client_id === null)).toBe(true);
    expect((await service.send(clinician, "GET", "/api/v1/readers")).status).toBe(404);
  });
});

describe("the plan's page", () => {
  it("records what is agreed, with the revision that was shown", async () => {
    const signIn = {
      cookie: String((await post("/app/sign-in", { token: clinician })).headers["set-cookie"]).split(
        ";",
      )[0] as string,
    };
    const look = async () =>
      (await service.app.inject({ method: "GET", url: "/app/clients/ann/plan", headers: signIn })).body;
    const csrf = /name="csrf" value="([^"]+)"/.exec(await look())?.[1] ?? "";
    const send = (path: string, fields: Record<string, string>) =>
      post(`/app/clients/ann/${path}`, { csrf, ...fields }, signIn);
    expect((await send("consents", { purpose: "research", status: "given" })).statusCode).toBe(303);
    expect((await send("homework", { description: "Synthetic walk", due: "" })).statusCode).toBe(303);
    const page = await look();
    expect(page).toMatch(/research<\/td>\s*<td\s*><span class="tag good">given/);
    expect(page).toContain("Synthetic walk");
    const [, id, revision] = /homework\/([0-9a-f-]{36})"[^]*?name="revision" value="(\d+)"/.exec(page) ?? [];
    expect((await send(`homework/${id}`, { revision: String(revision), status: "partly" })).statusCode).toBe(
      303,
    );
    expect((await send(`homework/${id}`, { revision: String(revision), status: "done" })).statusCode).toBe(
      412,
    );
    for (const day of ["2026-05-28", "2026-06-01"]) {
      const sheet = { instrument: "GAD-7", day, total: "11", source: "self" };
      expect((await send("measures", sheet)).statusCode).toBe(303);
    }
    for (const wrong of [{ day: "2026-06-09" }, { total: "" }, { total: "22" }, { day: "soon" }])
      expect(
        (
          await send("measures", {
            instrument: "GAD-7",
            day: "2026-05-28",
            total: "1",
            source: "self",
            ...wrong,
          })
        ).statusCode,
      ).toBe(400);
    expect(
      (await send("episodes", { start: "2026-05-25", measure_every_days: "7", timezone: "" })).statusCode,
    ).toBe(303);
    expect((await send("risk", { severity: "high", note: "Synthetic: marked on paper" })).statusCode).toBe(
      303,
    );
    expect(await look()).toMatch(/Open risk: 1 event\.\s+See it\s+first\./);
    expect((await service.send(clinician, "GET", `${base}/measures?instrument=GAD-7`)).body).toMatchObject({
      count: 2,
      items: [{ total: 11, mode: "paper" }, { total: 11 }],
    });
    const other = await service.app.inject({ method: "GET", url: "/app/clients/bob/plan", headers: signIn });
    expect(other.statusCode).toBe(404);
    expect(other.body).not.toContain("bob");
  });
});
