import pc from "picocolors";
import { visibleText } from "../../shared/index.ts";
import { count, listed } from "../findings/words.ts";
import type { AuditReport, Finding, Severity } from "../report.ts";
import { nextStep, type ReportOptions } from "./next-step.ts";
import { grouped, size } from "./sizes.ts";
import { viewOf, type PackageView, type ReportView } from "./view.ts";

const width = 100;
const mostLines = 40;
const mostPackages = 6;

export type TerminalOptions = ReportOptions & {
  colour: boolean;
  /** The repository as the caller named it, if that is not the working directory: next steps are to be run there. */
  repo?: string;
  /** Where the page lies, if it was written. */
  page?: string;
};

type Colours = ReturnType<typeof pc.createColors>;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const charactersOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment);

/** Cut to so many characters, the end of it replaced by an ellipsis. */
function cut(text: string, most: number): string {
  const characters = charactersOf(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** As `cut`, but the end stays: the name of a file says more than its first folder. */
function cutStart(text: string, most: number): string {
  const characters = charactersOf(text);
  return characters.length <= most ? text : `…${characters.slice(characters.length - most + 1).join("")}`;
}

const longestQuote = 36;

function shortQuote(text: string): string {
  if (text.length <= longestQuote) return text;
  if (text.includes(" ")) return cut(text, 44); // a command: its start says more
  const parts = text.split("/");
  while (parts.length > 2 && parts.join("/").length > 34) parts.shift();
  return cutStart(`…/${parts.join("/")}`, 44);
}

/** Long paths of a message without their first folders: the end says more. */
function shortened(message: string): string {
  return message
    .split("`")
    .map((part, index) => (index % 2 === 1 ? shortQuote(part) : part))
    .join("`");
}

function painted(severity: Severity, text: string, colours: Colours): string {
  if (severity === "error") return colours.red(text);
  return severity === "warning" ? colours.yellow(text) : colours.dim(text);
}

/** A message in one line, or in two where there is room for a second; broken between words. */
function folded(message: string, first: number, lines: number): string[] {
  if (lines === 1 || message.length <= first) return [cut(message, first)];
  const space = message.lastIndexOf(" ", first);
  const at = space > first / 4 ? space : first;
  return [message.slice(0, at), cut(message.slice(at).trimStart(), width - 3)];
}

/** Lines with what stands between quotes in colour instead of quotes; a quote may span lines. */
function withColour(lines: readonly string[], colours: Colours): string[] {
  let inside = false;
  return lines.map((line) =>
    line
      .split("`")
      .map((part, index) => {
        if (index > 0) inside = !inside;
        return inside && part !== "" ? colours.cyan(part) : part;
      })
      .join(""),
  );
}

type Cause = { finding: Finding; label: string; head: string; message: string };

function causeOf(finding: Finding, number: number): Cause {
  const label = `${finding.severity} ${finding.rule}`;
  const head = `${String(number).padStart(2)} ${label}  `;
  return { finding, label, head, message: shortened(visibleText(finding.message)) };
}

function causeLines(cause: Cause, lines: number, options: TerminalOptions, colours: Colours): string[] {
  const { finding, label, head, message } = cause;
  const shown = folded(message, width - head.length, lines);
  const [first = "", ...more] = options.colour ? withColour(shown, colours) : shown;
  const next = visibleText(nextStep(finding, options));
  const room = width - 3 - next.length - 4;
  const others = finding.places.length > 1 ? ` (+${grouped(finding.places.length - 1)})` : "";
  const spot = `${visibleText(finding.at.path)}:${finding.at.line}`;
  const place = room >= 16 ? `${cutStart(spot, room - others.length)}${others}  ` : "";
  return [
    head.replace(label, () => painted(finding.severity, label, colours)) + first,
    ...more.map((line) => `   ${line}`),
    `   ${colours.dim(place)}${colours.dim("→")} ${next}`,
  ];
}

/** The causes, two lines each; long messages get a third as long as `room` lasts. */
function fixFirstLines(view: ReportView, room: number, options: TerminalOptions, colours: Colours): string[] {
  let left = room - 2 * view.fixFirst.length;
  return view.fixFirst.flatMap((finding, index) => {
    const cause = causeOf(finding, index + 1);
    const long = cause.message.length > width - cause.head.length && left > 0;
    if (long) left--;
    return causeLines(cause, long ? 2 : 1, options, colours);
  });
}

function shares(view: PackageView, all: ReportView): string {
  const partners = view.links
    .filter((link) => link.exact + link.near > 0)
    .toSorted((a, b) => b.exact + b.near - (a.exact + a.near) || a.a - b.a || a.b - b.b)
    .map((link) => {
      const other = all.packages[link.a === view.index ? link.b : link.a] as PackageView;
      return `${cutStart(visibleText(other.label), 26)} ${grouped(link.exact)}+${grouped(link.near)}`;
    });
  const rest = partners.length - 2;
  return partners.slice(0, 2).join(", ") + (rest > 0 ? ` (+${rest})` : "");
}

function packageTable(view: ReportView, colours: Colours): string[] {
  if (view.packages.length === 0)
    return ["No training package was found. Pin one: `packages: [{path: …}]` in training-ready.yaml."];
  const worst = view.packages.toSorted(
    (a, b) =>
      b.findings.error - a.findings.error ||
      b.findings.warning - a.findings.warning ||
      b.report.files - a.report.files ||
      a.index - b.index,
  );
  const shown = worst.slice(0, mostPackages);
  const column = Math.min(38, Math.max(8, ...shown.map((one) => one.report.path.length || 1)));
  const row = (name: string, files: string, bytes: string, problems: string, rest: string): string =>
    cut(
      `${name.padEnd(column)} ${files.padStart(7)} ${bytes.padStart(9)} ${problems.padStart(9)}  ${rest}`,
      width,
    ).trimEnd();
  const lines = [colours.bold(row("PACKAGE", "FILES", "SIZE", "ERR/WARN", "SHARES (EQUAL+NEAR)"))];
  for (const one of shown) {
    const { path, files, bytes } = one.report;
    lines.push(
      row(
        cutStart(visibleText(path === "" ? "." : path), column),
        grouped(files),
        size(bytes),
        `${one.findings.error}/${one.findings.warning}`,
        shares(one, view),
      ),
    );
  }
  const rest = worst.length - shown.length;
  if (rest > 0) lines.push(colours.dim(`and ${count(rest, "package")} more in the reports`));
  return lines;
}

function headline(report: AuditReport, view: ReportView, colours: Colours): string[] {
  const at =
    view.commit === null
      ? "no git history"
      : `commit ${view.commit.slice(0, 10)}${report.repository.dirty ? ", with uncommitted changes" : ""}`;
  const { error, warning, note } = view.severities;
  const files = report.summary["files"] ?? 0;
  return [
    `${colours.bold(visibleText(view.name))}  ${at}`,
    `${count(files, "file")}, ${count(report.packages.length, "package")}, ${count(report.groups.length, "group")} of equal files, ${count(report.references.length, "reference")}, ${count(report.imports.length, "import")}`,
    `${painted("error", count(error, "error"), error > 0 ? colours : pc.createColors(false))}, ${painted("warning", count(warning, "warning"), warning > 0 ? colours : pc.createColors(false))}, ${count(note, "note")}${view.known > 0 ? ` (${grouped(view.known)} known from the baseline)` : ""}`,
  ];
}

/** The report for a terminal: at most 40 lines of at most 100 columns; control characters never reach it. */
export function terminalReport(report: AuditReport, options: TerminalOptions): string {
  const view = viewOf(report);
  const colours = pc.createColors(options.colour);
  const top = [...headline(report, view, colours), ""];
  const bottom = ["", ...packageTable(view, colours)];
  const warnings = report.warnings.length;
  if (warnings > 0) {
    const codes = [...new Set(report.warnings.map((one) => one.code))].sort();
    const what = `${count(warnings, "thing")} could not be understood or was left out`;
    bottom.push("", cut(`${what}: ${visibleText(listed(codes, 5))}`, width));
  }
  bottom.push(
    "",
    options.page === undefined
      ? colours.dim("Everything else: `--out DIR` writes HTML, Markdown, JSON and SARIF.")
      : `Read on: ${visibleText(options.page)}`,
  );
  if (view.fixFirst.length === 0) top.push(colours.green("Nothing to fix was found."));
  else {
    const where =
      options.repo === undefined
        ? ""
        : colours.dim(`  (next steps: run in ${cutStart(visibleText(options.repo), 60)})`);
    top.push(colours.bold("FIX FIRST") + where);
    top.push(...fixFirstLines(view, mostLines - top.length - bottom.length, options, colours));
  }
  return `${[...top, ...bottom].join("\n")}\n`;
}
