import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeScriptedGguf } from "../../src/inference/index.ts";
import { startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

let folder = "";
let echo: Echo;
let served: Running;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-starts-"));
  echo = await startEcho();
  served = await startRunning(echo.url);
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("what serve does not start on, an item a row", () => {
  const starts: Record<string, { start: () => Promise<Running>; code: string; exitCode: number }> = {
    "a model file that is missing": {
      start: () => startRunning(undefined, { model: join(folder, "nowhere.gguf") }),
      code: "E_FILE_MISSING",
      exitCode: 1,
    },
    "a model file that is cut": {
      async start() {
        await writeScriptedGguf(join(folder, "whole.gguf"), { reply: "Hello." });
        const bytes = await readFile(join(folder, "whole.gguf"));
        await writeFile(join(folder, "cut.gguf"), bytes.subarray(0, bytes.length / 2));
        return await startRunning(undefined, { model: join(folder, "cut.gguf") });
      },
      code: "E_SERVE_MODEL",
      exitCode: 1,
    },
    "a model file without a template": {
      async start() {
        await writeScriptedGguf(join(folder, "bare.gguf"), { reply: "Hello.", template: null });
        return await startRunning(undefined, { model: join(folder, "bare.gguf") });
      },
      code: "E_SERVE_TEMPLATE",
      exitCode: 1,
    },
    "a port in use": {
      start: () => startRunning(echo.url, { port: Number(new URL(served.url).port) }),
      code: "E_PORT",
      exitCode: 2,
    },
    "an engine that is not there": {
      start: () => startRunning("http://127.0.0.1:9"),
      code: "E_SERVE_ENGINE",
      exitCode: 2,
    },
  };
  it.each(Object.keys(starts))(
    "%s",
    async (item) => {
      const { start, code, exitCode } = starts[item] as (typeof starts)[string];
      const refused = await start().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({ code, exitCode, hint: expect.stringMatching(/.{10}/) as string });
      expect((refused as Error).message).not.toMatch(/\.(?:ts|js):\d+|\n/);
    },
    60_000,
  );
});
