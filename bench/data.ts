// Throughput and memory of a data build on synthetic conversations: `npx tsx bench/data.ts [MB] [WORKERS] [--peers PYTHON]`.
// PYTHON: a Python with datatrove, for its MinHash beside ours on the same file.
// Prints one JSON document; CPU seconds are user + system of the whole process tree.
import { execFile, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generator, sentence } from "../tests/data/synthetic.ts";

const megabytes = Number(process.argv[2] ?? 20);
const workers = process.argv[3] ?? "1";
const peers = process.argv.includes("--peers")
  ? process.argv[process.argv.indexOf("--peers") + 1]
  : undefined;
const folder = mkdtempSync(join(tmpdir(), "training-ready-bench-"));

// Words by Zipf's law, as in a language: the r-th commonest occurs 1/(r + 2.7) as often (Mandelbrot 1953).
const vocabulary = [...new Set(sentence(generator(9), 60_000))].slice(0, 20_000);
const upTo = new Float64Array(vocabulary.length);
for (let rank = 0, sum = 0; rank < upTo.length; rank++) upTo[rank] = sum += 1 / (rank + 2.7);

function zipfWord(random: () => number): string {
  const wanted = random() * (upTo.at(-1) as number);
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((upTo[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return vocabulary[low] as string;
}

/** Sentences with capitals and full stops; one turn in fifty holds personal data that is made up. */
function turnText(random: () => number, words: number): string {
  const parts: string[] = [];
  for (let left = words; left > 0;) {
    const count = Math.min(left, 6 + Math.floor(random() * 14));
    const said = Array.from({ length: count }, () => zipfWord(random)).join(" ");
    parts.push(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`);
    left -= count;
  }
  const chance = random();
  if (chance < 0.01) parts.push("My name is Anna and my number is (212) 555-0142.");
  else if (chance < 0.02) parts.push("Write to someone@mail.example.net on 03/14/2019.");
  return parts.join(" ");
}

/** Conversations of two to ten turns of 20 to 120 words without meaning. */
function writeConversations(file: string): { bytes: number; records: number } {
  const random = generator(1);
  let [bytes, records] = [0, 0];
  let lines: string[] = [];
  while (bytes < megabytes * 1e6) {
    const turns = 2 + 2 * Math.floor(random() * 5);
    const messages = Array.from({ length: turns }, (_, turn) => ({
      role: turn % 2 === 0 ? "user" : "assistant",
      content: turnText(random, 20 + Math.floor(random() * 100)),
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

/** CPU seconds of the process tree of datatrove's MinHash stages, with start-up. */
async function peerRuns(file: string, bytes: number): Promise<unknown> {
  const program = fileURLToPath(new URL("data_peers.py", import.meta.url));
  const { stdout } = await promisify(execFile)(peers as string, [program, file, join(folder, "peer")], {
    maxBuffer: 2 ** 24,
  });
  const found = JSON.parse(stdout.trim().split("\n").at(-1) as string) as Record<
    string,
    { cpuSeconds: number }
  >;
  return Object.fromEntries(
    Object.entries(found).map(([name, one]) => [
      name,
      { ...one, megabytesPerCpuSecond: Math.round((bytes / 1e4 / one.cpuSeconds) * 1) / 100 },
    ]),
  );
}

try {
  const input = writeConversations(join(folder, "a.jsonl"));
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
  const theirs = peers ? await peerRuns(join(folder, "a.jsonl"), input.bytes) : undefined;
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
    ...(theirs === undefined ? {} : { peers: theirs }),
    conservation,
    root,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
