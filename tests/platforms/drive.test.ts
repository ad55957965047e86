import { createCipheriv } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startDrive, type DriveFaults } from "./drive-stand-in.ts";
import { runIn, scratch, type Outcome } from "./run-platform.ts";

let drive: Awaited<ReturnType<typeof startDrive>>;
let folder = "";
afterEach(() => {
  drive.close();
  rmSync(folder, { recursive: true, force: true });
});

async function begin(faults?: DriveFaults): Promise<void> {
  drive = await startDrive(faults);
  folder = scratch();
}
const call = (...words: string[]): Promise<Outcome> =>
  runIn(folder, ["platform", "drive", ...words], {
    GOOGLE_ACCESS_TOKEN: "drive-token",
    TRAINING_READY_DRIVE_URL: drive.url,
  });
async function ok(...words: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await call(...words, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Record<string, unknown>;
}
function file(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  utimesSync(join(folder, path), new Date("2026-01-01"), new Date("2026-01-01"));
}
const noise = (bytes: number): Buffer =>
  createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(bytes));
const place = "gdrive://rootfolder";

describe("sync with Google Drive", () => {
  it("shows the difference, sends with its folders, replaces what changed, and asks for no data twice", async () => {
    await begin();
    file("here/a.jsonl", "one\n");
    file("here/edge cases/dëep/it's.txt", "two\n");
    file("here/empty", "");
    expect((await call("push", "here", place)).out).toContain("send     a.jsonl (4 bytes)");
    expect(drive.nodes.size).toBe(1);
    expect(await ok("push", "here", place, "--apply")).toMatchObject({ moved: { files: 3 } });
    drive.seen.length = 0;
    expect(await ok("push", "here", place, "--apply")).toMatchObject({ same: 3, moved: { files: 0 } });
    expect(
      drive.seen.filter((one) => !one.startsWith("GET /drive/v3/files") || one.endsWith("media")),
    ).toEqual([]);
    file("here/a.jsonl", "other\n");
    const before = drive.nodes.size;
    expect(await ok("push", "here", place, "--apply")).toMatchObject({ moved: { files: 1 } });
    expect(drive.nodes.size).toBe(before);
    expect(await ok("status", "here", place)).toMatchObject({ equal: true });
  });

  it("fetches a folder, one category below it, and one file", async () => {
    await begin();
    const category = drive.make("edge cases", "rootfolder");
    drive.make("b.txt", category.id, Buffer.from("two"));
    const one = drive.make("a.txt", "rootfolder", Buffer.from("one"));
    await ok("pull", place, "all", "--apply");
    expect(readdirSync(join(folder, "all"), { recursive: true }).map(String).sort()).toEqual([
      "a.txt",
      "edge cases",
      "edge cases/b.txt",
    ]);
    await ok("pull", `${place}/edge%20cases`, "category", "--apply");
    expect(readFileSync(join(folder, "category/b.txt"), "utf8")).toBe("two");
    await ok("pull", `gdrive://${one.id}`, "single", "--apply");
    expect(readFileSync(join(folder, "single/a.txt"), "utf8")).toBe("one");
    const { files } = (await ok("inventory", place)) as { files: { path: string; sha256: string }[] };
    expect(files.map(({ path, sha256 }) => [path, sha256.length])).toEqual([
      ["a.txt", 64],
      ["edge cases/b.txt", 64],
    ]);
  });

  it("lists over pages", async () => {
    await begin();
    for (let number = 0; number < 2300; number++)
      drive.make(`${number}.txt`, "rootfolder", Buffer.from(String(number)));
    expect(((await ok("list", place)) as { files: unknown[] }).files).toHaveLength(2300);
  });

  it("goes on in the middle of a file after cut connections, both ways, with at most 5 % twice", async () => {
    const content = noise(24 * 1024 * 1024);
    await begin({ cuts: [5_000_000, 2_000_000] });
    file("here/big.bin", content);
    await ok("push", "here", place, "--apply");
    expect(drive.faults.cuts).toEqual([]);
    expect(drive.traffic.received / content.length).toBeLessThan(1.05);
    drive.faults.cuts = [9_000_000, 7_000_000];
    await ok("pull", place, "there", "--apply");
    expect(drive.faults.cuts).toEqual([]);
    // What a cut connection still held is fetched again.
    expect(drive.traffic.sent / content.length).toBeLessThan(1.05);
    expect(readFileSync(join(folder, "there/big.bin")).equals(content)).toBe(true);
  });

  it("goes on where a token that ran out left a file", async () => {
    const content = noise(20 * 1024 * 1024);
    await begin({ cuts: [], tokenEndsAfter: 5 });
    file("here/big.bin", content);
    const stopped = await call("push", "here", place, "--apply");
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain("E_PLATFORM_CREDENTIALS");
    expect(`${stopped.err}${stopped.out}`).not.toContain("drive-token");
    const journals = join(folder, ".cache/sync/sendings");
    const [journal = ""] = readdirSync(journals);
    expect((statSync(join(journals, journal)).mode & 0o777).toString(8)).toBe("600");
    delete drive.faults.tokenEndsAfter;
    const before = drive.traffic.received;
    await ok("push", "here", place, "--apply");
    expect(drive.traffic.received - before).toBeLessThan(13 * 1024 * 1024);
    expect(readdirSync(journals)).toEqual([]);
    expect([...drive.nodes.values()].find(({ name }) => name === "big.bin")?.body?.equals(content)).toBe(
      true,
    );
  });

  it("refuses without permission, without credentials and on names that cannot be kept; removes into the bin only when told", async () => {
    await begin({ cuts: [], denies: true });
    file("here/a", "1");
    expect((await call("push", "here", place, "--apply")).err).toContain("E_SYNC_DENIED");
    expect((await runIn(folder, ["platform", "drive", "list", place])).err).toContain(
      "E_PLATFORM_CREDENTIALS",
    );
    expect((await call("list", "drive:rootfolder")).err).toContain("E_CLI_ARGUMENT");
    drive.faults.denies = false;
    const old = drive.make("old", "rootfolder", Buffer.from("2"));
    await ok("push", "here", place, "--apply");
    expect(old.trashed).toBe(false);
    await ok("push", "here", place, "--apply", "--delete");
    expect(old.trashed).toBe(true);
    drive.make("x/y", "rootfolder", Buffer.from("3"));
    const wrong = await call("pull", place, "there", "--apply");
    expect(wrong.err).toContain("E_SYNC_NAME");
    expect(existsSync(join(folder, "there"))).toBe(false);
  });
});
