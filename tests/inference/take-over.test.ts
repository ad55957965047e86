import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addKey,
  defaultLimits,
  openState,
  scopesOfRole,
  statePaths,
  writeScriptedGguf,
} from "../../src/inference/index.ts";
import { demandSame, engineIdentity } from "../../src/service/take-over/engine-identity.ts";
import {
  send,
  startEcho,
  startRunning,
  type Echo,
  type Reply,
  type Running,
} from "./running.test-support.ts";
import { stream } from "./service.test-support.ts";

const user = (content: string) => ({ messages: [{ role: "user", content }] });
const long = "Please tell me in a few plain words how one bakes a good loaf of bread";
let folder = "";
let echo: Echo;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "take-over-"));
  echo = await startEcho();
});
afterAll(async () => {
  await echo?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A service that retires once another serves in its place, as the command does. */
async function begin(
  state: string,
  more: Parameters<typeof startRunning>[1] & { engine?: string | undefined } = {},
): Promise<{ served: Running; ended: Promise<void> }> {
  const taken = new AbortController();
  const engine = "model" in more ? undefined : (more.engine ?? echo.url);
  const served = await startRunning(engine, { ...more, state, onTakenOver: () => taken.abort() });
  const ended = new Promise<void>((resolve, reject) =>
    taken.signal.addEventListener("abort", () => void served.retire().then(resolve, reject)),
  );
  return { served, ended };
}

describe("a service that takes over", () => {
  it("gets the address at once; the other finishes its streams, turn and repeats, which count here too", async () => {
    const state = join(folder, "a");
    const keys = await openState(state);
    const { token } = addKey(keys, {
      name: "few",
      tenant: "clinic",
      role: "client",
      scopes: scopesOfRole.client,
      clients: null,
      limits: { ...defaultLimits, requests: 5, streams: 0 },
      expiresAt: null,
    });
    keys.close();
    const chat = (
      url: string,
      text: string,
      more: { session?: string; again?: string } = {},
    ): Promise<Reply> =>
      send(url, "POST", "/v1/chat/completions", {
        token,
        body: {
          ...user(text),
          ...(more.session === undefined ? {} : { metadata: { client_id: "c", session_id: more.session } }),
        },
        headers: more.again === undefined ? {} : { "idempotency-key": more.again },
      });
    const elder = await begin(state, { slots: 4 });
    const { url } = elder.served;
    const kept = await chat(url, "say it once", { again: "a" });
    echo.pace.ms = 150;
    const before = echo.asked.length;
    const running = chat(url, long, { session: "s" });
    const repeated = chat(url, long, { again: "b" });
    await expect.poll(() => echo.asked.length - before, { timeout: 30_000 }).toBe(2);

    const heir = await begin(state, { slots: 4, takesOver: true });
    expect(heir.served.url).toBe(url);
    const clash = await chat(url, "and now?", { session: "s" });
    expect([clash.status, clash.body["error"]]).toMatchObject([409, { code: "session_busy" }]);
    const joined = chat(url, long, { again: "b" });
    const again = await chat(url, "say it once", { again: "a" });
    expect([again.body["choices"], again.headers.get("x-idempotent-replay")]).toEqual([
      kept.body["choices"],
      "true",
    ]);
    echo.pace.ms = 0;
    expect((await running).status).toBe(200);
    expect((await joined).body["choices"]).toEqual((await repeated).body["choices"]);
    await elder.ended;
    expect(echo.asked.length - before).toBe(2);
    const next = await chat(url, "and now?", { session: "s" });
    expect(next.status).toBe(200);
    expect(
      echo.asked
        .at(-1)
        ?.messages.map(({ content }) => content)
        .slice(0, 1),
    ).toEqual([long]);
    // Three were asked of the other and two of this one; the key gets one back in twelve seconds.
    let more = 0;
    while ((await chat(url, "one more")).status === 200) more++;
    expect(more).toBeLessThan(3);
    await heir.served.close();
  }, 60_000);

  it("never asks more of the engine than its slots, with what the other still runs", async () => {
    const state = join(folder, "slots");
    const elder = await begin(state, { slots: 2 });
    echo.pace.ms = 80;
    const before = echo.asked.length;
    echo.most.atOnce = 0;
    const first = [stream(elder.served.url, user(long)), stream(elder.served.url, user(long))];
    await expect.poll(() => echo.asked.length - before, { timeout: 30_000 }).toBe(2);
    const heir = await begin(state, { slots: 2, takesOver: true });
    const more = Array.from({ length: 3 }, () => stream(heir.served.url, user("go on")));
    const ends = (await Promise.all([...first, ...more])).map((events) => events.at(-1));
    echo.pace.ms = 0;
    expect(ends).toEqual(Array.from({ length: 5 }, () => "[DONE]"));
    expect(echo.most.atOnce).toBe(2);
    await elder.ended;
    await heir.served.close();
  }, 60_000);

  it("stops a turn there that is cancelled here", async () => {
    const state = join(folder, "cancel");
    const elder = await begin(state);
    echo.pace.ms = 200;
    const body = { ...user(long), metadata: { client_id: "c", session_id: "s" } };
    const running = send(elder.served.url, "POST", "/v1/chat/completions", { body });
    await expect
      .poll(async () => (await send(elder.served.url, "GET", "/v1/sessions/s?client_id=c")).status, {
        timeout: 30_000,
      })
      .toBe(200);
    const heir = await begin(state, { takesOver: true });
    const cancel = await send(heir.served.url, "POST", "/v1/sessions/s/turns/1/cancel?client_id=c");
    expect(cancel.body).toMatchObject({ turn: 1, status: "cancelled" });
    expect((await running).status).not.toBe(200);
    echo.pace.ms = 0;
    await elder.ended;
    await heir.served.close();
  }, 60_000);

  it("that dies before it serves leaves the other as it was", async () => {
    const state = join(folder, "dies");
    const elder = await begin(state);
    const { url } = elder.served;
    const socket = connect(statePaths(state).takeOver);
    let said = "";
    socket.on("data", (piece) => (said += piece.toString()));
    socket.write('{"type":"hello"}\n');
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/"facts"/);
    socket.write('{"type":"yield"}\n');
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/"yielded"/);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    socket.destroy();
    await expect
      .poll(
        () =>
          fetch(`${url}/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200);
    await expect(begin(state)).rejects.toMatchObject({ code: "E_STORE_BUSY" });
    const heir = await begin(state, { takesOver: true });
    expect((await send(url, "POST", "/v1/chat/completions", { body: user("hello") })).status).toBe(200);
    await elder.ended;
    await heir.served.close();
  }, 60_000);

  it("refuses where nobody serves, and another model: the one that serves goes on", async () => {
    await expect(begin(join(folder, "nobody"), { takesOver: true })).rejects.toMatchObject({
      code: "E_SERVE_TAKE_OVER",
    });
    await expect(startRunning(echo.url, { takesOver: true })).rejects.toMatchObject({
      code: "E_SERVE_OPTIONS",
    });
  });

  it("is told by its weights, where they are known, whether the engine is the same", async () => {
    const [one, other, same] = ["one", "other", "same"].map((name) => join(folder, `${name}.gguf`)) as [
      string,
      string,
      string,
    ];
    await writeScriptedGguf(one, { reply: "Hello there." });
    await writeScriptedGguf(other, { reply: "Hello you." });
    await writeScriptedGguf(same, { reply: "Hello there." });
    const info = { kind: "llama.cpp", model: "", context: 512, slots: 1, exactTokens: true } as const;
    const rest = { kvIsolation: "client", cancelVerified: true } as const;
    const of = (model: string) =>
      engineIdentity({ model, url: undefined, modelId: "m", info: { ...info, ...rest } });
    const behind = (url: string, modelId: string, digest?: string) =>
      engineIdentity({
        model: undefined,
        url,
        modelId,
        info: { ...info, ...rest, kind: "ollama", ...(digest === undefined ? {} : { digest }) },
      });
    const mayFollow = async (
      elder: Awaited<ReturnType<typeof of>>,
      heir: Awaited<ReturnType<typeof of>>,
    ): Promise<boolean> => {
      try {
        demandSame(await elder.now(), await heir.now());
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: "E_SERVE_TAKE_OVER" });
        return false;
      }
    };
    const loaded = await of(one);
    expect(await mayFollow(loaded, await of(same))).toBe(true);
    expect(await mayFollow(loaded, await of(other))).toBe(false);
    expect(await mayFollow(loaded, await behind("http://a", "m"))).toBe(false);
    expect(await mayFollow(await behind("http://a/", "m"), await behind("http://a", "m"))).toBe(true);
    expect(await mayFollow(await behind("http://a", "m"), await behind("http://b", "m"))).toBe(false);
    expect(await mayFollow(await behind("http://a", "m"), await behind("http://a", "n"))).toBe(false);
    expect(await mayFollow(await behind("http://a", "m", "1"), await behind("http://b", "m", "1"))).toBe(
      true,
    );
    expect(await mayFollow(await behind("http://a", "m", "1"), await behind("http://a", "m", "2"))).toBe(
      false,
    );
    expect(await loaded.unchanged()).toMatchObject({
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    await writeFile(one, "changed");
    expect(await loaded.unchanged()).toBeUndefined();
  });
});
