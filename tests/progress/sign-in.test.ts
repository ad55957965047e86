import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { SignJWT, UnsecuredJWT, type JWTPayload } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addPrincipal, openStore, type Store } from "../../src/progress/index.ts";
import { progressApp } from "../../src/service/index.ts";
import { createIdentityProvider, readSignIn } from "../../src/service/pages/identity-provider.ts";
import { createLog } from "../../src/shared/index.ts";
import { hasBrowser, openBrowser } from "./browser.test-data.ts";
import { startIssuer, type Issuer } from "./issuer.test-data.ts";

let issuer: Issuer;
let store: Store;
let app: FastifyInstance;
let home: string;
let base: string;
let person: { id: string; token: string };
let machine: string;

beforeAll(async () => {
  issuer = await startIssuer();
  home = mkdtempSync(join(tmpdir(), "sign-in-"));
  store = await openStore(home);
  const subject = `${issuer.url}|person-1`;
  person = addPrincipal(store, { tenant: "clinic", kind: "human", role: "supervisor", clients: [], subject });
  machine = addPrincipal(store, { tenant: "clinic", kind: "service", role: "service", clients: [] }).token;
  writeFileSync(
    store.paths.signIn,
    JSON.stringify({
      issuer: issuer.url,
      client_id: "tracker",
      redirect_uri: "http://127.0.0.1/app/sign-in/return",
      audience: "tracker-api",
    }),
  );
  const config = readSignIn(store.paths.signIn);
  if (config === undefined) throw new Error("written above");
  const provider = createIdentityProvider(config, { now: Date.now });
  app = progressApp({
    store,
    log: createLog({ write: () => undefined }),
    people: { byToken: false, provider },
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  config.redirect_uri = `${base}/app/sign-in/return`; // known only now
});
beforeEach(() => {
  issuer.next = { claims: {}, header: {} };
});
afterAll(async () => {
  await app.close();
  store.close();
  await issuer.close();
  rmSync(home, { recursive: true, force: true });
});

/** The whole way of a browser that keeps cookies, without one. */
async function signIn(change: (url: URL) => void = () => undefined, withCookie = true) {
  const begun = await fetch(`${base}/app/sign-in/provider`, { redirect: "manual" });
  const state = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const sent = await fetch(begun.headers.get("location") ?? "", { redirect: "manual" });
  const back = new URL(sent.headers.get("location") ?? "");
  change(back);
  const done = await fetch(back, { redirect: "manual", headers: withCookie ? { cookie: state } : {} });
  const cookie = done.headers.get("set-cookie")?.split(";")[0];
  return { status: done.status, cookie, back, state };
}

describe("with an identity provider", () => {
  it("lets in the person whom it vouches for, and notes it", async () => {
    const { status, cookie } = await signIn();
    expect(status).toBe(200);
    const page = await fetch(`${base}/app/caseload`, {
      headers: { cookie: cookie ?? "" },
      redirect: "manual",
    });
    expect(page.status).toBe(200);
    expect(
      store.database
        .prepare("SELECT principal, outcome FROM ledger WHERE action = 'sign-in' ORDER BY seq DESC")
        .get(),
    ).toEqual({ principal: person.id, outcome: "allowed" });
  });

  const now = () => Math.floor(Date.now() / 1000);
  const bad: [string, () => void][] = [
    ["another issuer", () => (issuer.next.claims = { iss: "https://elsewhere.invalid" })],
    ["another audience", () => (issuer.next.claims = { aud: "other" })],
    ["an old token", () => (issuer.next.claims = { exp: now() - 60, iat: now() - 360 })],
    ["a token of the future", () => (issuer.next.claims = { nbf: now() + 600 })],
    ["another nonce", () => (issuer.next.claims = { nonce: "x" })],
    ["a single factor", () => (issuer.next.claims = { amr: ["pwd"] })],
    ["no factor named", () => (issuer.next.claims = { amr: undefined })],
    ["another client's token", () => (issuer.next.claims = { azp: "other" })],
    ["somebody unknown", () => (issuer.next.claims = { sub: "person-2" })],
    ["an unknown key", () => (issuer.next.header = { kid: "k2" })],
    ["no key named", () => (issuer.next.header = { kid: undefined })],
    ["another's signature", () => (issuer.next.sign = issuer.foreign)],
    [
      "no signature",
      () => (issuer.next.sign = async (claims: JWTPayload) => new UnsecuredJWT(claims).encode()),
    ],
    [
      "a symmetric signature with the public key",
      () =>
        (issuer.next.sign = async (claims: JWTPayload) =>
          new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(await issuer.publicKey())),
    ],
  ];
  for (const [name, prepare] of bad)
    it(`refuses ${name}`, async () => {
      prepare();
      const { status, cookie } = await signIn();
      expect(status).toBe(401);
      expect(cookie).toBeUndefined();
    });

  it("refuses a return that was not begun in this browser, or comes twice", async () => {
    expect((await signIn((url) => url.searchParams.set("state", "x"))).status).toBe(401);
    expect((await signIn(undefined, false)).status).toBe(401);
    expect((await signIn((url) => url.searchParams.delete("code"))).status).toBe(401);
    const { back, state, status } = await signIn();
    expect(status).toBe(200);
    expect((await fetch(back, { headers: { cookie: state }, redirect: "manual" })).status).toBe(401);
  });

  it("takes people's bearer tokens for the API, machines' own ones, and no person's token of this machine", async () => {
    const call = (token: string) =>
      fetch(`${base}/api/v1/caseload`, { headers: { authorization: `Bearer ${token}` } }).then(
        (reply) => reply.status,
      );
    const claims = {
      iss: issuer.url,
      aud: "tracker-api",
      sub: "person-1",
      iat: now(),
      exp: now() + 60,
      amr: ["mfa"],
    };
    expect(await call(await issuer.token(claims))).toBe(200);
    expect(await call(await issuer.token({ ...claims, aud: "tracker" }))).toBe(401);
    expect(await call(await issuer.foreign(claims))).toBe(401);
    expect(await call(machine)).toBe(200);
    expect(await call(person.token)).toBe(401);
    const form = await fetch(`${base}/app/sign-in`, {
      method: "POST",
      body: new URLSearchParams({ token: person.token }),
      redirect: "manual",
    });
    expect(form.status).toBe(401);
  });

  it.skipIf(!hasBrowser)(
    "goes through in a real browser, strict cookie and all",
    { timeout: 60_000 },
    async () => {
      const browser = await openBrowser();
      const page = await browser.newPage();
      await page.goto(`${base}/app`);
      await page.click("text=Sign in with");
      await page.waitForSelector("h1:has-text('Caseload')");
      await browser.close();
    },
  );
});

it("refuses settings that would send people in the clear, or that it does not know", () => {
  const good = { issuer: issuer.url, client_id: "t", redirect_uri: `${base}/app/sign-in/return` };
  for (const [change, field] of [
    [{ issuer: "http://id.example.org" }, "issuer"],
    [{ redirect_uri: `${base}/elsewhere` }, "redirect_uri"],
    [{ extra: 1 }, ""],
  ] as const) {
    const path = join(home, "bad-sign-in.json");
    writeFileSync(path, JSON.stringify({ ...good, ...change }));
    expect(() => readSignIn(path)).toThrow(new RegExp(field));
  }
});
