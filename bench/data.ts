// Throughput and memory of a data build on synthetic conversations: `npx tsx bench/data.ts [MB] [WORKERS] [--peers PYTHON,…]`.
// PYTHON: one with datatrove or Data-Juicer, for their MinHash beside ours on the same file.
// Prints one JSON document; CPU seconds are user + system of the whole process tree.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeConversations } from "./data-corpus.ts";

const megabytes = Number(process.argv[2] ?? 20);
const workers = process.argv[3] ?? "1";
const peers = process.argv.includes("--peers")
  ? process.argv[process.argv.indexOf("--peers") + 1]
  : undefined;
const folder = mkdtempSync(join(tmpdir(), "training-ready-bench-"));

// The built program, as users run it. It reports on itself at its end: what threads use counts as its own.
const main = new URL("../dist/cli/main.js", import.meta.url);
if (!existsSync(main)) throw new Error("build the program first: npm run build");
const script = `import(${JSON.stringify(main.href)}).then(async (m) => {
  await m.main(process.argv.slice(1));
  const used = process.resourceUsage();
  process.stderr.write("\\n#" + JSON.stringify({ cpu: (used.userCPUTime + used.systemCPUTime) / 1e6, rss: used.maxRSS / 1024 }));
});`;

function measure(...words: string[]): Promise<{ seconds: number; cpu: number; rss: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ["-e", script, "--", ...words], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, TRAINING_READY_CACHE: join(folder, "cache") },
    stdio: ["ignore", "ignore", "pipe"],
  });
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

/** CPU seconds of the process tree of each peer's MinHash. */
async function peerRuns(file: string): Promise<unknown> {
  const program = fileURLToPath(new URL("data_peers.py", import.meta.url));
  const found: Record<string, unknown> = {};
  for (const [index, python] of (peers as string).split(",").entries()) {
    const words = [program, file, join(folder, `peer-${index}`), "--rounds", "1"];
    const { stdout } = await promisify(execFile)(python, words, { maxBuffer: 2 ** 24 });
    Object.assign(found, (JSON.parse(stdout) as { found: object }).found);
  }
  return found;
}

try {
  const input = writeConversations(join(folder, "a.jsonl"), megabytes);
  writeFileSync(
    join(folder, "training-ready.yaml"),
    JSON.stringify({ data: { exports: [], sources: [{ name: "a", uri: "a.jsonl", licence: "CC0-1.0" }] } }),
  );
  const start = await measure("data", "build", "--help");
  const data = (command: string) => measure("data", command, "--out", "out", "--workers", workers);
  const acquired = await data("acquire");
  const processed = await data("process");
  const built = await data("synthesize");
  const again = await data("build");
  const more = writeConversations(join(folder, "a.jsonl"), megabytes / 100, {
    seed: 2,
    first: input.records,
    append: true,
  });
  const grown = await data("build");
  const theirs = peers ? await peerRuns(join(folder, "a.jsonl")) : undefined;
  const { root, conservation } = JSON.parse(readFileSync(join(folder, "out/manifest.json"), "utf8")) as {
    root: string;
    conservation: unknown;
  };
  const round = (value: number): number => Math.round(value * 100) / 100;
  const report = {
    input,
    workers: Number(workers),
    machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version },
    start: { cpuSeconds: round(start.cpu), peakMegabytes: round(start.rss) },
    acquire: { cpuSeconds: round(acquired.cpu), peakMegabytes: round(acquired.rss) },
    process: {
      cpuSeconds: round(processed.cpu),
      seconds: round(processed.seconds),
      megabytesPerCpuSecond: round(input.bytes / 1e6 / processed.cpu),
      withoutStart: round(input.bytes / 1e6 / (processed.cpu - start.cpu)),
      peakMegabytes: round(processed.rss),
    },
    synthesize: {
      cpuSeconds: round(built.cpu),
      seconds: round(built.seconds),
      peakMegabytes: round(built.rss),
    },
    unchangedAgain: {
      cpuSeconds: round(again.cpu),
      beyondStart: round((again.cpu - start.cpu) / (processed.cpu + built.cpu)),
    },
    onePercentMore: {
      bytes: more.bytes,
      cpuSeconds: round(grown.cpu),
      beyondStart: round((grown.cpu - start.cpu) / (processed.cpu + built.cpu)),
    },
    ...(theirs === undefined ? {} : { peers: theirs }),
    conservation,
    root,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
