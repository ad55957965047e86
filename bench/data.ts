// Throughput and memory of a data build on synthetic conversations: `npx tsx bench/data.ts [MB] [WORKERS]`.
// Prints one JSON document; CPU seconds are user + system of the whole process tree.
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generator, sentence } from "../tests/data/synthetic.ts";

const megabytes = Number(process.argv[2] ?? 20);
const workers = process.argv[3] ?? "1";
const folder = mkdtempSync(join(tmpdir(), "training-ready-bench-"));

/** Conversations of two to ten turns of 20 to 120 words without meaning. */
function writeConversations(file: string): { bytes: number; records: number } {
  const random = generator(1);
  let [bytes, records] = [0, 0];
  let lines: string[] = [];
  while (bytes < megabytes * 1e6) {
    const turns = 2 + 2 * Math.floor(random() * 5);
    const messages = Array.from({ length: turns }, (_, turn) => ({
      role: turn % 2 === 0 ? "user" : "assistant",
      content: sentence(random, 20 + Math.floor(random() * 100)).join(" "),
    }));
    const line = `${JSON.stringify({ id: records, messages })}\n`;
    lines.push(line);
    bytes += line.length;
    records++;
    if (lines.length < 1000 && bytes < megabytes * 1e6) continue;
    appendFileSync(file, lines.join(""));
    lines = [];
  }
  return { bytes, records };
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const main = new URL("../src/cli/main.ts", import.meta.url).href;
// The measured process reports on itself at its end: what threads use counts as its own.
const script = `import(${JSON.stringify(main)}).then(async (m) => {
  await m.main(process.argv.slice(1));
  const used = process.resourceUsage();
  process.stderr.write("\\n#" + JSON.stringify({ cpu: (used.userCPUTime + used.systemCPUTime) / 1e6, rss: used.maxRSS / 1024 }));
});`;

function measure(...words: string[]): Promise<{ seconds: number; cpu: number; rss: number }> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", loader, "-e", script, "--", "data", ...words, "--workers", workers],
    {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder, TRAINING_READY_CACHE: join(folder, "cache") },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(err));
      const { cpu, rss } = JSON.parse(err.slice(err.lastIndexOf("#") + 1)) as { cpu: number; rss: number };
      resolve({ seconds: (performance.now() - started) / 1000, cpu, rss });
    });
  });
}

try {
  const input = writeConversations(join(folder, "a.jsonl"));
  writeFileSync(
    join(folder, "training-ready.yaml"),
    JSON.stringify({ data: { exports: [], sources: [{ name: "a", uri: "a.jsonl", licence: "CC0-1.0" }] } }),
  );
  const start = await measure("acquire");
  const processed = await measure("process");
  const built = await measure("build", "--out", "out");
  const again = await measure("build", "--out", "out");
  const { root, conservation } = JSON.parse(readFileSync(join(folder, "out/manifest.json"), "utf8")) as {
    root: string;
    conservation: unknown;
  };
  const round = (value: number): number => Math.round(value * 100) / 100;
  const report = {
    input,
    workers: Number(workers),
    machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version },
    acquire: { cpuSeconds: round(start.cpu), peakMegabytes: round(start.rss) },
    process: {
      cpuSeconds: round(processed.cpu),
      seconds: round(processed.seconds),
      megabytesPerCpuSecond: round(input.bytes / 1e6 / processed.cpu),
      peakMegabytes: round(processed.rss),
    },
    synthesize: {
      cpuSeconds: round(built.cpu),
      seconds: round(built.seconds),
      peakMegabytes: round(built.rss),
    },
    unchangedAgain: {
      cpuSeconds: round(again.cpu),
      shareOfFirst: round(again.cpu / (processed.cpu + built.cpu)),
    },
    conservation,
    root,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
