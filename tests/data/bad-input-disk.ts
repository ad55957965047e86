import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = new URL("../../src/cli/main.ts", import.meta.url).href;
const script = `import(${JSON.stringify(program)}).then((m) => m.main(process.argv.slice(1)))`;

/** Runs the program with files of so many KiB at most: to a process that is what a full disk is. */
function runLimited(
  folder: string,
  blocks: number,
  ...words: string[]
): { code: number | null; err: string } {
  const limited = ['trap "" XFSZ; ulimit -f "$0"; exec "$@"', String(blocks), process.execPath];
  const { status, stderr } = spawnSync(
    "bash",
    ["-c", ...limited, "--import", loader, "-e", script, "--", ...words],
    {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        TSX_DISABLE_CACHE: "1",
        TRAINING_READY_CACHE: join(folder, ".cache"),
        INIT_CWD: folder,
      },
    },
  );
  return { code: status, err: stderr };
}

const names = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" });
const text = syntheticPairs(900, 4)
  .map((row) => `${JSON.stringify(row)}\n`)
  .join("");

/** Building on a full disk is shown in `kill.test.ts`. */
export const smallDisk: { does: string; run: () => Promise<void> }[] = [
  {
    does: "a pull ends with exit 2 and the file's name, the older data set stays whole, and the next one gets through",
    async run() {
      const folder = scratch({
        "a.jsonl": text,
        "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
      });
      expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).code).toBe(0);
      const { root } = readManifest(join(folder, "out"));
      expect((await runIn(folder, "data", "push", "store", "--out", "out")).code).toBe(0);
      const pull = ["data", "pull", "store", "--out", "back"];
      expect((await runIn(folder, ...pull)).code).toBe(0);
      const { code, err } = runLimited(folder, 200, ...pull);
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("E_WRITE_FAILED") as string });
      expect(err).toMatch(/\.partial\/\S+\.jsonl could not be written: EFBIG/);
      expect(readManifest(join(folder, "back")).root).toBe(root);
      expect((await runIn(folder, ...pull)).code).toBe(0);
      expect(names(join(folder, "back")).filter((name) => name.includes(".partial"))).toEqual([]);
    },
  },
  {
    does: "a place that takes no files is named, with code and hint",
    async run() {
      const folder = scratch({
        "a.jsonl": text.slice(0, text.indexOf("\n") + 1),
        "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
      });
      mkdirSync(join(folder, "sub"));
      writeFileSync(join(folder, "sub/file"), "");
      expect((await runIn(folder, "data", "build", "--out", "built")).code).toBe(0);
      for (const words of [
        ["build", "--out", "sub/file/out"],
        ["build", "--out", "out", "--work", "sub/file/work"],
        ["push", "sub/file/store", "--out", "built"],
      ]) {
        const { code, err } = await runIn(folder, "data", ...words);
        expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/E_(WRITE_FAILED|DATA_OUT)/) });
        expect(err).toContain("sub/file");
      }
    },
  },
];
