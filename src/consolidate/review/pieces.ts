import { html, message, type Content, type Markup } from "../../shared/index.ts";
import type { Rewrite } from "./review.ts";

/** How much of the longest lists a page holds; all of it stands in the plan, the record and git. */
export type Caps = { rows: number; files: number; lines: number };

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;

/** A table of which the first rows are open and the rest folded. */
export function table(head: readonly string[], all: readonly (readonly Content[])[], caps: Caps): Markup {
  if (all.length === 0) return html`<p class="empty">None.</p>`;
  const open = 12;
  const part = (rows: readonly (readonly Content[])[]): Markup =>
    html`<div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            ${head.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (cells) =>
              html`<tr>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  const folded = all.slice(open, caps.rows);
  const left = all.length - Math.max(open, caps.rows);
  return html`<div class="panel long">
    ${part(all.slice(0, open))}${
      folded.length > 0 &&
      html`<details class="row fold">
        <summary><span class="nm">${count(folded.length, "more", "more")}</span></summary>
        ${part(folded)}
      </details>`
    }${left > 0 && html`<p class="empty">${count(left, "more row", "more rows")} stand in the record.</p>`}
  </div>`;
}

export const code = (text: string): Markup => html`<code>${text}</code>`;

export function reasons(list: readonly string[]): Markup {
  return list.length === 1
    ? message(list[0] as string)
    : html`<ul class="plain">
        ${list.map((one) => html`<li>${message(one)}</li>`)}
      </ul>`;
}

function diffLine(line: string): Markup {
  const text = line.slice(1);
  if (line.startsWith("@@")) return html`<div class="at">${line}</div>`;
  if (line.startsWith("+")) return html`<div class="add">+<ins>${text}</ins></div>`;
  if (line.startsWith("-")) return html`<div class="cut">-<del>${text}</del></div>`;
  return html`<div>${line}</div>`;
}

/** The rewrites of one file, folded. */
export function rewritten(one: Rewrite, caps: Caps): Markup {
  const changed = one.lines.filter((line) => line.startsWith("+")).length;
  const left = one.lines.length - caps.lines;
  return html`<details class="row">
    <summary>
      <span class="nm"
        >${one.after}${one.before !== one.after && html` <small>was ${one.before}</small>`}</span
      ><span class="meta">${count(changed, "line")}</span>
    </summary>
    <div class="body">
      <div class="hunk" role="group" aria-label="Changes in ${one.after}">
        ${one.lines.slice(0, caps.lines).map(diffLine)}
      </div>
      ${left > 0 && html`<p class="more">and ${count(left, "line")} more in the commit</p>`}
    </div>
  </details>`;
}
