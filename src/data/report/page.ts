import { html, Markup, pagePolicy, pageStyle, tool, type Content } from "../../shared/index.ts";
import { splitNames, type Manifest } from "../schema.ts";
import type { Distributions } from "./distributions.ts";
import { bars, columns, fates } from "./pictures.ts";

const style = `${pageStyle}
figure{margin:0;background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.8rem 1rem}
figcaption{font-size:.82rem;font-weight:650;color:var(--muted);margin-bottom:.5rem}
figure svg{display:block;width:100%;height:auto}.grid figure{max-width:36rem}figure svg text{font:12px system-ui,sans-serif;fill:var(--ink)}
figure svg rect{fill:var(--accent)}text.name{text-anchor:end}text.mid{text-anchor:middle;font-size:11px!important}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem;margin-top:1rem}
rect.written,i.written{fill:var(--accent)!important;background:var(--accent)}rect.deduplicated,i.deduplicated{fill:var(--muted)!important;background:var(--muted)}
rect.notSelected,i.notSelected{fill:var(--line)!important;background:var(--line)}rect.quarantined,i.quarantined{fill:var(--error)!important;background:var(--error)}
.panel{margin-top:1rem}
`;

const number = (value: number): string => value.toLocaleString("en-US");

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Markup {
  const cell = (value: string | number): Content =>
    typeof value === "number" ? html`<td class="num">${number(value)}</td>` : html`<td>${value}</td>`;
  return html`<div class="panel scroll" tabindex="0" role="region" aria-label="${head.join(", ")}">
    <table>
      <thead>
        <tr>
          ${head.map(
            (name, column) =>
              html`<th scope="col" class="${typeof rows[0]?.[column] === "number" ? "num" : ""}">
                ${name}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const tile = (name: string, value: number, kind = ""): Markup =>
  html`<div class="${kind}">
    <dt>${name}</dt>
    <dd>${number(value)}</dd>
  </div>`;

const named = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

function section(id: string, title: string, lead: Content, ...content: Content[]): Markup {
  return html`<section id="${id}">
    <h2>${title}</h2>
    <p class="lead">${lead}</p>
    ${content}
  </section>`;
}

function leakage(manifest: Manifest): Markup {
  const { edgesChecked, crossSplit } = manifest.leakage;
  const held = manifest.publishedSplits.filter(({ split }) => split !== "train");
  return section(
    "leakage",
    "Leakage",
    `${number(crossSplit)} of ${number(edgesChecked)} checked bonds between records cross a split. Records that share a client, a session, a question, a long turn or most of their words stand in one split.`,
    held.length > 0 &&
      table(
        ["source", "its own split", "records", "reply verbatim in its train split"],
        held.map((row) => [row.source, row.split, row.records, row.verbatimInTrain]),
      ),
  );
}

/** A data set as one page: counts and pictures, no record's text. It loads nothing. */
export function reportPage(name: string, manifest: Manifest, found: Distributions): string {
  const { conservation: all, labels } = manifest;
  const tokens = splitNames.reduce((sum, split) => sum + manifest.splits[split].tokens, 0);
  const sections: [string, string, Markup][] = [
    [
      "sources",
      "Sources",
      section(
        "sources",
        "Sources",
        "Every item that was read is accounted for.",
        fates(manifest.sources),
        table(
          ["source", "licence", "read", "written", "quarantined", "deduplicated", "not selected"],
          manifest.sources.map((one) => [
            one.name,
            one.licence,
            one.records,
            one.written,
            one.quarantined,
            one.deduplicated,
            one.notSelected,
          ]),
        ),
        Object.keys(manifest.quarantined).length > 0 &&
          html`<div class="grid">${bars("Quarantine, by reason", manifest.quarantined)}</div>`,
      ),
    ],
    [
      "splits",
      "Splits",
      section(
        "splits",
        "Splits",
        `${number(manifest.components.count)} groups that belong together; the largest holds ${number(manifest.components.largest)} records.`,
        table(
          ["split", "records", "share", "tokens (estimated)", "shards"],
          splitNames.map((split) => {
            const { records, tokens: own, shards } = manifest.splits[split];
            const share = all.written === 0 ? 0 : (100 * records) / all.written;
            return [split, records, `${share.toFixed(1)} %`, own, shards.length];
          }),
        ),
      ),
    ],
    ["leakage", "Leakage", leakage(manifest)],
    [
      "records",
      "Records",
      section(
        "records",
        "Records",
        "Of the records in the data set.",
        html`<div class="grid">
          ${columns("Turns", "turns of client and therapist", found.turns)}
          ${columns("Length", "tokens, a quarter of the bytes", found.tokens)}
          ${columns("Quality", "quality by rules, 0 to 1", found.quality)}
          ${bars("Shape of the input", found.shapes)}
        </div>`,
      ),
    ],
    [
      "labels",
      "Labels",
      section(
        "labels",
        "Labels",
        html`By <code>${labels.labeller}</code>: rules over words and fields, not validated by clinicians.
          Mean quality ${labels.meanQuality}.`,
        html`<div class="grid">
          ${bars("Domain", named(labels.domain))}
          ${bars("Risk, by the worst of the client's turns", named(labels.risk))}
          ${bars("Therapy method", labels.modality)} ${bars("Component", labels.components)}
          ${bars("Bias", labels.bias)}
        </div>`,
      ),
    ],
    [
      "personal",
      "Personal data",
      section(
        "personal",
        "Personal data",
        "Places that were replaced by stand-ins, by type, and texts that were mended.",
        html`<div class="grid">
          ${bars("Replaced places", found.personal)} ${bars("Mended", found.repairs)}
        </div>`,
      ),
    ],
  ];
  if (manifest.quotas.length > 0) {
    sections.splice(2, 0, [
      "quotas",
      "Quotas",
      section(
        "quotas",
        "Quotas",
        "Wanted and reached, in records over all splits.",
        table(
          ["axis", "stratum", "wanted", "reached"],
          manifest.quotas.map(({ axis, stratum, wanted, reached }) => [axis, stratum, wanted, reached]),
        ),
      ),
    ]);
  }
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${pagePolicy(style)}" />
        <title>${name}: data set</title>
        ${styleElement()}
      </head>
      <body>
        <header class="top wrap">
          <h1><small>data set</small>${name}</h1>
          <p>root <code>${manifest.root}</code></p>
          <dl class="tiles">
            ${tile("read", all.read)} ${tile("written", all.written)} ${tile("duplicates", all.deduplicated)}
            ${tile("not selected", all.notSelected)}
            ${tile("quarantined", all.quarantined, all.quarantined > 0 ? "warning" : "")}
            ${tile("tokens", tokens)}
            ${tile("bonds across splits", manifest.leakage.crossSplit, manifest.leakage.crossSplit > 0 ? "error" : "")}
          </dl>
        </header>
        <nav class="bar" aria-label="Sections">
          <ul class="wrap">
            ${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        <main class="wrap">
          ${manifest.warnings.map((warning) => html`<p class="tag warning">${warning}</p>`)}
          ${sections.map(([, , content]) => content)}
        </main>
        <footer class="wrap">
          Not checked by a clinician. Text of people in distress: handle with care. Written by ${tool.name}
          ${tool.version}.
        </footer>
      </body>
    </html> `.text;
}

/** The style is our own text: escaping it would change what its hash in the policy stands for. */
const styleElement = (): Markup => new Markup(`<style>${style}</style>`);
