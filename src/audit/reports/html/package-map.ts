import { count } from "../../findings/words.ts";
import { size } from "../sizes.ts";
import type { PackageView, ReportView } from "../view.ts";
import type { Caps } from "./caps.ts";
import { html, Markup, type Content } from "../../../shared/index.ts";
import { treemap, type Box } from "./treemap.ts";

const frame: Box = { x: 1, y: 1, width: 1098, height: 438 };
const mostLines = 16;
const gap = 3;
const pixelsPerCharacter = 8.3;

function fitted(text: string, width: number): string {
  const most = Math.max(2, Math.floor((width - 16) / pixelsPerCharacter));
  if (text.length <= most) return text;
  // Of a path the end says more.
  return text.includes("/") ? `…${text.slice(text.length - most + 1)}` : `${text.slice(0, most - 1)}…`;
}

function problems(view: PackageView): string {
  const { error, warning } = view.findings;
  return error + warning === 0
    ? "no errors or warnings"
    : `${count(error, "error")}, ${count(warning, "warning")}`;
}

const round = (value: number): string => value.toFixed(1);

function boxMarkup(view: PackageView, box: Box): Markup {
  const { name, path, files, bytes } = view.report;
  const label = `${path === "" ? name : path}: ${count(files, "file")}, ${size(bytes)}, ${problems(view)}`;
  const state = view.findings.error > 0 ? " error" : view.findings.warning > 0 ? " warning" : "";
  const width = Math.max(0, box.width - gap);
  const height = Math.max(0, box.height - gap);
  const texts =
    width > 46 && height > 22
      ? html`<text x="${round(box.x + 8)}" y="${round(box.y + 18)}">${fitted(view.label, width)}</text
          >${height > 40 && html`<text class="n" x="${round(box.x + 8)}" y="${round(box.y + 34)}">${fitted(count(files, "file"), width)}</text>`}`
      : undefined;
  return html`<a class="p${state}" href="#pkg-${view.index}" data-i="${view.index}" aria-label="${label}"
    ><title>${label}</title
    ><rect
      x="${round(box.x)}"
      y="${round(box.y)}"
      width="${round(width)}"
      height="${round(height)}"
      rx="4"
    />${texts}</a
  >`;
}

function lineMarkup(view: ReportView, boxes: ReadonlyMap<number, Box>): Content[] {
  const lines: { a: number; b: number; strength: number; kind: "s" | "r"; label: string }[] = [];
  for (const link of view.links) {
    if (!boxes.has(link.a) || !boxes.has(link.b)) continue;
    const names = `${view.packages[link.a]?.label} and ${view.packages[link.b]?.label}`;
    if (link.exact + link.near > 0) {
      lines.push({
        a: link.a,
        b: link.b,
        strength: link.exact + link.near,
        kind: "s",
        label: `${names}: ${link.exact} equal and ${link.near} near copies`,
      });
    } else if (link.references > 0) {
      lines.push({
        a: link.a,
        b: link.b,
        strength: link.references,
        kind: "r",
        label: `${names}: ${link.references} references`,
      });
    }
  }
  return lines
    .sort(
      (x, y) =>
        Number(x.kind === "r") - Number(y.kind === "r") || y.strength - x.strength || x.a - y.a || x.b - y.b,
    )
    .slice(0, mostLines)
    .map(({ a, b, strength, kind, label }) => {
      const [from, to] = [boxes.get(a) as Box, boxes.get(b) as Box];
      const [x1, y1] = [from.x + from.width / 2, from.y + from.height / 2];
      const [x2, y2] = [to.x + to.width / 2, to.y + to.height / 2];
      const bend = 0.14;
      const curve = `M${round(x1)} ${round(y1)}Q${round((x1 + x2) / 2 + (y2 - y1) * bend)} ${round((y1 + y2) / 2 - (x2 - x1) * bend)} ${round(x2)} ${round(y2)}`;
      const stroke = Math.min(7, 1.2 + Math.log2(1 + strength) * 0.7);
      return html`<a
        class="l ${kind}"
        href="#pair-${a}-${b}"
        data-a="${a}"
        data-b="${b}"
        aria-label="${label}"
        ><title>${label}</title><path stroke-width="${round(stroke)}" d="${curve}" /><path
          class="hit"
          d="${curve}"
      /></a>`;
    });
}

/** The packages as boxes, area by number of files; lines show the strongest overlaps and references. */
export function packageMap(view: ReportView, caps: Caps): Markup {
  const shown = view.packages
    .toSorted((a, b) => b.report.files - a.report.files || a.index - b.index)
    .slice(0, Math.min(caps.packages, 80));
  if (shown.length === 0) return html`<p class="empty">No folder has two signs of a training package.</p>`;
  const boxes = treemap(
    // The root of the fourth power would flatten too much; the square root keeps small packages readable.
    shown.map((one) => Math.sqrt(Math.max(1, one.report.files))),
    frame,
  );
  const byIndex = new Map(shown.map((one, place) => [one.index, boxes[place] as Box]));
  return html`<div class="panel map">
    <svg viewBox="0 0 1100 440" role="group" aria-label="Map of packages">
      ${shown.map((one) => boxMarkup(one, byIndex.get(one.index) as Box))}${lineMarkup(view, byIndex)}
    </svg>
    <ul class="legend">
      <li>Larger box: more files (area by square root)</li>
      <li><i class="e"></i>has errors</li>
      <li><i class="w"></i>has warnings</li>
      <li><i class="s"></i>files in common</li>
      <li><i class="d"></i>refers to</li>
    </ul>
  </div>`;
}
