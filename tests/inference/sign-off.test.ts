import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addKey, openState, scopesOfRole } from "../../src/inference/index.ts";
import { safetyPaths } from "../../src/safety/index.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";
import { startCommand, startServe, stopServe } from "./service.test-support.ts";

// Synthetic throughout: nobody verified these rows or signed anything, and no number here is one that answers.
const rows = `version: 1
resources:
  - country: XA
    kind: emergency
    name: Synthetic emergency
    phone: "00 1111"
    source: synthetic
    verified_at: 2026-01-02
    verified_by: Synthetic Person
  - country: XA
    kind: suicide
    name: Synthetic crisis line
    phone: "00 2222"
    source: synthetic
    verified_at: 2026-01-02
    verified_by: Synthetic Person
  - country: XB
    kind: emergency
    name: Unverified emergency
    phone: "00 3333"
`;

let echo: Echo;
let home = "";
const safety = async (words: readonly string[]): Promise<{ code: number; out: string; error: string }> => {
  const { child, output } = startCommand(["serve", "safety", ...words, "--home", home]);
  const code = await new Promise<number>((end) => child.once("close", (value) => end(value ?? -1)));
  return { code, out: output.stdout, error: output.stderr };
};
const sign = (more: readonly string[] = []) =>
  safety(["sign", "--name", "Synthetic Clinician", "--role", "test role", "--json", ...more]);
const open = (more: Parameters<typeof startRunning>[1] = {}): Promise<Running> =>
  startRunning(echo.url, { safetyHome: home, home, ...more });
const ask = (url: string, text: string, more: { token?: string; country?: string } = {}) =>
  send(url, "POST", "/v1/chat/completions", {
    ...(more.token === undefined ? {} : { token: more.token }),
    body: {
      messages: [{ role: "user", content: text }],
      ...(more.country === undefined ? {} : { metadata: { country: more.country } }),
    },
  });
const said = ({ body }: { body: Record<string, unknown> }): string =>
  (body["choices"] as { message: { content: string } }[])[0]?.message.content ?? "";
const imminent = "I am going to kill myself tonight";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "sign-off-"));
  echo = await startEcho();
});
afterAll(async () => {
  await echo?.close();
  await rm(home, { recursive: true, force: true });
});

// In this order: what is refused before, the sign-off, what it allows, and what ends it.
describe("the sign-off of a home", () => {
  it("is refused before the home has a configuration, for an unverified country, and without a yes", async () => {
    expect((await sign(["--yes"])).out).toMatch(/E_SAFETY_SIGN/);
    expect((await safety(["init", "--yes"])).code).toBe(0);
    expect(await sign(["--countries", "US", "--yes"])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/US has no verified emergency row; US has no verified crisis/) as string,
    });
    expect((await sign(["--countries", "usa", "--yes"])).out).toMatch(/E_SAFETY_SIGN/);
    expect((await sign()).out).toMatch(/E_NEEDS_YES/);
    const status = await safety(["status", "--json"]);
    expect([status.code, JSON.parse(status.out)]).toMatchObject([
      1,
      { state: "unsigned", source: "home", signOff: null },
    ]);
  });

  it("is needed beyond this machine", async () => {
    await expect(open({ host: "0.0.0.0" })).rejects.toMatchObject({
      code: "E_SERVE_HOST",
      message: expect.stringMatching(/no sign-off/) as string,
    });
  });

  it("leaves unverified rows to this machine, marked", async () => {
    const served = await open();
    try {
      expect(served.signedOff).toBe(false);
      const reply = await ask(served.url, imminent, { country: "US" });
      expect(said(reply)).toMatch(/988, number not verified/);
      expect(reply.body["x_safety"]).toMatchObject({ policy: null, signedOff: false });
    } finally {
      await served.close();
    }
  });

  it("shows all that is signed, and is recorded with its hash", async () => {
    await writeFile(safetyPaths(home).resources, rows);
    const signed = await sign(["--yes"]);
    expect(signed.code, signed.out).toBe(0);
    expect(signed.error).toMatch(/XB emergency Unverified emergency: phone 00 3333; NOT VERIFIED/);
    expect(signed.error).toMatch(/Are you thinking of ending your life/);
    expect(JSON.parse(signed.out)).toMatchObject({
      name: "Synthetic Clinician",
      role: "test role",
      countries: ["XA"],
      model: null,
    });
    const status = await safety(["status", "--json"]);
    expect([status.code, JSON.parse(status.out)]).toMatchObject([
      0,
      {
        state: "signed",
        unverified: [{ country: "XB" }],
        old: [{ name: "Synthetic emergency" }, { name: "Synthetic crisis line" }],
      },
    ]);
  });

  it("stands in every reply, in health and on the protocol page, and hides unverified rows", async () => {
    const served = await open();
    const { hash } = JSON.parse(await readFile(safetyPaths(home).signOff, "utf8")) as { hash: string };
    const policy = `sha256:${hash}`;
    try {
      expect(served.signedOff).toBe(true);
      const calm = await ask(served.url, "hello there");
      expect(calm.body["x_safety"]).toMatchObject({ level: "none", policy, signedOff: true });
      const crisis = await ask(served.url, imminent, { country: "XA" });
      expect(said(crisis)).toMatch(/call 00 1111 \(or Synthetic crisis line: 00 2222/);
      expect(crisis.body["x_safety"]).toMatchObject({ level: "imminent", policy, signedOff: true });
      expect(said(await ask(served.url, imminent, { country: "XB" }))).not.toMatch(/00 3333/);
      const withheld = await ask(served.url, "is it right that you have depression");
      expect(withheld.body["x_safety"]).toMatchObject({
        action: "replaced",
        policy: `diagnosis@${policy}`,
        signedOff: true,
      });
      const health = await send(served.url, "GET", "/health/ready");
      expect([health.status, health.body]).toMatchObject([200, { signedOff: true, policy }]);
      expect(health.body["warnings"]).toEqual([
        "XA emergency Synthetic emergency: last checked 2026-01-02",
        "XA suicide Synthetic crisis line: last checked 2026-01-02",
      ]);
      const page = await send(served.url, "GET", "/protocol?country=XB");
      expect(page.body["text"]).toMatch(/A test role signed these texts/);
      expect(page.body["text"]).not.toMatch(/00 3333/);
    } finally {
      await served.close();
    }
  });

  it("counts for the command, in its first line", async () => {
    const served = await startServe(["--home", home, "--engine", echo.url]);
    expect(served.document).toMatchObject({ signedOff: true });
    expect(await stopServe(served)).toBe(0);
  });

  it("opens other addresses to holders of a key alone", async () => {
    const state = join(home, "inference");
    await expect(open({ host: "0.0.0.0", state })).rejects.toMatchObject({
      code: "E_SERVE_HOST",
      message: expect.stringMatching(/nobody holds a key/) as string,
    });
    const store = await openState(state);
    const { token, id } = addKey(store, {
      name: "test",
      tenant: "clinic",
      role: "client",
      scopes: scopesOfRole.client,
      clients: null,
      limits: { requests: 0, tokens: 0, streams: 0 },
      expiresAt: null,
    });
    const served = await open({ host: "0.0.0.0", state });
    try {
      const url = served.url.replace("0.0.0.0", "127.0.0.1");
      expect((await ask(url, "hello")).status).toBe(401);
      expect((await ask(url, "hello", { token })).status).toBe(200);
      store.database.prepare("UPDATE api_keys SET revoked_at = 1 WHERE id = ?").run(id);
      // Without a key left nobody becomes local: a Host header proves nothing out there.
      expect((await ask(url, "hello")).status).toBe(401);
      expect((await ask(url, "hello", { token: "sk-anything" })).status).toBe(401);
    } finally {
      store.close();
      await served.close();
    }
  });

  it("ends with a change of a text: unsigned, this machine only, and said loudly", async () => {
    const { policy } = safetyPaths(home);
    const text = await readFile(policy, "utf8");
    // Low enough that any sentence of three words counts.
    await writeFile(policy, text.replace(/watch: -?[\d.]+/, "watch: -19").replace("Be warm", "Be kind"));
    const served = await open();
    try {
      expect(served.signedOff).toBe(false);
      expect(served.log.join("\n")).toMatch(
        /sign-off does not count.*\n {2}texts\.supportive_prompt was changed\n {2}thresholds\.watch was changed/,
      );
      const reply = await ask(served.url, "the sky is blue today");
      expect(reply.body["x_safety"]).toMatchObject({ level: "watch", policy: null });
      expect(JSON.stringify(echo.asked.at(-1))).toMatch(/Be kind, brief and honest/);
      expect((await send(served.url, "GET", "/health")).body["signedOff"]).toBe(false);
    } finally {
      await served.close();
    }
    await expect(open({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "E_SERVE_HOST" });
    const status = await safety(["status"]);
    expect(status.code).toBe(1);
    expect(status.out).toMatch(/BROKEN[^]*thresholds\.watch was changed/);
  });

  it("for one model does not count for another", async () => {
    const model = join(home, "model.gguf");
    await writeFile(model, "synthetic");
    expect((await sign(["--yes", "--model", model])).code).toBe(0);
    const served = await open();
    try {
      expect(served.signedOff).toBe(false);
      expect(served.log.join("\n")).toMatch(/it names a model file, and an engine is served/);
    } finally {
      await served.close();
    }
  });

  it("that is damaged, or of files that do not fit, never counts", async () => {
    const paths = safetyPaths(home);
    await writeFile(paths.signOff, '{"version": 1}');
    const served = await open();
    await served.close();
    expect(served.signedOff).toBe(false);
    await writeFile(paths.policy, "version: 1\n");
    await expect(open()).rejects.toMatchObject({ code: "E_SAFETY_CONFIG" });
  });
});
