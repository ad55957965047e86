/**
 * Draws samples of an audit's references and imports for labelling by hand, without the audit's verdict.
 *
 *   npx tsx bench/label-sample.ts OUT SEED CLASS=COUNT[,…] [--without KEY.json]… REPORT.json…
 *
 * `--without` leaves out places that an earlier sample held: its key.json.
 *
 * Writes OUT/sheet.txt (what a reader labels from: the place, its lines, and which paths of that name exist or once
 * existed) and OUT/key.json (the verdicts, for after the labels are written).
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

type Row = { path: string; line: number; start: number; class: string; raw?: string; module?: string };
type Report = { repository: { root: string }; references: Row[]; imports: Row[] };
type Sample = Row & { root: string; order: string };

const linesAround = 3;
const columnsAround = 130;
const namesakesShown = 4;

const [out = "", seed = "", quotas = "", ...others] = process.argv.slice(2);
const earlier = others.filter((_, index) => others[index - 1] === "--without");
const reports = others.filter((word) => word !== "--without" && !earlier.includes(word));
const wanted = new Map(quotas.split(",").map((pair) => pair.split("=") as [string, string]));

const paths = new Map<string, { now: string[]; ever: string[] }>();

function git(root: string, ...words: string[]): string[] {
  const text = execFileSync("git", ["-C", root, ...words], { encoding: "utf8", maxBuffer: 2 ** 30 });
  return text.split("\0").filter((line) => line !== "");
}

function pathsOf(root: string): { now: string[]; ever: string[] } {
  const known = paths.get(root);
  if (known !== undefined) return known;
  const now = git(root, "ls-files", "-z");
  const living = new Set(now);
  const added = git(
    root,
    "log",
    "-z",
    "--all",
    "--no-renames",
    "--diff-filter=A",
    "--name-only",
    "--format=",
  );
  const fresh = {
    now,
    ever: [...new Set(added.map((name) => name.trim()))].filter((name) => !living.has(name)),
  };
  paths.set(root, fresh);
  return fresh;
}

/** Paths that end with what the place names, as a file, a folder or a module. */
function namesakes(all: string[], name: string): string {
  const found = all.filter(
    (each) =>
      `/${each}`.includes(`/${name}/`) ||
      `/${each}`.endsWith(`/${name}`) ||
      `/${each}`.endsWith(`/${name}.py`),
  );
  return found.length === 0
    ? "-"
    : `${found.slice(0, namesakesShown).join("  ")}${found.length > namesakesShown ? `  (+${found.length - namesakesShown})` : ""}`;
}

function context(sample: Sample): string {
  const file = path.join(sample.root, sample.path);
  if (lstatSync(file).isSymbolicLink()) return `> symlink: ${readlinkSync(file)}`;
  const bytes = readFileSync(file);
  const lines = bytes.toString("latin1").split("\n");
  const column = sample.start - bytes.lastIndexOf(10, sample.start - 1) - 1;
  const first = Math.max(0, sample.line - 1 - linesAround);
  return lines
    .slice(first, sample.line + linesAround)
    .map((text, index) => {
      const own = first + index === sample.line - 1;
      const from = own ? Math.max(0, column - columnsAround) : 0;
      return `${own ? ">" : " "} ${text.slice(from, from + 2 * columnsAround)}`;
    })
    .join("\n");
}

function page(sample: Sample, number: number): string {
  const { now, ever } = pathsOf(sample.root);
  const said = sample.raw ?? sample.module ?? "";
  const asPath = sample.raw === undefined ? said.replace(/^\.+/, "").replaceAll(".", "/") : said;
  const name = asPath.replace(/^(?:\.{0,2}\/|\$\{?\w+\}?\/)+/, "").replace(/\/+$/, "");
  const last = name.split("/").at(-1) ?? name;
  return [
    `#${number} ${path.basename(sample.root)} ${sample.path}:${sample.line}  [${sample.raw === undefined ? "import" : "reference"}]  ${said}`,
    context(sample),
    `  now: ${namesakes(now, name)}\n  gone: ${namesakes(ever, name)}`,
    ...(last === name
      ? []
      : [`  now, last part: ${namesakes(now, last)}\n  gone, last part: ${namesakes(ever, last)}`]),
  ].join("\n");
}

function placeOf({ root, path: file, start, raw, module }: Row & { root: string }): string {
  return [path.basename(root), file, start, raw ?? module].join("\0");
}

const seen = new Set(
  earlier.flatMap((file) => (JSON.parse(readFileSync(file, "utf8")) as Sample[]).map(placeOf)),
);
const rows: Sample[] = reports.flatMap((file) => {
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  const { root } = report.repository;
  return [...report.references, ...report.imports].map((row) => ({
    ...row,
    class: row.raw === undefined ? `import:${row.class}` : row.class,
    root,
    order: createHash("sha256")
      .update(`${seed}\0${path.basename(root)}\0${row.path}\0${row.start}\0${row.raw ?? row.module}`)
      .digest("hex"),
  }));
});
const byOrder = rows.toSorted((a, b) => (a.order < b.order ? -1 : 1));
const drawn = [...wanted].flatMap(([name, count]) =>
  byOrder.filter((row) => row.class === name && !seen.has(placeOf(row))).slice(0, Number(count)),
);
// By another order than the drawing's: that one would put the largest classes first and so tell the class.
const turn = ({ order }: Sample): string => createHash("sha256").update(order).digest("hex");
const mixed = drawn.toSorted((a, b) => (turn(a) < turn(b) ? -1 : 1));

mkdirSync(out, { recursive: true });
writeFileSync(
  path.join(out, "sheet.txt"),
  `${mixed.map((sample, index) => page(sample, index + 1)).join("\n\n")}\n`,
);
writeFileSync(
  path.join(out, "key.json"),
  `${JSON.stringify(
    mixed.map((sample, index) => ({ number: index + 1, ...sample })),
    null,
    1,
  )}\n`,
);
