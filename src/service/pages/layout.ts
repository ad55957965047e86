import type { FastifyReply } from "fastify";
import { html, type Markup, type Content } from "../../shared/index.ts";

/** Nothing but the service's own style sheet, script and forms; no frame. */
export const trackerPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export type PageLink = { path: string; name: string };

export type Frame = {
  title: string;
  links: readonly PageLink[];
  current?: string;
  /** Token of the sign-out form; none for somebody who is not signed in. */
  csrf?: string;
  script?: boolean;
  /** Open risk events that the reader may act on; they stand above every view but the inbox. */
  openRisk?: number;
};

/** The notice that thresholds and wording are drafts. */
export const draftNotice = html`<p class="draft">
  Thresholds, cut-offs, clocks and crisis wording are drafts with their sources named; the site's clinicians
  must sign them off before they guide care. This program makes no claim of clinical safety.
</p>`;

const riskBar = (count: number): Content =>
  count === 0
    ? ""
    : html`<aside class="risk-bar no-print" aria-label="Open risk">
        <div>
          <a href="/app/risk"
            >Open risk: ${count} ${count === 1 ? "event" : "events"}. See ${count === 1 ? "it" : "them"}
            first.</a
          >
        </div>
      </aside>`;

/** A whole page: skip link, navigation, one main landmark. */
export function framed(frame: Frame, body: Content): string {
  const links = frame.links.map(
    (one) =>
      html`<li>
        <a href="${one.path}" ${one.path === frame.current ? html`aria-current="page"` : ""}>${one.name}</a>
      </li>`,
  );
  const bar =
    frame.csrf === undefined
      ? ""
      : html`<header class="bar">
          <div>
            <b>Progress</b>
            <nav aria-label="Pages">
              <ul>
                ${links}
              </ul>
            </nav>
            <form method="post" action="/app/sign-out">
              ${hidden(frame.csrf)}<button class="quiet">Sign out</button>
            </form>
          </div>
        </header>`;
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${frame.title}</title>
      <link rel="stylesheet" href="/app/assets/tracker.css" />
      ${frame.script === true ? html`<script src="/app/assets/inbox.js" defer></script>` : ""}
    </head>
    <body>
      <a class="skip" href="#main">Skip to the content</a>
      ${bar} ${riskBar(frame.openRisk ?? 0)}
      <main id="main" tabindex="-1">${body}</main>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

/** The field that proves a form to be ours. */
export const hidden = (csrf: string): Markup => html`<input type="hidden" name="csrf" value="${csrf}" />`;

export type Column = { name: string; number?: boolean };

/** A table that scrolls on its own, reachable by keyboard. */
export function dataTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Content {
  if (rows.length === 0) return html`<p class="soft">${caption}: nothing.</p>`;
  const kind = (column: Column | undefined): Content => (column?.number === true ? html`class="number"` : "");
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((one) => html`<th scope="col" ${kind(one)}>${one.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) => html`<td ${kind(columns[index])}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A time for people: day and minute, UTC. */
export const shortTime = (iso: string | null): Content =>
  iso === null ? "–" : html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;

/** Sends a page under the tracker's policy. */
export function sendPage(reply: FastifyReply, text: string, status = 200): FastifyReply {
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .headers({ "content-security-policy": trackerPolicy, "referrer-policy": "same-origin" })
    .send(text);
}
