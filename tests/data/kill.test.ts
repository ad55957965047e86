import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { runKilled } from "./killed-process.ts";
import { configOf, readManifest, scratch } from "./run-data.ts";
import { generator, syntheticPairs } from "./synthetic.ts";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = new URL("../../src/cli/main.ts", import.meta.url).href;
const script = `import(${JSON.stringify(program)}).then((m) => m.main(process.argv.slice(1)))`;

/** Runs a build as a process of its own; with `killAfter` it is killed outright after so many milliseconds. */
const build = (folder: string, out: string, workers: number, killAfter?: number): Promise<number | null> =>
  runKilled(folder, ["data", "build", "--out", out, "--workers", String(workers)], {}, killAfter);

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();

/** `npm run proof:data-kills` asks for more. */
const kills = Number(process.env["TRAINING_READY_KILLS"] ?? 10);

describe("data build on threads", () => {
  const rows = syntheticPairs(1500, 21);
  const files = {
    "training-ready.yaml": configOf(
      [
        { name: "a", uri: "a.jsonl", licence: "MIT" },
        { name: "b", uri: "b.csv", licence: "MIT" },
      ],
      { unit_bytes: 100_000, shard_records: 500, quarantine: { max_share: 0.5 } },
    ),
    "a.jsonl": rows
      .slice(0, 1000)
      .map((row) =>
        `${JSON.stringify(row)}\n{broken\n`.slice(0, row.client_id === undefined ? -8 : undefined),
      )
      .join(""),
    "b.csv": `prompt,response\n${rows
      .slice(1000)
      .map((row) => `${row.prompt},${row.response}`)
      .join("\n")}\n`,
  };

  it(
    "gives the same bytes for 1, 2 and 4 workers, and after kills at any moment",
    async () => {
      const folder = scratch(files);
      const started = Date.now();
      expect(await build(folder, "one", 1)).toBe(0);
      const alone = Date.now() - started;
      const wanted = readManifest(join(folder, "one"));
      expect(wanted.quarantined["json.syntax"]).toBeGreaterThan(20);
      for (const workers of [2, 4]) {
        expect(await build(folder, `with-${workers}`, workers)).toBe(0);
        expect(readManifest(join(folder, `with-${workers}`)).root).toBe(wanted.root);
      }
      const random = generator(Number(process.env["TRAINING_READY_KILL_SEED"] ?? 5));
      let killed = 0;
      for (let kill = 0; kill < kills; kill++) {
        if ((await build(folder, "killed", 1 + (kill % 4), 200 + random() * alone)) === null) killed++;
        // A build that got through is begun again from the published state, not from nothing.
        else rmSync(join(folder, "cache"), { recursive: true });
      }
      expect(killed).toBeGreaterThan(0);
      expect(await build(folder, "killed", 2)).toBe(0);
      expect(readManifest(join(folder, "killed")).root).toBe(wanted.root);
      expect(filesBelow(join(folder, "killed"))).toEqual(filesBelow(join(folder, "one")));
      expect(existsSync(join(folder, "killed/.partial"))).toBe(false);
      expect(filesBelow(join(folder, "cache")).filter((path) => path.endsWith(".tmp"))).toEqual([]);
    },
    240_000 + kills * 20_000,
  );

  it("does not depend on how the input is cut into units", async () => {
    const roots = new Set<string>();
    for (const unit_bytes of [4096, 33_333, 10_000_000]) {
      const folder = scratch({ "a.jsonl": files["a.jsonl"].slice(0, 200_000) });
      mkdirSync(join(folder, "config"));
      writeFileSync(
        join(folder, "config/c.yaml"),
        configOf([{ name: "a", uri: "../a.jsonl", licence: "MIT" }], {
          unit_bytes,
          quarantine: { max_share: 0.5 },
        }),
      );
      const { runIn } = await import("./run-data.ts");
      expect(
        (await runIn(folder, "data", "build", "--config", "config/c.yaml", "--out", "out", "--workers", "2"))
          .code,
      ).toBe(0);
      roots.add(readManifest(join(folder, "out")).root);
    }
    expect(roots.size).toBe(1);
  });
});

describe.skipIf(process.platform === "win32")("a disk that takes no more", () => {
  it("ends the build with exit 2 and without half files; what is finished stays for the next run", async () => {
    const folder = scratch({
      "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }], {
        unit_bytes: 25_000,
      }),
      "a.jsonl": syntheticPairs(900, 4)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    });
    // No file may grow beyond 200 KiB: units fit, a shard of the data set does not.
    const words = ["data", "build", "--out", "out", "--workers", "1"];
    const limited = spawn(
      "bash",
      [
        "-c",
        'trap "" XFSZ; ulimit -f 200; exec "$@"',
        "bash",
        process.execPath,
        "--import",
        loader,
        "-e",
        script,
        "--",
        ...words,
      ],
      {
        cwd: folder,
        env: {
          ...process.env,
          TSX_DISABLE_CACHE: "1",
          TRAINING_READY_CACHE: join(folder, "cache"),
          INIT_CWD: folder,
        },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let err = "";
    limited.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    expect(await new Promise((resolve) => limited.on("close", resolve)), err).toBe(2);
    expect(err).toContain("E_WRITE_FAILED");
    expect(existsSync(join(folder, "out/manifest.json"))).toBe(false);
    const finished = filesBelow(join(folder, "cache")).filter((path) => path.endsWith(".commit.json"));
    expect(finished.length).toBeGreaterThan(3);
    expect(filesBelow(join(folder, "cache")).filter((path) => path.endsWith(".tmp"))).toEqual([]);
    const before = statSync(join(folder, "cache", finished[0] as string)).mtimeMs;
    expect(await build(folder, "out", 1)).toBe(0);
    expect(statSync(join(folder, "cache", finished[0] as string)).mtimeMs).toBe(before);
    expect(readManifest(join(folder, "out")).conservation.read).toBe(900);
  }, 120_000);
});
