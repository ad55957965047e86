// What reading a file of conversations holds at most, against loading all of it:
// npx tsx bench/data-memory.ts [MB, default 96]
// Each way in a process of its own, at a quarter of the file and at the whole; peaks of resident memory. The last row is
// `data process` as a user runs it, one worker.
import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jsonLinesScanner } from "../src/records/index.ts";

const [megabytes = "96", way, path] = process.argv.slice(2);
/** What one process holds at most while it reads a file in one way; run as a child. */
const memoryWays: Record<string, (file: string) => Promise<number>> = {
  nothing: () => Promise.resolve(0),
  async "load all"(file) {
    const records = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    return records.length;
  },
  async "batches of 10,000"(file) {
    let [seen, batch] = [0, [] as unknown[]];
    const scanner = jsonLinesScanner({ maxItemBytes: 2 ** 23 });
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 18 }))
      for (const item of scanner.push(chunk as Uint8Array)) {
        seen++;
        if (batch.push(item) >= batchRecords) batch = [];
      }
    return seen + scanner.end().length;
  },
  async "one by one (ours)"(file) {
    let seen = 0;
    const scanner = jsonLinesScanner({ maxItemBytes: 2 ** 23 });
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 18 }))
      seen += scanner.push(chunk as Uint8Array).length;
    return seen + scanner.end().length;
  },
};

const root = fileURLToPath(new URL("..", import.meta.url));
const batchRecords = 10_000; // the old target's

if (way !== undefined && path !== undefined) {
  const records = await memoryWays[way]?.(path);
  process.stdout.write(JSON.stringify({ records, peak: process.resourceUsage().maxRSS * 1024 }));
  process.exit(0);
}

const scratch = mkdtempSync(join(tmpdir(), "training-ready-memory-"));
const mega = (bytes: number): number => Math.round(bytes / 1e5) / 10;

/** Peak of `data process` on a file, by the resources that its process used. */
function processPeak(file: string): number {
  const home = mkdtempSync(join(scratch, "home-"));
  const data = { sources: [{ name: "a", uri: file, licence: "CC0-1.0" }] };
  writeFileSync(join(home, "training-ready.yaml"), JSON.stringify({ data }));
  const main = new URL("../src/cli/main.ts", import.meta.url).href;
  const after = "process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS * 1024}`)";
  const script = `import(${JSON.stringify(main)}).then((m) => m.main(process.argv.slice(1))).then(() => ${after})`;
  const words = ["data", "process", "--home", home, "--work", join(home, "work"), "--workers", "1"];
  const ran = spawnSync(process.execPath, ["--import", "tsx", "-e", script, "--", ...words], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: root },
  });
  const peak = /peak (\d+)$/.exec(ran.stderr)?.[1];
  if (ran.status !== 0 || peak === undefined) throw new Error(ran.stderr);
  return Number(peak);
}

try {
  const { writeConversations } = await import("./data-corpus.ts");
  const rows: Record<string, number>[] = [];
  for (const part of [0.25, 1]) {
    const file = join(scratch, `part-${part}.jsonl`);
    // By the same seed the smaller is the beginning of the larger. Nothing is held here: a child's peak counts from its parent's.
    writeConversations(file, Number(megabytes) * part);
    const row: Record<string, number> = { "MB of input": mega(statSync(file).size) };
    for (const name of Object.keys(memoryWays)) {
      const ran = spawnSync(
        process.execPath,
        ["--import", "tsx", fileURLToPath(import.meta.url), "1", name, file],
        { encoding: "utf8", cwd: root },
      );
      row[name] = mega((JSON.parse(ran.stdout) as { peak: number }).peak);
    }
    row["data process"] = mega(processPeak(file));
    rows.push(row);
  }
  process.stdout.write(`peak memory in MB\n${JSON.stringify(rows, null, 1)}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
