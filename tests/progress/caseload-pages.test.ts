import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inferencePrincipal, turns } from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";

const hostile = `<img src=x onerror="alert(1)">`;
let service: Service;
let key: string;
const tokens: Record<string, string> = {};
const names = Array.from({ length: 7 }, (_one, index) => `Client-${index}`);

beforeAll(async () => {
  service = await startService({ turn_consent: "not_withdrawn" });
  key = service.token("service", "service");
  for (const [index, client] of names.entries())
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: client,
      crisis_flags: index === 4 ? ["Synthetic flag"] : [],
      // two of the same moment: their order is by id
      authored_at: new Date(Date.UTC(2026, 4, 1 + Math.floor(index / 2))).toISOString(),
    });
  const call = { store: service.store, principal: inferencePrincipal(service.store, "clinic") };
  for (let turn = 0; turn < 60; turn += 1)
    turns.takeTurn(
      call,
      turns.turnSchema.parse({
        client_id: "Client-1",
        session_id: `chat ${hostile}`,
        turn,
        at: new Date(Date.UTC(2026, 4, 20, 10, turn)).toISOString(),
        level: turn === 59 ? "watch" : "none",
        user: `Synthetic question ${turn} ${hostile}`,
        assistant: turn === 58 ? null : `Synthetic reply ${turn} ${hostile}`,
        model: "tiny",
      }),
    );
  tokens["clinician"] = service.token("human", "clinician", names.slice(0, 6));
  tokens["other"] = service.token("human", "clinician", ["Client-6"]);
  tokens["client"] = service.token("human", "client", ["Client-1"]);
}, 60_000);
afterAll(() => service.close());

const caseload = async (query: string, who = "clinician") =>
  await service.send(tokens[who] as string, "GET", `/api/v1/caseload${query}`);
const idsOf = (body: Record<string, unknown>): string[] =>
  (body["items"] as { client_id: string }[]).map((one) => one.client_id);

async function page(who: string, url: string) {
  const signIn = await service.app.inject({
    method: "POST",
    url: "/app/sign-in",
    payload: new URLSearchParams({ token: tokens[who] as string }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const cookie = String(signIn.headers["set-cookie"]).split(";")[0] as string;
  return await service.app.inject({ method: "GET", url, headers: { cookie } });
}

describe("the caseload", () => {
  it("comes in pages that together are the whole, in order, each once", async () => {
    const whole = await caseload("");
    expect(whole.body).toMatchObject({ count: 6, total: 6 });
    expect(whole.body["next_cursor"]).toBeUndefined();
    expect(idsOf(whole.body)[0]).toBe("Client-4"); // open risk
    for (const limit of [1, 2, 4, 5]) {
      const seen: string[] = [];
      let cursor = "";
      do {
        const { status, body } = await caseload(`?limit=${limit}${cursor}`);
        expect(status).toBe(200);
        expect(body["total"]).toBe(6);
        seen.push(...idsOf(body));
        const next = body["next_cursor"] as string | undefined;
        cursor = next === undefined ? "" : `&cursor=${next}`;
      } while (cursor !== "");
      expect(seen, `pages of ${limit}`).toEqual(idsOf(whole.body));
    }
  });

  it("finds by part of an id among one's own clients alone", async () => {
    expect(idsOf((await caseload("?search=ENT-3")).body)).toEqual(["Client-3"]);
    expect((await caseload("?search=client-6")).body).toMatchObject({ count: 0, total: 0 });
    expect(idsOf((await caseload("?search=client-6", "other")).body)).toEqual(["Client-6"]);
    expect((await caseload("?search=%25")).body).toMatchObject({ total: 0 });
  });

  it("refuses a cursor that was altered, of another search, or somebody else's, and a limit out of range", async () => {
    const cursor = String((await caseload("?limit=2")).body["next_cursor"]);
    for (const [query, who] of [
      [`?cursor=${cursor}x`, "clinician"],
      [`?search=c&cursor=${cursor}`, "clinician"],
      [`?cursor=${cursor}`, "other"],
    ] as const)
      expect(await caseload(query, who), query).toMatchObject({ status: 400, body: { code: "E_CURSOR" } });
    for (const limit of ["0", "201", "x"])
      expect((await caseload(`?limit=${limit}`)).status, limit).toBe(400);
  });

  it("shows its search, escaped", async () => {
    const { body } = await page("clinician", `/app/caseload?search=${encodeURIComponent(hostile)}`);
    expect(body).toContain("&lt;img src=x");
    expect(body).not.toContain("<img");
  });
});

describe("the conversations", () => {
  const url = "/app/clients/Client-1/conversations";

  it("show time, level and words, newest first, escaped, page by page", async () => {
    expect((await page("clinician", "/app/clients/Client-1")).body).toContain(
      'href="/app/clients/Client-1/conversations"',
    );
    const first = await page("clinician", url);
    expect(first.statusCode).toBe(200);
    expect(first.body).not.toContain("<img");
    expect(first.body).toContain("Synthetic question 59 &lt;img");
    expect(first.body).toMatch(/2026-05-20 10:59[\s\S]*>watch</);
    expect(first.body).toContain("Nothing was said in return.");
    expect(first.body).not.toContain("Synthetic question 9 ");
    expect(first.body.match(/Synthetic question/g)).toHaveLength(50);
    const cursor = /conversations\?cursor=([^"]+)"/.exec(first.body)?.[1] ?? "";
    const second = await page("clinician", `${url}?cursor=${cursor}`);
    expect(second.body.match(/Synthetic question/g)).toHaveLength(10);
    expect(second.body).not.toContain("Earlier turns");
    expect((await page("clinician", `${url}?cursor=${cursor}x`)).statusCode).toBe(400);
  });

  it("are closed to who may not read sessions, and each reading stands in the ledger", async () => {
    const readings = () =>
      service.store.database
        .prepare("SELECT count(*) FROM ledger WHERE action = 'sessions:read' AND outcome = 'allowed'")
        .pluck()
        .get() as number;
    const before = readings();
    for (const who of ["other", "client"]) expect((await page(who, url)).statusCode, who).toBe(404);
    expect(readings()).toBe(before);
    await page("clinician", url);
    expect(readings()).toBe(before + 1);
  });

  it("keep their words back once consent to AI is withdrawn", async () => {
    await service.send(key, "POST", "/api/v1/clients/Client-1/consents", {
      purpose: "ai",
      status: "withdrawn",
    });
    const { body } = await page("clinician", url);
    expect(body).toContain("The client has withdrawn consent to AI");
    expect(body).toContain("2026-05-20 10:59");
    expect(body).not.toMatch(/Synthetic (question|reply)/);
  });
});
