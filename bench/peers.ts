/**
 * Runs tools that do part of an audit beside the audit, on one tree: what each costs and finds, and how far it agrees.
 * Run: npm run peers -- FOLDER [--runs N]   (needs git and python3; npm's tools are installed on demand)
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { AuditReport } from "../src/audit/index.ts";
import { cacheFolder, visibleText } from "../src/shared/index.ts";
import { matchBy, matchGroups, median, narrowed, pairsFound, tally } from "./peers/matching.ts";
import { type Cost, measured, type Ran } from "./peers/measured.ts";
import * as outputs from "./peers/outputs.ts";
import { installedVersion, installPackages, packages } from "./peers/tools.ts";

const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "1" } },
  allowPositionals: true,
});
const runs = Number(values.runs);
if (positionals[0] === undefined || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write("Usage: npm run peers -- FOLDER [--runs N]\n");
  process.exit(2);
}
const folder = realpathSync(resolve(process.env["INIT_CWD"] ?? ".", positionals[0]));
const scratch = mkdtempSync(join(tmpdir(), "training-ready-peers-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
const say = (text: string): void => void process.stdout.write(`${visibleText(text)}\n`);

function repeated(run: (round: number) => Ran): { last: Ran; cost: Cost } {
  const all = Array.from({ length: runs }, (_, round) => run(round));
  const cost = {
    seconds: median(all.map((one) => one.cost.seconds)),
    megabytes: median(all.map((one) => one.cost.megabytes)),
  };
  return { last: all.at(-1) as Ran, cost };
}

function show(name: string, cost: Cost, found: string): void {
  say(`${name}: ${cost.seconds.toFixed(2)} CPU s, ${Math.round(cost.megabytes)} MB, ${found}`);
}

// --- ours
const program = fileURLToPath(new URL("../bin/training-ready", import.meta.url));
const auditCommand = [process.execPath, program, "audit", "--repo", folder, "--json", "--fail-on", "never"];
const audit = (cache: string): Ran => {
  const ran = measured(auditCommand, {
    cwd: folder,
    environment: { TRAINING_READY_CACHE: join(scratch, cache) },
  });
  if (ran.status !== 0) throw new Error(`the audit failed: ${ran.stderr || ran.stdout.slice(0, 500)}`);
  return ran;
};
const cold = repeated((round) => audit(`cache-${round}`));
const warm = repeated(() => audit("cache-0"));
const report = JSON.parse(cold.last.stdout) as AuditReport;
const { files = 0, bytes = 0 } = report.summary;
const megabytes = Math.round(bytes / 1e6);
say(`${files} files, ${megabytes} MB; ${cpus().length} cores; median of ${runs}`);
const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));
const failing = new Set(["internal-missing", "relative-without-parent", "name-missing"]);
const ourImports = report.imports.filter((one) => failing.has(one.class));
const ourLinks = report.references.filter(
  (one) => (one.kind === "link" || one.kind === "image") && /\.(?:md|markdown)$/i.test(one.path),
);
const ourBroken = ourLinks.filter((one) => one.class === "stale" || one.class === "missing-data");
show(
  "audit, cold",
  cold.cost,
  `${report.groups.length} groups of equal files, ${report.copies.length} copies, ${ourBroken.length} broken links, ${ourImports.length} unresolved imports`,
);
show("audit, again", warm.cost, "the same");

// --- equal files
const listed = spawnSync("git", ["ls-files", "-z"], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
const tracked = new Set(listed.status === 0 ? listed.stdout.split("\0") : []);
const isCompared = (path: string): boolean => !isHidden(path) && (tracked.size === 0 || tracked.has(path));
// Counted by the audit, and not listed.
const boilerplate =
  /(?:^|\/)(?:LICEN[CS]E|COPYING|NOTICE)[^/]*$|(?:^|\/)(?:__init__\.py|\.gitkeep|py\.typed)$/i;
const ourGroups = narrowed(
  report.groups.map((group) => group.paths),
  isCompared,
);
const rmlintFile = join(scratch, "rmlint.json");
const finders = [
  {
    name: "rmlint",
    command: ["rmlint", "-T", "df", "-o", `json:${rmlintFile}`, "."],
    groups: (): string[][] => outputs.rmlintGroups(readFileSync(rmlintFile, "utf8"), folder),
  },
  {
    name: "jdupes",
    command: ["jdupes", "-r", "-A", "-j", "."],
    groups: ({ stdout }: Ran): string[][] => outputs.jdupesGroups(stdout, folder),
  },
  {
    name: "fdupes",
    command: ["fdupes", "-r", "-A", "-n", "."],
    groups: ({ stdout }: Ran): string[][] => outputs.fdupesGroups(stdout, folder),
  },
];
for (const { name, command, groups } of finders) {
  const version = installedVersion(name);
  if (version === undefined) {
    say(`${name}: not installed`);
    continue;
  }
  const { last, cost } = repeated(() => measured(command, { cwd: folder }));
  const theirs = narrowed(groups(last), isCompared);
  const match = matchGroups(ourGroups, theirs);
  const apart = match.theirs.filter((paths) => paths.every((path) => boilerplate.test(path))).length;
  show(`${name} ${version}`, cost, `${theirs.length} groups of equal files`);
  say(
    `  same groups ${match.both}; ours alone ${match.ours.length}; theirs alone ${match.theirs.length}, ${apart} of them licences and package markers`,
  );
  for (const paths of match.theirs.filter((one) => !one.every((path) => boilerplate.test(path))).slice(0, 5))
    say(`  theirs alone: ${paths.slice(0, 4).join(" = ")}`);
}

// --- tools from npm
const installed = installPackages(cacheFolder(process.env));
if ("reason" in installed) {
  say(`jscpd, pyright, remark-validate-links: not run. ${installed.reason}`);
} else {
  const tool = (name: string): string => join(installed.modules, ".bin", name);
  runJscpd(tool("jscpd"));
  runPyright(tool("pyright"));
  runRemark(tool("remark"), join(installed.modules, "remark-validate-links", "index.js"));
}

function runJscpd(command: string): void {
  const out = join(scratch, "jscpd");
  const { last, cost } = repeated(() =>
    measured([command, ".", "-r", "json", "-o", out, "--silent"], { cwd: folder }),
  );
  let pairs: [string, string][];
  try {
    pairs = outputs.jscpdPairs(readFileSync(join(out, "jscpd-report.json"), "utf8"), folder);
  } catch {
    say(`jscpd ${packages.jscpd}: wrote no report: ${last.stderr.trim().slice(0, 200)}`);
    return;
  }
  const copies = report.copies.map(({ a, b }): [string, string] => [a, b]);
  const groups = report.groups.filter(({ paths }) =>
    paths.some((a, at) => paths.slice(at + 1).some((b) => pairsFound([[a, b]], pairs) === 1)),
  );
  const files = new Set(pairs.map((pair) => pair.join("\0"))).size;
  show(`jscpd ${packages.jscpd}`, cost, `${pairs.length} equal blocks in ${files} pairs of files`);
  say(
    `  of our ${report.groups.length} groups of equal files it pairs some in ${groups.length}; of our ${copies.length} copies ${pairsFound(copies, pairs)}`,
  );
}

function runPyright(command: string): void {
  const { last, cost } = repeated(() => measured([command, "--outputjson", "."], { cwd: folder }));
  const theirs = outputs.pyrightImports(last.stdout, folder);
  const at = (one: { path: string; line: number }): string => `${one.path}:${one.line}`;
  const match = matchBy(
    ourImports.filter((one) => !isHidden(one.path) && one.path.endsWith(".py")),
    theirs,
    { ours: at, theirs: at },
  );
  const classes = new Map(report.imports.map((one) => [at(one), one.class]));
  show(`pyright ${packages.pyright}`, cost, `${theirs.length} unresolved imports`);
  say(
    `  both ${match.both}; ours alone ${match.ours.length}; theirs alone ${match.theirs.length}, which we call: ${tally(match.theirs.map((one) => classes.get(at(one)) ?? "not listed"))}`,
  );
  for (const one of match.ours.slice(0, 5)) say(`  ours alone: ${at(one)} ${one.module} (${one.class})`);
}

function runRemark(command: string, plugin: string): void {
  const settings = ["--no-config", "--no-ignore", "--no-color", "--no-stdout", "--quiet"];
  const { last, cost } = repeated(() =>
    measured([command, ".", ...settings, "--use", `${plugin}=repository:false`], { cwd: folder }),
  );
  const theirs = outputs.remarkLinks(last.stderr);
  const at = (one: { path: string; line: number }): string => `${one.path}:${one.line}`;
  const match = matchBy(
    ourBroken.filter((one) => !isHidden(one.path)),
    theirs.files,
    { ours: at, theirs: at },
  );
  const classes = new Map(ourLinks.map((one) => [at(one), one.class]));
  show(
    `remark-validate-links ${packages["remark-validate-links"]}`,
    cost,
    `${theirs.files.length} broken links to files, ${theirs.headings.length} to headings (the audit follows none to headings)`,
  );
  say(
    `  both ${match.both}; ours alone ${match.ours.length}; theirs alone ${match.theirs.length}, which we call: ${tally(match.theirs.map((one) => classes.get(at(one)) ?? "not listed"))}`,
  );
  for (const one of match.ours.slice(0, 5)) say(`  ours alone: ${at(one)} ${one.raw}`);
  for (const one of match.theirs.slice(0, 5)) say(`  theirs alone: ${at(one)}`);
}
