import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { readRunEvents, type RunEvent } from "./events.ts";
import { modelCard } from "./model-card.ts";
import { readRunRecipe, runPaths, runStatus } from "./run-folder.ts";
import { recipeText } from "./recipe.ts";

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

type Point = { x: number; y: number };
type Line = { label: string; points: Point[] };

const [width, height, margin] = [720, 220, 46];
const colours = ["#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2"];

const short = (value: number): string =>
  Math.abs(value) >= 1000 ? value.toExponential(1) : String(Number(value.toPrecision(3)));

/** At most `limit` points of a line, first and last kept. */
function thin(points: readonly Point[], limit = 600): Point[] {
  if (points.length <= limit) return [...points];
  return Array.from(
    { length: limit },
    (_, index) => points[Math.round((index * (points.length - 1)) / (limit - 1))] as Point,
  );
}

function chart(title: string, lines: readonly Line[]): string {
  const all = lines.flatMap((line) => line.points);
  if (all.length === 0) return "";
  const [xs, ys] = [all.map((point) => point.x), all.map((point) => point.y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(0, ...ys), Math.max(...ys)];
  const at = ({ x, y }: Point): string => {
    const px = margin + ((x - left) / Math.max(1, right - left)) * (width - margin - 10);
    const py = height - 24 - ((y - low) / Math.max(1e-12, high - low)) * (height - 40);
    return `${px.toFixed(1)},${py.toFixed(1)}`;
  };
  const paths = lines
    .map(
      (line, index) =>
        `<polyline fill="none" stroke="${colours[index % colours.length]}" stroke-width="1.5" points="${thin(line.points).map(at).join(" ")}"/>`,
    )
    .join("");
  const legend = lines
    .map((line, index) => `<tspan fill="${colours[index % colours.length]}">${escape(line.label)}  </tspan>`)
    .join("");
  return `<h2>${escape(title)}</h2><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
<line x1="${margin}" y1="${height - 24}" x2="${width - 10}" y2="${height - 24}" stroke="#999"/><line x1="${margin}" y1="16" x2="${margin}" y2="${height - 24}" stroke="#999"/>
<text x="4" y="22">${short(high)}</text><text x="4" y="${height - 26}">${short(low)}</text>
<text x="${margin}" y="${height - 8}">${left}</text><text x="${width - 60}" y="${height - 8}">step ${right}</text>
<text x="${margin + 8}" y="14">${legend}</text>${paths}</svg>`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return `<table>${rows.map(([name, value]) => `<tr><th>${escape(name)}</th><td>${escape(value)}</td></tr>`).join("")}</table>`;
}

function lossLines(events: readonly RunEvent[]): Line[] {
  const lines = new Map<string, Point[]>();
  const add = (label: string, x: number, y: number | null): void => {
    if (y !== null) lines.set(label, [...(lines.get(label) ?? []), { x, y }]);
  };
  for (const event of events) {
    if (event.type === "step") add(`training: ${event.stage}`, event.step, event.ce);
    if (event.type === "eval") add(`validation: ${event.stage}`, event.step, event.loss);
  }
  return [...lines].map(([label, points]) => ({ label, points }));
}

function curve(
  events: readonly RunEvent[],
  label: string,
  of: (event: Extract<RunEvent, { type: "step" }>) => number | null,
): Line {
  return {
    label,
    points: events.flatMap((event) => {
      const y = event.type === "step" ? of(event) : null;
      return event.type === "step" && y !== null ? [{ x: event.step, y }] : [];
    }),
  };
}

function loadLines(events: readonly RunEvent[], experts: readonly string[]): Line[] {
  const moe = events.filter((event) => event.type === "moe");
  return experts.map((label, expert) => ({
    label,
    points: moe.map((event) => ({
      x: event.step,
      y: event.load.reduce((sum, layer) => sum + (layer[expert] ?? 0), 0) / Math.max(1, event.load.length),
    })),
  }));
}

function domainTable(events: readonly RunEvent[]): string {
  const evaluations = events.filter((event) => event.type === "eval");
  const rows = evaluations
    .filter((event) => event.reason !== "interval")
    .flatMap((event) =>
      Object.entries(event.domains).map(([domain, { loss, tokens }]): [string, string] => [
        `${event.stage}, ${event.reason}: ${domain}`,
        `${loss === null ? "not finite" : loss.toFixed(4)} over ${tokens} tokens`,
      ]),
    );
  return rows.length === 0 ? "" : `<h2>Validation loss by domain</h2>${table(rows)}`;
}

/** The run as one page: state, curves, evaluation by domain, warnings, recipe. No conversation text. */
export function reportHtml(run: string): string {
  const events = readRunEvents(runPaths(run).events);
  const status = runStatus(run);
  const recipe = readRunRecipe(run);
  const hello = events.findLast((event) => event.type === "hello");
  const seconds = events
    .flatMap((event) => (event.type === "step" ? [event.dt] : []))
    .reduce((sum, dt) => sum + dt, 0);
  const facts: [string, string][] = [
    ["state", `${status.status}${status.reason === "" ? "" : `: ${status.reason}`}`],
    ["steps", `${status.step} of ${status.steps}`],
    ["time in steps", `${seconds.toFixed(1)} s`],
    ["last loss", status.loss === null ? "none" : status.loss.toFixed(4)],
    [
      "machine",
      hello === undefined
        ? ""
        : `${hello.device}, ${hello.dtype}, torch ${hello.torch}, attention ${hello.attention}, ${hello.threads} threads`,
    ],
    ["attempts", String(status.attempts)],
  ];
  const warnings = status.warnings.map(({ code, message }): [string, string] => [code, message]);
  const charts = [
    chart("Loss", lossLines(events)),
    chart("Learning rate", [curve(events, "lr", (event) => event.lr)]),
    chart("Gradient norm", [curve(events, "norm", (event) => event.grad_norm)]),
    chart("Tokens per second", [curve(events, "tokens/s", (event) => event.tok_s)]),
    chart("Expert load (mean over layers)", loadLines(events, recipe.moe.experts)),
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(status.run)}</title><style>
body{font:15px/1.5 system-ui,sans-serif;max-width:780px;margin:2em auto;padding:0 1em;color:#222}h2{font-size:1.1em;margin-top:1.6em}
svg{width:100%;background:#fafafa;border:1px solid #e5e5e5}svg text{font-size:11px;fill:#555}th{text-align:left;padding-right:1.5em;font-weight:600}pre{background:#fafafa;border:1px solid #e5e5e5;padding:1em;overflow:auto}
</style></head><body><h1>${escape(status.run)}</h1>${table(facts)}${charts.join("")}${domainTable(events)}${
    warnings.length === 0 ? "" : `<h2>Warnings</h2>${table(warnings)}`
  }<h2>Recipe</h2><pre>${escape(recipeText(recipe))}</pre></body></html>\n`;
}

/** Writes `report.html` into the run folder, and `card.md` unless an export wrote a fuller one. */
export async function writeReport(run: string): Promise<string> {
  const { report, card } = runPaths(run);
  await writeFile(report, reportHtml(run));
  if (!existsSync(card))
    await writeFile(card, modelCard(run, { format: "none yet", quantize: null, parity: null }));
  return report;
}
