import type { AddressInfo } from "node:net";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inferencePrincipal, turns } from "../../src/progress/index.ts";
import { axeFindings, hasBrowser, openBrowser } from "./browser.test-data.ts";
import { startService, type Service } from "./service.test-data.ts";
import { sqliteOf } from "./sqlite.test-data.ts";

if (!hasBrowser) console.warn("pages: no Chromium on this machine; its tests are skipped");
const pictures = process.env["PAGE_PICTURES"];
const hostile = `<img src=x onerror="document.title='owned'">`;

let service: Service;
let browser: Browser;
let base: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  service = await startService({ turn_consent: "not_withdrawn" });
  await service.app.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`;
  const key = service.token("service", "service");
  for (const [week, items] of [
    [2, 2, 2, 2, 2, 2, 2, 2, 1],
    [2, 2, 2, 2, 2, 2, 2, 1, 1],
    [2, 2, 2, 2, 1, 1, 2, 1, 0],
    [1, 1, 2, 2, 1, 1, 1, 1, 0],
    [1, 1, 1, 1, 1, 1, 1, 0, 0],
    [1, 1, 1, 1, 0, 1, 0, 0, 0],
  ].entries())
    await service.send(key, "POST", "/api/v1/clients/ada/measures", {
      instrument: "PHQ-9",
      items,
      authored_at: new Date(Date.UTC(2026, 3, 6 + 7 * week)).toISOString(),
    });
  await service.send(key, "POST", "/api/v1/sessions", { client_id: hostile, techniques_used: [hostile] });
  await service.send(key, "POST", "/api/v1/goals", {
    client_id: "ada",
    goal_id: "g",
    description: `Synthetic goal ${hostile}`,
    completion_percentage: 40,
  });
  await service.send(key, "POST", "/api/v1/sessions", { client_id: "ben", session_id: "b" });
  const call = { store: service.store, principal: inferencePrincipal(service.store, "clinic") };
  turns.takeTurn(
    call,
    turns.turnSchema.parse({
      client_id: "ada",
      session_id: "chat",
      turn: 0,
      at: "2026-05-30T10:00:00Z",
      level: "elevated",
      user: "Synthetic",
      assistant: "Synthetic",
      model: "tiny",
    }),
  );
  tokens["clinician"] = service.token("human", "clinician", ["ada", hostile]);
  tokens["other"] = service.token("human", "clinician", ["ben"]);
  tokens["supervisor"] = service.token("human", "supervisor");
  await service.send(tokens["supervisor"], "POST", "/api/v1/model-versions", {
    model: "tiny",
    from: "2026-05-01T00:00:00Z",
  });
  tokens["client"] = service.token("human", "client", ["ada"]);
  if (hasBrowser) browser = await openBrowser();
});
afterAll(async () => {
  if (hasBrowser) await browser.close();
  await service.close();
});

async function signedIn(who: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${base}/app`);
  await page.fill("input[name=token]", tokens[who] as string);
  await page.keyboard.press("Enter");
  await page.waitForSelector("header.bar nav");
  return { page, context };
}

/** Axe finds nothing, nothing hostile ran, nothing scrolls sideways; narrow pages were looked at whole when wide. */
async function looksRight(page: Page, name: string): Promise<void> {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  expect(await axeFindings(page, name.endsWith("-narrow") ? "size" : "all"), name).toEqual([]);
  expect(await page.evaluate("document.querySelectorAll('img').length"), name).toBe(0);
  expect(await page.title()).not.toBe("owned");
  const overflow = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  for (const colorScheme of pictures === undefined ? [] : (["dark", "light"] as const)) {
    mkdirSync(pictures as string, { recursive: true });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(pictures as string, `${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  expect(problems).toEqual([]);
}

describe.skipIf(!hasBrowser)("in a browser", { timeout: 180_000 }, () => {
  it("every page of a clinician passes axe, light and dark, wide and narrow", async () => {
    const { page, context } = await signedIn("clinician");
    for (const [name, path] of [
      ["caseload", "/app/caseload"],
      ["caseload-search", "/app/caseload?search=ad"],
      ["caseload-none", "/app/caseload?search=nobody"],
      ["client", "/app/clients/ada"],
      ["conversations", "/app/clients/ada/conversations"],
      ["plan", "/app/clients/ada/plan"],
      ["client-own-by-clinician", "/app/clients/ada/own"],
      ["risk", "/app/risk"],
      ["fleet", "/app/fleet"],
      ["break-glass", "/app/break-glass"],
      ["missing", "/app/clients/ben"],
    ] as const) {
      await page.goto(`${base}${path}`);
      await looksRight(page, name);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${base}/app/caseload`);
    await looksRight(page, "caseload-narrow");
    await page.goto(`${base}/app/clients/ada/conversations`);
    await looksRight(page, "conversations-narrow");
    await page.goto(`${base}/app/clients/ada/plan`);
    await looksRight(page, "plan-narrow");
    await page.goto(`${base}/app/clients/ada`);
    await looksRight(page, "client-narrow");
    expect(await page.locator("svg.chart:visible").count()).toBe(2);
    expect(await page.locator("svg.chart.narrow:visible").count()).toBe(2);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("svg.chart.wide:visible").count()).toBe(2);
    expect(await page.isVisible("button")).toBe(false);
    await context.close();
  });

  it("so do the sign-in, its refusal, a made link, an empty sheet, a supervisor's pages and the report alone", async () => {
    const { page, context } = await signedIn("clinician");
    await page.goto(`${base}/app/clients/ada`);
    await page.click("text=Make a one-time link");
    await page.waitForSelector(".token");
    await looksRight(page, "link");
    const path = (await page.textContent(".token")) as string;
    await context.close();
    const nobody = await (await browser.newContext()).newPage();
    await nobody.goto(path.trim());
    await nobody.click("text=Send");
    await nobody.waitForSelector("[role=alert]");
    await looksRight(nobody, "form-empty");
    await nobody.goto(`${base}/app/sign-in`);
    await looksRight(nobody, "sign-in");
    await nobody.fill("input[name=token]", "tr_wrong");
    await nobody.keyboard.press("Enter");
    await nobody.waitForSelector("[role=alert]");
    await looksRight(nobody, "sign-in-refused");
    await nobody.context().setExtraHTTPHeaders({ authorization: `Bearer ${tokens["clinician"]}` });
    await nobody.goto(`${base}/api/v1/clients/ada/report.html`);
    await looksRight(nobody, "report-alone");
    await nobody.context().close();
    const supervisor = await signedIn("supervisor");
    // the others are a clinician's too
    for (const name of ["clients/ada/plan", "break-glass", "readers"]) {
      await supervisor.page.goto(`${base}/app/${name}`);
      await looksRight(supervisor.page, `supervisor-${name.replaceAll("/", "-")}`);
    }
    await supervisor.context.close();
  });

  it("a separate note goes in by keyboard alone, with its Part 2 notice, and prints without the form", async () => {
    const { page, context } = await signedIn("clinician");
    await page.goto(`${base}/app/clients/ada/notes`);
    await looksRight(page, "notes-empty");
    await page.focus("select[name=kind]");
    await page.keyboard.press("s"); // substance use
    await page.keyboard.press("Tab");
    await page.keyboard.type(`Synthetic note ${hostile}`);
    for (const _ of ["program", "federally_assisted"]) {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
    }
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=42 CFR part 2 prohibits unauthorized use or disclosure");
    await looksRight(page, "notes");
    expect(await page.textContent(".said")).toContain(hostile);
    await page.emulateMedia({ media: "print" });
    expect(await page.isVisible("textarea")).toBe(false);
    expect(await page.isVisible("text=prohibits unauthorized use")).toBe(true);
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${base}/app/clients/ada/notes`);
    await looksRight(page, "notes-narrow");
    await context.close();
    const other = await signedIn("supervisor");
    await other.page.goto(`${base}/app/clients/ada/notes`);
    expect(await other.page.textContent("h1")).toBe("Not found");
    await other.context.close();
  });

  it("a supervisor makes the expected courses anew on the fleet page", async () => {
    const { page, context } = await signedIn("supervisor");
    await page.goto(`${base}/app/fleet`);
    await page.focus("text=Make the expected courses anew");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=no curve: too few courses");
    await looksRight(page, "fleet-courses");
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${base}/app/fleet`);
    await looksRight(page, "fleet-narrow");
    await context.close();
  });

  it("the risk loop goes by keyboard alone: acknowledge, then close with what was done", async () => {
    const { page, context } = await signedIn("clinician");
    await page.goto(`${base}/app/risk`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Skip to the content");
    expect(await page.textContent("h2 .act-word")).toBe("high");
    await page.focus("button:has-text('Acknowledge')");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".tag.good");
    await page.focus("textarea[name=disposition]");
    await page.keyboard.type("Synthetic: called, safety plan made");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=No risk event is open.");
    const { body } = await service.send(
      tokens["clinician"] as string,
      "GET",
      "/api/v1/clients/ada/risk-events",
    );
    expect(body).toMatchObject({
      items: [{ status: "closed", disposition: "Synthetic: called, safety plan made" }],
    });
    await context.close();
  });

  it("a one-time link takes one sheet, shows help at once on a risk answer, and opens risk", async () => {
    const { page, context } = await signedIn("clinician");
    await page.goto(`${base}/app/clients/ada`);
    await page.click("text=Make a one-time link");
    const path = (await page.textContent(".token")) as string;
    expect(path.trim()).toMatch(new RegExp(`^${base}/form/[0-9a-f]{96}$`));
    await context.close();
    const own = await (await browser.newContext()).newPage();
    await own.goto(`${path.trim()}?country=GB`);
    await looksRight(own, "form");
    expect(await own.isVisible(".help")).toBe(false);
    for (let item = 1; item <= 8; item += 1) await own.check(`input[name=item${item}][value="1"]`);
    await own.check('input[name=item9][value="2"]');
    expect(await own.isVisible(".help")).toBe(true);
    expect(await own.textContent(".help")).toContain("116 123");
    await looksRight(own, "form-risk");
    await own.click("text=Send");
    await own.waitForSelector("text=Your answers were stored");
    expect(await own.isVisible(".help")).toBe(true);
    await looksRight(own, "form-thanks");
    expect((await own.goto(path.trim()))?.status()).toBe(404);
    await own.context().close();
    const { body } = await service.send(
      tokens["clinician"] as string,
      "GET",
      "/api/v1/clients/ada/risk-events",
    );
    expect(body).toMatchObject({ items: [{ status: "open", severity: "high" }, { status: "closed" }] });
  });

  it("breaking the glass opens one client to read, and a supervisor reviews it", async () => {
    const { page, context } = await signedIn("other");
    await page.goto(`${base}/app/break-glass`);
    await page.fill("input[name=client]", "ada");
    await page.fill("textarea[name=reason]", "Synthetic: on call tonight, her clinician is ill");
    await page.click("button.close");
    await page.waitForSelector("h1:has-text('Progress of ada')");
    await context.close();
    const supervisor = await signedIn("supervisor");
    await supervisor.page.goto(`${base}/app/break-glass`);
    await looksRight(supervisor.page, "review");
    expect(await supervisor.page.textContent("main")).toMatch(/in these hours: .*report, read \(1\)/);
    await supervisor.page.fill("input[name=note]", "Synthetic: cover was agreed");
    await supervisor.page.click("text=Record the finding");
    await supervisor.page.waitForSelector("text=Nothing waits for a review.");
    await supervisor.page.goto(`${base}/app/readers`);
    await looksRight(supervisor.page, "readers");
    await supervisor.context.close();
  });

  it("a client sees its own page and no other", async () => {
    const { page, context } = await signedIn("client");
    await page.waitForSelector("text=My progress");
    await looksRight(page, "client-own");
    const text = (await page.textContent("main")) ?? "";
    expect(text).not.toMatch(/Mann|p =|risk event|alert/i);
    for (const path of ["/app/clients/ada", "/app/caseload", "/app/risk", "/app/clients/ben/own"])
      expect((await page.goto(`${base}${path}`))?.status(), path).toBe(404);
    await context.close();
  });
});

describe("without a browser", () => {
  const body = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    service.app.inject({
      method: "POST",
      url,
      payload: body(fields),
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    });
  const cookie = async (who: string) =>
    String((await post("/app/sign-in", { token: tokens[who] as string })).headers["set-cookie"]).split(
      ";",
    )[0] as string;

  it("lets in people by their token alone, and no machine", async () => {
    expect((await post("/app/sign-in", { token: "tr_nonsense" })).statusCode).toBe(401);
    expect((await post("/app/sign-in", { token: service.token("service", "service") })).statusCode).toBe(401);
    const done = await post("/app/sign-in", { token: tokens["clinician"] as string });
    expect(done.statusCode).toBe(303);
    expect(done.headers["set-cookie"]).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await service.app.inject({ method: "GET", url: "/app/caseload" })).headers["location"]).toBe(
      "/app/sign-in",
    );
  });

  it("refuses a form without its token or from elsewhere, and a strict policy stands on every page", async () => {
    const signIn = { cookie: await cookie("clinician") };
    const page = await service.app.inject({ method: "GET", url: "/app/clients/ada", headers: signIn });
    expect(page.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'self'/,
    );
    expect(page.body).not.toMatch(/ style=|<style|<script|<img/);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const fields = { purpose: "ai", status: "given", csrf };
    const url = "/app/clients/ada/consents";
    expect((await post(url, { ...fields, csrf: "x" }, signIn)).statusCode).toBe(401);
    expect((await post(url, fields, { ...signIn, origin: "https://elsewhere.invalid" })).statusCode).toBe(
      401,
    );
    expect((await post(url, fields)).statusCode).toBe(401);
    expect((await post(url, { ...fields, status: "perhaps" }, signIn)).statusCode).toBe(400);
    expect((await post(url, fields, signIn)).statusCode).toBe(303);
    await post("/app/sign-out", {}, signIn);
    expect(
      (await service.app.inject({ method: "GET", url: "/app/caseload", headers: signIn })).statusCode,
    ).toBe(303);
  });

  it("signs out who is idle for half an hour", async () => {
    const signIn = { cookie: await cookie("supervisor") };
    const look = async () =>
      (await service.app.inject({ method: "GET", url: "/app/caseload", headers: signIn })).statusCode;
    expect(await look()).toBe(200);
    service.clock.now += 29 * 60_000;
    expect(await look()).toBe(200);
    service.clock.now += 31 * 60_000;
    expect(await look()).toBe(303);
  });

  it("keeps the risk of a sheet that cannot be stored, and still shows help", async () => {
    const link = await service.send(tokens["clinician"] as string, "POST", "/api/v1/clients/ada/form-links", {
      instrument: "PHQ-9",
    });
    sqliteOf(service.store).pragma("query_only = ON");
    const reply = await post(String(link.body["path"]), { item9: "3" });
    sqliteOf(service.store).pragma("query_only = OFF");
    expect(reply.statusCode).toBe(503);
    expect(reply.body).toContain("You do not have to wait");
    expect((await service.send(null, "GET", "/health/ready")).body).toMatchObject({ code: "E_RISK_WAITING" });
  });
});
