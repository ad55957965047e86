// The pass over the items of one JSON Lines file in one process, without the start of the program:
// `npx tsx bench/data-pass.ts FILE [--rounds N] [--only pass]`. Prints one JSON document. `pass`: parse, convert, clean, personal data,
// id, shingles and signature, files and commit; `labelled`: the same with rule labels and the risk screen. CPU seconds
// are user + system of the process; the least of the rounds. The first round is a warm-up of the engine, and is told.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const file = resolve(process.argv[2] ?? "");
const rounds = process.argv.includes("--rounds")
  ? Number(process.argv[process.argv.indexOf("--rounds") + 1])
  : 3;
/** `--only pass`: one measure, and with no round only the start. */
const isOnlyPass = process.argv.includes("--only");
const dist = new URL("../dist/", import.meta.url);
if (!existsSync(dist)) throw new Error("build the program first: npm run build");
type Data = typeof import("../src/data/index.ts");
type Home = typeof import("../src/home/index.ts");
const { acquire, processUnit } = (await import(new URL("data/index.js", dist).href)) as Data;
const { configSchema } = (await import(new URL("home/index.js", dist).href)) as Home;

const bytes = statSync(file).size;
const folder = mkdtempSync(join(tmpdir(), "training-ready-pass-"));
const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;
const round = (value: number): number => Math.round(value * 1000) / 1000;

async function pass(isUnlabelled: boolean, number: number): Promise<number> {
  const workFolder = join(folder, `${isUnlabelled}-${number}`);
  const sources = [{ name: "a", uri: file, licence: "CC0-1.0" }];
  const { data } = configSchema.parse({ data: { sources } });
  if (data === undefined) throw new Error("the config has no data");
  const plan = await acquire(data, { folder, workFolder });
  const before = process.cpuUsage();
  for (const unit of plan.units)
    await processUnit({ ...unit, options: { ...unit.options, ...(isUnlabelled ? { isUnlabelled } : {}) } });
  const used = seconds(process.cpuUsage(before));
  rmSync(workFolder, { recursive: true, force: true });
  return used;
}

/** Reading, splitting at newlines and `JSON.parse`, no more: what no pass can be faster than. */
function bareParse(): number {
  const before = process.cpuUsage();
  const whole = readFileSync(file);
  let lines = 0;
  for (let at = 0; at < whole.length;) {
    const end = whole.indexOf(10, at);
    const to = end < 0 ? whole.length : end;
    if (to > at && JSON.parse(whole.toString("utf8", at, to)) !== undefined) lines++;
    at = to + 1;
  }
  if (lines === 0) throw new Error("the file has no lines");
  return seconds(process.cpuUsage(before));
}

try {
  const used = { pass: [] as number[], labelled: [] as number[], bareParse: [] as number[] };
  for (let number = 0; number < rounds; number++) {
    if (!isOnlyPass) used.bareParse.push(bareParse());
    used.pass.push(await pass(true, number));
  }
  // After the others, as labels bring code of many more shapes into the same engine.
  if (!isOnlyPass)
    for (let number = 0; number < rounds; number++) used.labelled.push(await pass(false, number));
  const told = Object.fromEntries(
    Object.entries(used).flatMap(([name, all]) => {
      if (all.length === 0) return [];
      const least = Math.min(...all);
      return [
        [
          name,
          {
            cpuSeconds: round(least),
            megabytesPerCpuSecond: round(bytes / 1e6 / least),
            rounds: all.map(round),
          },
        ],
      ];
    }),
  );
  const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
  process.stdout.write(`${JSON.stringify({ bytes, machine, ...told }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
