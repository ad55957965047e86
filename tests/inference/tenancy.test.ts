import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addKey, openState, scopesOfRole } from "../../src/inference/index.ts";
import { send, startEcho, startRunning, type Echo, type Reply } from "./running.test-support.ts";

let shared: Echo;
let apart: Echo;
let folder = "";

async function key(tenant: string): Promise<{ id: string; token: string }> {
  const state = await openState(folder);
  try {
    return addKey(state, {
      name: "test",
      tenant,
      role: "client",
      scopes: scopesOfRole.client,
      clients: null,
      limits: { requests: 0, tokens: 0, streams: 0 },
      expiresAt: null,
    });
  } finally {
    state.close();
  }
}
const chat = (url: string, token: string, content = "hello"): Promise<Reply> =>
  send(url, "POST", "/v1/chat/completions", { token, body: { messages: [{ role: "user", content }] } });

beforeAll(async () => {
  shared = await startEcho();
  apart = await startEcho("vllm");
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenancy-"));
  return () => rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await shared?.close();
  await apart?.close();
});

describe("an engine that does not keep prompt caches apart", () => {
  it("is not started for keys of two tenants; one of them revoked, it is", async () => {
    await key("clinic");
    const { id } = await key("school");
    await expect(startRunning(shared.url, { state: folder })).rejects.toMatchObject({
      code: "E_SERVE_TENANTS",
      message: expect.stringMatching(/2 tenants \(clinic, school\)/) as string,
    });
    // A guard that reads both tenants' turns is no better.
    await expect(startRunning(apart.url, { state: folder, guard: shared.url })).rejects.toMatchObject({
      code: "E_SERVE_TENANTS",
    });
    const state = await openState(folder);
    state.database.prepare("UPDATE api_keys SET revoked_at = 1 WHERE id = ?").run(id);
    state.close();
    await (await startRunning(shared.url, { state: folder })).close();
  });

  it("answers its tenant alone, but everybody at imminent risk", async () => {
    const { token } = await key("clinic");
    const served = await startRunning(shared.url, { state: folder });
    try {
      const { token: other } = await key("school");
      const asked = shared.asked.length;
      const refused = await chat(served.url, other);
      expect([refused.status, refused.body["error"]]).toMatchObject([403, { code: "engine_not_isolated" }]);
      expect(shared.asked).toHaveLength(asked);
      expect((await chat(served.url, token)).status).toBe(200);
      const grave = await chat(served.url, other, "I am going to kill myself tonight");
      expect([grave.status, grave.body["x_safety"]]).toMatchObject([200, { level: "imminent" }]);
    } finally {
      await served.close();
    }
  });

  it("belongs to whoever is answered first where no key was there before", async () => {
    const served = await startRunning(shared.url, { state: folder });
    try {
      const [first, second] = [await key("school"), await key("clinic")];
      expect((await chat(served.url, first.token)).status).toBe(200);
      expect((await chat(served.url, second.token)).status).toBe(403);
      expect((await chat(served.url, first.token)).status).toBe(200);
    } finally {
      await served.close();
    }
  });
});

it("an engine that keeps them apart serves every tenant", async () => {
  const keys = [await key("clinic"), await key("school")];
  const served = await startRunning(apart.url, { state: folder });
  try {
    for (const { token } of keys) expect((await chat(served.url, token)).status).toBe(200);
  } finally {
    await served.close();
  }
});
