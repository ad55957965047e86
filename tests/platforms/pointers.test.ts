import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/shared/index.ts";
import { runIn, scratch, type Outcome } from "./run-platform.ts";
import { startS3 } from "./s3-stand-in.ts";

let store: Awaited<ReturnType<typeof startS3>>;
let folder = "";
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  store = await startS3();
  folder = scratch();
}
const s3 = (...words: string[]): Promise<Outcome> =>
  runIn(folder, ["platform", "s3", ...words], {
    AWS_ACCESS_KEY_ID: "key-id",
    AWS_SECRET_ACCESS_KEY: "planted-secret-key",
    AWS_ENDPOINT_URL_S3: store.url,
  });
async function ok(...words: string[]): Promise<Record<string, never>> {
  const { code, out, err } = await s3(...words, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Record<string, never>;
}
function file(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe("data that is only in a store", () => {
  it("keeps what is only there as a pointer in the home's manifest", async () => {
    await begin();
    file("here/set/manifest.json", "{}");
    file("here/set/train/a.jsonl", "1\n");
    await ok("push", "here", "s3://bucket/team", "--apply");
    const words = ["inventory", "s3://bucket/team", "--home", "."];
    const listed = (await ok(...words)) as unknown as {
      files: { path: string; sha256: string }[];
      pointers: unknown[];
    };
    expect(listed.files.map((one) => [one.path, one.sha256])).toEqual([
      ["set/manifest.json", sha256("{}")],
      ["set/train/a.jsonl", sha256("1\n")],
    ]);
    expect(listed.pointers).toEqual([{ name: "set", pointer: "s3://bucket/team/set", bytes: 4 }]);
    expect(existsSync(join(folder, "home.json"))).toBe(false);
    await ok(...words, "--apply");
    expect(JSON.parse(readFileSync(join(folder, "home.json"), "utf8"))).toMatchObject({
      datasets: [{ name: "set", state: "remote", pointer: "s3://bucket/team/set", bytes: 4 }],
    });
  });

  it("shows in the audit what is only there, with its address, until it is fetched", async () => {
    await begin();
    file("home/README.md", "# Data\n\n- `data/dialogues.jsonl`\n- `data/voices/`\n- `data/lost.jsonl`\n");
    file("home/data/notes.jsonl", "1\n");
    for (const words of [
      ["init", "--quiet"],
      ["add", "."],
      ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "home"],
    ])
      execFileSync("git", words, { cwd: folder });
    for (const [path, text] of Object.entries({
      "dialogues.jsonl": "1\n2\n",
      "notes.jsonl": "1\n",
      "voices/manifest.json": "{}",
      "voices/train/a.jsonl": "3\n",
      "cover.png": "no data set",
    })) {
      const body = Buffer.from(text);
      const tag = createHash("md5").update(body).digest("hex");
      store.objects.set(`team/${path}`, { body, tag, sha256: sha256(body) });
    }
    const audited = async (): Promise<(string | undefined)[][]> => {
      const { out } = await runIn(folder, ["audit", "--json"]);
      const report = JSON.parse(out) as {
        references: { path: string; raw: string; class: string; evidence: { text: string }[] }[];
      };
      return report.references
        .filter(({ path }) => path === "home/README.md")
        .map((one) => [one.raw, one.class, one.evidence[0]?.text]);
    };
    const status = ["status", "home/data", "s3://bucket/team", "--home", "home"];
    const dry = await s3(...status);
    expect(dry.code).toBe(1);
    expect(dry.out).toContain("data set dialogues.jsonl: s3://bucket/team/dialogues.jsonl");
    expect(dry.out).toContain("2 data sets would be kept in home.json with --apply");
    expect(existsSync(join(folder, "home/home.json"))).toBe(false);
    expect((await audited()).map(([raw, kind]) => [raw, kind === "external"])).toEqual([
      ["data/dialogues.jsonl", false],
      ["data/voices/", false],
      ["data/lost.jsonl", false],
    ]);
    expect((await s3(...status, "--apply")).out).toContain("2 data sets kept in home.json");
    const kept = readFileSync(join(folder, "home/home.json"), "utf8");
    expect((JSON.parse(kept) as { datasets: unknown[] }).datasets).toEqual([
      {
        name: "dialogues.jsonl",
        pointer: "s3://bucket/team/dialogues.jsonl",
        bytes: 4,
        path: "data/dialogues.jsonl",
        state: "remote",
        mentions: [],
      },
      {
        name: "voices",
        pointer: "s3://bucket/team/voices",
        bytes: 4,
        path: "data/voices",
        state: "remote",
        mentions: [],
      },
    ]);
    const says = (name: string): string => `lies at s3://bucket/team/${name}, says home/home.json`;
    const pointed = await audited();
    expect(pointed[0]).toEqual(["data/dialogues.jsonl", "external", says("dialogues.jsonl")]);
    expect(pointed[1]).toEqual(["data/voices/", "external", says("voices")]);
    expect(pointed[2]?.[1]).toBe("missing-data");
    await s3(...status, "--apply");
    expect(readFileSync(join(folder, "home/home.json"), "utf8")).toBe(kept);
    expect(await ok("pull", "s3://bucket/team", "home/data", "--home", "home", "--apply")).toMatchObject({
      moved: { files: 4 },
      present: ["dialogues.jsonl", "voices"],
    });
    expect((await audited()).map(([raw, kind]) => [raw, kind])).toEqual([
      ["data/dialogues.jsonl", "resolves"],
      ["data/voices/", "resolves"],
      ["data/lost.jsonl", "missing-data"],
    ]);
  });

  it("tells two data sets of one name apart by their addresses", async () => {
    await begin();
    for (const path of ["a/notes.jsonl", "b/notes.jsonl"])
      store.objects.set(path, { body: Buffer.from("1"), tag: "0".repeat(32), sha256: undefined });
    await ok("inventory", "s3://bucket", "--home", ".", "--apply");
    const { datasets } = JSON.parse(readFileSync(join(folder, "home.json"), "utf8")) as {
      datasets: { name: string; pointer: string }[];
    };
    expect(datasets.map((one) => [one.name, one.pointer])).toEqual([
      ["notes.jsonl", "s3://bucket/a/notes.jsonl"],
      ["s3://bucket/b/notes.jsonl", "s3://bucket/b/notes.jsonl"],
    ]);
  });
});
