import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runIn, scratch, type Outcome } from "./run-platform.ts";

let folder = "";
beforeEach(() => {
  folder = scratch();
  file("state/root0/kept", "");
  rmSync(join(folder, "state/root0/kept"));
  const standIn = join(import.meta.dirname, "rclone-stand-in.mjs");
  file("bin/rclone", `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
  chmodSync(join(folder, "bin/rclone"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const call = (words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  runIn(folder, ["platform", ...words], {
    RCLONE_STATE: join(folder, "state"),
    GOOGLE_ACCESS_TOKEN: "drive-token",
    ...more,
  });
async function ok(words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Record<string, unknown>> {
  const { code, out, err } = await call([...words, "--json"], more);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Record<string, unknown>;
}
const logged = (): string[][] =>
  read("state/log.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);
const place = "gdrive://root0";

describe("Google Drive through rclone", () => {
  it("sends, compares, replaces, fetches and removes, with the token in no command line", async () => {
    file("here/a.jsonl", "one\n");
    file("here/edge cases/dëep/it's.txt", "two\n");
    expect(await ok(["drive", "push", "here", place])).toMatchObject({ through: "rclone", dry: true });
    expect(existsSync(join(folder, "state/root0/a.jsonl"))).toBe(false);
    expect(await ok(["drive", "push", "here", place, "--apply"])).toMatchObject({ moved: { files: 2 } });
    expect(read("state/root0/edge cases/dëep/it's.txt")).toBe("two\n");
    expect(await ok(["drive", "status", "here", place])).toMatchObject({ equal: true, same: 2 });
    file("here/a.jsonl", "other\n");
    expect(await ok(["drive", "push", "here", place, "--apply"])).toMatchObject({
      moved: { files: 1 },
      same: 1,
    });
    expect(read("state/root0/a.jsonl")).toBe("other\n");
    expect(await ok(["drive", "pull", `${place}/edge%20cases`, "category", "--apply"])).toMatchObject({
      moved: { files: 1 },
    });
    expect(read("category/dëep/it's.txt")).toBe("two\n");
    await ok(["drive", "pull", `${place}/a.jsonl`, "single", "--apply"]);
    expect(read("single/a.jsonl")).toBe("other\n");
    rmSync(join(folder, "here/a.jsonl"));
    await ok(["drive", "push", "here", place, "--apply", "--delete"]);
    expect(existsSync(join(folder, "state/root0/a.jsonl"))).toBe(false);
    expect(JSON.stringify(logged())).not.toContain("drive-token");
    expect(logged().filter(([command]) => command === "copyto")).toHaveLength(3);
  });

  it("fetches on in the middle of a file that broke off", async () => {
    const content = Buffer.alloc(200_000, "0123456789abc");
    file("state/root0/big.bin", content);
    file("state/cut-once", "");
    await ok(["drive", "pull", place, "there", "--apply"]);
    expect(readFileSync(join(folder, "there/big.bin")).equals(content)).toBe(true);
    const offsets = logged()
      .filter(([command]) => command === "cat")
      .map((words) => Number(words[words.indexOf("--offset") + 1]));
    expect(offsets).toEqual([0, 100_000]);
    file("state/alone/kept", "");
    rmSync(join(folder, "state/alone/kept"));
    const empty = await call(["drive", "pull", "gdrive://alone", "none"]);
    expect(empty.err).toContain("add --through rest");
  });

  it("uses a remote that its user signed in to, if it is one of Drive", async () => {
    file("state/root0/a.txt", "1");
    const signedIn = { GOOGLE_ACCESS_TOKEN: "", TRAINING_READY_RCLONE_REMOTE: "mine" };
    expect(await ok(["drive", "list", place], signedIn)).toMatchObject({
      files: [{ path: "a.txt", bytes: 1 }],
    });
    for (const [name, said] of [
      ["other", "a remote of the kind s3"],
      ["none", "no remote of rclone"],
    ] as const) {
      const { code, err } = await call(["drive", "list", place], {
        ...signedIn,
        TRAINING_READY_RCLONE_REMOTE: name,
      });
      expect(code).toBe(1);
      expect(err).toContain("E_PLATFORM_CREDENTIALS");
      expect(err).toContain(said);
    }
    const without = await call(["drive", "list", place], { GOOGLE_ACCESS_TOKEN: "" });
    expect(without.err).toContain("TRAINING_READY_RCLONE_REMOTE");
  });

  it("refuses a wrong token without showing it, and a place without permission", async () => {
    file("here/a", "1");
    const wrong = await call(["drive", "list", place], { GOOGLE_ACCESS_TOKEN: "planted-secret" });
    expect(wrong.err).toContain("E_PLATFORM_CREDENTIALS");
    expect(`${wrong.err}${wrong.out}`).not.toContain("planted-secret");
    const denied = await call(["drive", "push", "here", place, "--apply"], { RCLONE_REFUSES: "copyto" });
    expect(denied.err).toContain("E_SYNC_DENIED");
    expect(existsSync(join(folder, "state/root0/a"))).toBe(false);
  });

  it("is named by the list of platforms; without it, or with the API's own address, REST carries", async () => {
    const stores = async (more: NodeJS.ProcessEnv = {}): Promise<unknown> =>
      (await ok(["list"], more))["stores"];
    expect(await stores()).toEqual([
      { name: "s3", through: "rest", rclone: null },
      { name: "drive", through: "rclone", rclone: "rclone v1.99.0-stand-in" },
    ]);
    expect((await call(["list"])).out).toContain("drive: through rclone v1.99.0-stand-in");
    expect(await stores({ TRAINING_READY_DRIVE_URL: "http://127.0.0.1:9" })).toMatchObject([
      {},
      { through: "rest" },
    ]);
    rmSync(join(folder, "bin/rclone"));
    expect(await stores({ PATH: join(folder, "bin") })).toMatchObject([
      {},
      { through: "rest", rclone: null },
    ]);
    const missing = await call(["drive", "list", place, "--through", "rclone"], {
      PATH: join(folder, "bin"),
    });
    expect(missing.err).toContain("E_PLATFORM_TOOL");
  });
});
