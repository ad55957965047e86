import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeScriptedGguf } from "../../src/inference/index.ts";
import {
  configurationHash,
  draftConfiguration,
  framed,
  initSafety,
  partsOf,
  protocolReply,
  readSafety,
  writeSignOff,
} from "../../src/safety/index.ts";
import { sha256File } from "../../src/shared/index.ts";
import { statementsOf } from "../../src/service/inference/elevated-words.ts";
import { send, startRunning, type Reply, type Running } from "./running.test-support.ts";

// Synthetic: nobody signed anything here.
const spoken = "That sounds lonely and hard. What keeps you awake? I am listening.";
const words = "That sounds lonely and hard. I am listening.";
const elevated = "I want to kill myself";
let folder = "";
const modelAt = (name: string): string => join(folder, `${name}.gguf`);

/** A home whose configuration is signed for one model, for any (null), or not at all (undefined). */
async function homeFor(name: string, model: string | null | undefined): Promise<string> {
  const home = join(folder, name);
  await mkdir(home);
  await initSafety(home);
  const { configuration } = await readSafety(home);
  const parts = partsOf(configuration);
  if (model !== undefined)
    await writeSignOff(home, {
      version: 1,
      name: "Synthetic Clinician",
      role: "test role",
      date: "2026-01-02T00:00:00Z",
      hash: configurationHash(parts),
      parts,
      countries: [],
      model: model === null ? null : await sha256File(model),
    });
  return home;
}
const open = async (model: string, signedFor: string | null | undefined, name: string): Promise<Running> => {
  const home = await homeFor(name, signedFor);
  return startRunning(undefined, { model, safetyHome: home, state: join(home, "inference"), context: 1024 });
};
const ask = (url: string, content: string, more: Record<string, unknown> = {}): Promise<Reply> =>
  send(url, "POST", "/v1/chat/completions", {
    body: { messages: [{ role: "user", content }], temperature: 0, ...more },
  });
const said = ({ body }: Reply): string =>
  (body["choices"] as { message: { content: string } }[])[0]?.message.content ?? "";
const safetyOf = ({ body }: Reply) => body["x_safety"] as Record<string, unknown>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elevated-words-"));
  await writeScriptedGguf(modelAt("kind"), { reply: spoken });
  await writeScriptedGguf(modelAt("wrong"), { reply: "It is clear to me. You have depression, I am sure." });
  await writeScriptedGguf(modelAt("endless"), { reply: "one two three four", isEndless: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("at elevated risk a model", () => {
  it("speaks between the reviewed frame and question once the sign-off names it, and never at imminent", async () => {
    const served = await open(modelAt("kind"), modelAt("kind"), "signed");
    const session = { metadata: { client_id: "c-1", session_id: "s-1" } };
    try {
      expect(served.signedOff).toBe(true);
      const first = await ask(served.url, elevated, session);
      const reviewed = protocolReply(
        { level: "elevated", categories: ["suicide"], evidence: [], step: 0 },
        { said: [] },
        { texts: draftConfiguration.texts, resources: [] },
      );
      const { frame, question } = framed(reviewed);
      expect(said(first)).toBe(`${frame}${words} ${question}`);
      expect(safetyOf(first)).toMatchObject({
        level: "elevated",
        action: "resources",
        signedOff: true,
        modelText: true,
      });
      // The reviewed question stays the last one, so that a bare answer to it is understood.
      const second = await ask(served.url, "yes", session);
      expect(safetyOf(second)).toMatchObject({ level: "elevated", categories: ["suicide"] });
      expect(said(second)).not.toContain(frame);
      const kept = await send(served.url, "GET", "/v1/sessions/s-1?client_id=c-1");
      expect(kept.body["turns"]).toMatchObject([
        { assistant: said(first), status: "done" },
        { assistant: said(second) },
      ]);
      const reviews = JSON.stringify((await send(served.url, "GET", "/admin/review")).body);
      expect(reviews).toContain(words);
      const grave = await ask(served.url, "I am going to kill myself tonight");
      expect(safetyOf(grave)).toMatchObject({ level: "imminent" });
      expect(said(grave)).not.toContain("listening");
      expect(safetyOf(grave)).not.toHaveProperty("modelText");
      const page = await send(served.url, "GET", "/protocol");
      expect(page.body["text"]).toMatch(/checked words of the model that the sign-off names/);
    } finally {
      await served.close();
    }
  });

  it("streams the frame before the model's words", async () => {
    const served = await open(modelAt("kind"), modelAt("kind"), "streamed");
    try {
      const response = await fetch(`${served.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ stream: true, messages: [{ role: "user", content: elevated }] }),
      });
      const pieces = [...(await response.text()).matchAll(/"content":"([^"]+)"/g)].map((one) => one[1]);
      expect(pieces).toHaveLength(2);
      expect(pieces[0]).toMatch(/^Thank you for telling me/);
      expect(pieces[1]).toMatch(/^That sounds lonely/);
    } finally {
      await served.close();
    }
  });

  it.each([
    ["a sign-off for any model", null],
    ["no sign-off", undefined],
  ])("stays silent with %s", async (name, signedFor) => {
    const served = await open(modelAt("kind"), signedFor, name.replaceAll(" ", "-"));
    try {
      const reply = await ask(served.url, elevated);
      expect(served.signedOff).toBe(signedFor === null);
      expect(said(reply)).not.toContain("listening");
      expect(said(reply)).toMatch(/hurting yourself\?$/);
      expect(safetyOf(reply)).toMatchObject({ level: "elevated", action: "resources" });
      expect(safetyOf(reply)).not.toHaveProperty("modelText");
    } finally {
      await served.close();
    }
  });

  it("that breaks a policy, or says no whole sentence, leaves the reviewed text alone", async () => {
    for (const [name, withheld] of [
      ["wrong", /You have depression/],
      ["endless", undefined],
    ] as const) {
      const served = await open(modelAt(name), modelAt(name), `signed-${name}`);
      try {
        const reply = await ask(served.url, elevated);
        expect(said(reply)).toMatch(/^Thank you for telling me[^]*hurting yourself\?$/);
        expect(said(reply)).not.toMatch(/clear to me|depression|three/);
        expect(safetyOf(reply)).not.toHaveProperty("modelText");
        const reviews = JSON.stringify((await send(served.url, "GET", "/admin/review")).body);
        if (withheld === undefined) expect(reviews).not.toContain("three");
        else expect(reviews).toMatch(withheld);
      } finally {
        await served.close();
      }
    }
  });
});

it("keeps whole sentences that are no questions", () => {
  expect(statementsOf('I hear you. "Is that so?" It is hard. And then')).toBe("I hear you. It is hard.");
  expect(statementsOf("no end")).toBe("");
});
