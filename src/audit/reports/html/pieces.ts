import type { Evidence, Finding, FindingPlace } from "../../report.ts";
import { grouped } from "../sizes.ts";
import { html, message, type Content, type Markup } from "../../../shared/index.ts";

export function severityTag(severity: Finding["severity"]): Markup {
  return html`<span class="tag ${severity}">${severity}</span>`;
}

export function place(one: { path: string; line?: number }): Markup {
  return html`<code>${one.path}${one.line === undefined ? "" : `:${one.line}`}</code>`;
}

export function evidence(one: Evidence): Markup {
  const where =
    one.path !== undefined && one.line !== undefined
      ? html` ${place({ path: one.path, line: one.line })}`
      : undefined;
  return html`${message(one.text)}${where}${one.commit !== undefined && html` <span class="rule">commit ${one.commit.slice(0, 12)}</span>`}`;
}

/** The first of a list, and how many are left. */
export function capped<T>(
  items: readonly T[],
  most: number,
  show: (one: T) => Content,
  className = "plain",
): Markup {
  const rest = items.length - most;
  return html`<ul class="${className}">
      ${items.slice(0, most).map((one) => html`<li>${show(one)}</li>`)}
    </ul>
    ${rest > 0 && html`<p class="more">and ${grouped(rest)} more in audit.json</p>`}`;
}

/** A table whose later rows are folded, and of which the page holds only so many. */
export function foldedTable(
  head: readonly string[],
  rows: readonly Markup[],
  caps: { open: number; most: number },
  className = "",
): Markup {
  const table = (part: readonly Markup[]): Markup =>
    html`<div class="scroll">
      <table class="${className}">
        <thead>
          <tr>
            ${head.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${part}
        </tbody>
      </table>
    </div>`;
  const folded = rows.slice(caps.open, caps.most);
  const left = rows.length - caps.most;
  return html`<div class="panel long">
    ${table(rows.slice(0, caps.open))}${
      folded.length > 0 &&
      html`<details class="row fold">
        <summary><span class="nm">${grouped(folded.length)} more</span></summary>
        ${table(folded)}
      </details>`
    }${left > 0 && html`<p class="empty">${grouped(left)} more stand in audit.json.</p>`}
  </div>`;
}

/** What a proven fix changes: the old text is known only where the row gives it. */
export function fixOf(
  places: readonly FindingPlace[],
  rawAt: (one: FindingPlace) => string | undefined,
): Markup | undefined {
  const first = places.find((one) => one.fix !== undefined);
  if (first?.fix === undefined) return undefined;
  const raw = rawAt(first);
  return html`<div
    class="diff"
    role="group"
    aria-label="Proposed change in ${first.path}, line ${first.line}"
  >
    ${raw !== undefined && html`<div class="old"><del>${raw}</del></div>`}
    <div class="new"><ins>${first.fix.text}</ins> <span class="rule">${first.fix.certainty}</span></div>
  </div>`;
}
