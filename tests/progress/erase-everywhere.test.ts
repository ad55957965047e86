import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { runProgram } from "../../src/cli/framework/run.ts";
import { openState, type State } from "../../src/inference/index.ts";
import { addPrincipal, legalHold, localOperator, openStore } from "../../src/progress/index.ts";
import { send, startEcho, startRunning } from "../inference/running.test-support.ts";

async function run(...words: string[]): Promise<{ code: number; body: Record<string, unknown> }> {
  let out = "";
  const code = await runProgram(commands, words, {
    stdout: (text) => void (out += text),
    stderr: () => {},
    isTerminal: false,
    stdoutIsTerminal: false,
    environment: {},
    cwd: process.cwd(),
    signal: new AbortController().signal,
  });
  return { code, body: JSON.parse(out) as Record<string, unknown> };
}

const sessionsIn = async (folder: string): Promise<number> => {
  const state: State = await openState(folder, { mustExist: true });
  try {
    return state.database.prepare("SELECT count(*) FROM sessions").pluck().get() as number;
  } finally {
    state.close();
  }
};

it("erases a client from the tracker and from the inference service of the home, and certifies both", async () => {
  const home = mkdtempSync(join(tmpdir(), "erase-"));
  const folder = join(home, "inference");
  const echo = await startEcho();
  try {
    const served = await startRunning(echo.url, { tracker: true, home, state: folder });
    for (const client of ["c-1", "c-2"])
      await send(served.url, "POST", "/v1/chat/completions", {
        body: {
          messages: [{ role: "user", content: "I am going to kill myself tonight" }],
          metadata: { session_id: `s-${client}`, client_id: client },
        },
      });
    await served.close();
    expect(await sessionsIn(folder)).toBe(2);

    const hold = async (isOn: boolean): Promise<void> => {
      const store = await openStore(home, { mustExist: true });
      const principal = localOperator(store, "local", "operator");
      if (principal === undefined) throw new Error("no operator");
      if (isOn) legalHold.placeHold({ store, principal }, "c-1", { reason: "Synthetic case" });
      else legalHold.liftHold({ store, principal }, "c-1");
      store.close();
    };
    await hold(true);
    const refused = await run("progress", "erase", "c-1", "--home", home, "--yes", "--json");
    expect(refused).toMatchObject({ body: { error: { code: "E_LEGAL_HOLD" } } });
    expect(await sessionsIn(folder)).toBe(2);
    await hold(false);

    const path = join(home, "certificate.json");
    const done = await run(
      "progress",
      "erase",
      "c-1",
      "--home",
      home,
      "--certificate",
      path,
      "--yes",
      "--json",
    );
    const inference = { sessions: 1, reviews: 1, waiting_turns: expect.any(Number) as number };
    expect(done).toMatchObject({ code: 0, body: { certificate: { inference } } });
    const { signature, ...certificate } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    expect(certificate).toMatchObject({ inference, key: "destroyed" });
    expect(typeof signature).toBe("string");
    expect(await sessionsIn(folder)).toBe(1);

    const again = await run("progress", "erase", "c-1", "--home", home, "--yes", "--json");
    expect(again).toMatchObject({ code: 1, body: { error: { code: "E_NOT_FOUND" } } });
    const missing = await run(
      "progress",
      "erase",
      "c-2",
      "--home",
      home,
      "--state",
      join(home, "x"),
      "--yes",
      "--json",
    );
    expect(missing).toMatchObject({ code: 1, body: { error: { code: "E_FILE_MISSING" } } });
    expect(await run("progress", "erase", "c-2", "--home", home, "--yes", "--json")).toMatchObject({
      code: 0,
    });
    expect(await sessionsIn(folder)).toBe(0);
  } finally {
    await echo.close();
    rmSync(home, { recursive: true, force: true });
  }
}, 90_000);

it("erases both by one request over HTTP where they run together, and says so", async () => {
  const home = mkdtempSync(join(tmpdir(), "erase-"));
  const folder = join(home, "inference");
  const store = await openStore(home);
  const operator = addPrincipal(store, {
    tenant: "local",
    kind: "human",
    role: "operator",
    clients: [],
  }).token;
  store.close();
  const echo = await startEcho();
  try {
    const served = await startRunning(echo.url, { tracker: true, home, state: folder });
    const key = addPrincipal(served.progress?.store ?? store, {
      tenant: "local",
      kind: "service",
      role: "service",
      clients: [],
    }).token;
    for (const client of ["c-1", "c-2"])
      await send(served.url, "POST", "/v1/chat/completions", {
        token: key,
        body: {
          messages: [{ role: "user", content: "I am going to kill myself tonight" }],
          metadata: { session_id: `s-${client}`, client_id: client },
        },
      });
    const erase = (body: unknown) =>
      send(served.url, "POST", "/api/v1/clients/c-1/erasure", { token: operator, body });
    expect((await erase({ confirm: false })).status).toBe(400);
    expect(await sessionsIn(folder)).toBe(2);
    expect(await erase({ confirm: true })).toMatchObject({
      status: 200,
      body: { certificate: { inference: { sessions: 1, reviews: 1, waiting_turns: 0 } } },
    });
    expect(await sessionsIn(folder)).toBe(1);
    expect((await erase({ confirm: true })).status).toBe(404);
    const shown = await send(served.url, "GET", "/v1/sessions/s-c-1?client_id=c-1", { token: key });
    expect(shown.status).toBe(404);
    await served.close();
  } finally {
    await echo.close();
    rmSync(home, { recursive: true, force: true });
  }
}, 90_000);
