import {
  folderOf,
  html,
  pagePolicy,
  pageWithin,
  sectionedPage,
  tool,
  type Content,
  type PageSection,
} from "../../shared/index.ts";
import { elsewhereSection } from "./elsewhere.ts";
import { folderTree } from "./folder-tree.ts";
import { code, count, reasons, rewritten, table, type Caps } from "./pieces.ts";
import type { Review } from "./review.ts";
import { style } from "./style.ts";
import { verdictList } from "./verdicts.ts";

const below = (paths: readonly string[], folders: readonly string[]): string[] =>
  paths.filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)));

/** Moves of whole folders as one row each: `a/x -> b/x` with how many files, as far as the names agree. */
function folderMoves(review: Review): { from: string; to: string; files: number }[] {
  const rows = new Map<string, { from: string; to: string; files: number }>();
  for (const { from, to } of review.record.moves) {
    const key = `${folderOf(from)}\0${folderOf(to)}`;
    const row = rows.get(key) ?? { from: folderOf(from), to: folderOf(to), files: 0 };
    row.files++;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) =>
    a.from < b.from ? -1 : a.from > b.from ? 1 : a.to < b.to ? -1 : 1,
  );
}

function sectionsOf(review: Review, caps: Caps): PageSection[] {
  const { record, verification } = review;
  const packages = [...new Set([...record.packages, record.home])];
  const renamed = record.moves.filter((one) => one.from.split("/").at(-1) !== one.to.split("/").at(-1));
  const moved = new Map(record.moves.map((one) => [one.from, one.to]));
  const placeOf = (path: string): string => moved.get(path) ?? path;
  const mended = verification.references.repaired;
  const left = review.rewrites.length - caps.files;
  return [
    {
      id: "verdicts",
      title: "Is it whole?",
      lead: "What comparing the two commits found. No code of the repository was run.",
      content: verdictList(verification, caps),
    },
    {
      id: "trees",
      title: "From scattered to home",
      lead: "The folders of the packages and of the home, before and after.",
      content: html`<div class="sides">
        <div class="panel">
          <h3>Before: ${count(record.packages.length, "package")}</h3>
          ${folderTree(below(review.before, packages))}
        </div>
        <div class="panel">
          <h3>After: one home</h3>
          ${folderTree(below(review.after, packages))}
        </div>
      </div>`,
    },
    {
      id: "moved",
      title: "Moved",
      lead: `${count(record.moves.length, "file")}, byte for byte, in a commit of its own.`,
      content: html`${table(
        ["From", "To", "Files"],
        folderMoves(review).map((one) => [
          code(one.from === "" ? "." : one.from),
          code(one.to === "" ? "." : one.to),
          one.files,
        ]),
        caps,
      )}${
        renamed.length > 0 &&
        html`<h3>With another name, since two had the same</h3>
          ${table(
            ["From", "To"],
            renamed.map((one) => [code(one.from), code(one.to)]),
            caps,
          )}`
      }`,
    },
    {
      id: "archived",
      title: "Archived",
      lead: "Versions that another file replaces. They are kept as they were; what named them names the other.",
      content: table(
        ["File", "Used instead", "Because"],
        record.archived.map((one) => [
          html`${code(one.from)} in ${code(one.to)}`,
          one.instead === undefined ? "" : code(placeOf(one.instead)),
          reasons(one.because),
        ]),
        caps,
      ),
    },
    {
      id: "deleted",
      title: "Deleted",
      lead: "Duplicates alone: the same bytes stay at another place.",
      content: table(
        ["File", "Its bytes stay at", "Blob"],
        verification.blobs.deleted.map((one) => [
          code(one.path),
          code(one.keptAt),
          code(one.blob.slice(0, 12)),
        ]),
        caps,
      ),
    },
    {
      id: "rewritten",
      title: "Rewritten",
      lead: `${count(review.rewrites.length, "file")}: what named a place that changed. Nothing else in them did.`,
      content: html`<div class="panel">
          ${review.rewrites.slice(0, caps.files).map((one) => rewritten(one, caps))}
        </div>
        ${left > 0 && html`<p class="more">and ${count(left, "file")} more in the commit</p>`}
        ${
          record.reported.length > 0 &&
          html`<h3>To look at: drawn trees, and folders whose files went apart</h3>
            ${table(
              ["Where", "What stood there", "Now"],
              record.reported.map((one) => [
                code(`${placeOf(one.path)}:${one.line}`),
                code(one.subject),
                one.text,
              ]),
              caps,
            )}`
        }
        ${
          review.added.length > 0 &&
          html`<h3>New files</h3>
            <ul class="plain cols">
              ${review.added.map((path) => html`<li>${code(path)}</li>`)}
            </ul>`
        }`,
    },
    {
      id: "mended",
      title: "Mended",
      lead: "What led nowhere before and leads somewhere now.",
      content: table(
        ["Before", "After", "Leads to"],
        [
          ...mended.map((one) => [
            html`${code(`${one.before.path}:${one.before.line}`)} ${one.before.raw}`,
            html`${code(`${one.after.path}:${one.after.line}`)} ${one.after.raw}`,
            one.after.target === null ? "" : code(one.after.target),
          ]),
          ...verification.imports.repaired.map((one) => [
            html`${code(`${one.before.path}:${one.before.line}`)} import ${one.before.module}`,
            html`${code(`${one.after.path}:${one.after.line}`)} import ${one.after.module}`,
            one.after.target === null ? "" : code(one.after.target),
          ]),
        ],
        caps,
      ),
    },
    {
      id: "elsewhere",
      title: "Only elsewhere",
      lead: "What is not in the repository: data with a pointer or without, and files of a listing.",
      content: elsewhereSection(record, caps),
    },
    {
      id: "stays",
      title: "Stays",
      lead: "Files of the packages that were left where they are.",
      content: table(
        ["File", "Because"],
        record.stays.map((one) => [code(one.path), reasons(one.because)]),
        caps,
      ),
    },
  ];
}

function tiles(review: Review): Content {
  const { record, verification } = review;
  const wrong =
    verification.references.broken.length +
    verification.references.rebound.length +
    verification.imports.broken.length +
    verification.imports.rebound.length +
    verification.entries.broken.length;
  const list: [string, number, boolean][] = [
    ["Packages", record.packages.length, false],
    ["Files moved", record.moves.length, false],
    ["Archived", record.archived.length, false],
    ["Duplicates deleted", record.deleted.length, false],
    ["Files rewritten", review.rewrites.length, false],
    ["References mended", verification.references.repaired.length, false],
    ["Broken", wrong, wrong > 0],
    ["Lost", verification.blobs.lost.length, verification.blobs.lost.length > 0],
  ];
  return html`<dl class="tiles">
    ${list.map(
      ([name, value, bad]) =>
        html`<div class="${bad ? "error" : ""}">
          <dt>${name}</dt>
          <dd>${value.toLocaleString("en-US")}</dd>
        </div>`,
    )}
  </dl>`;
}

function pageAt(review: Review, caps: Caps): string {
  const sections = sectionsOf(review, caps);
  const { verification, record } = review;
  return sectionedPage({
    title: `Consolidation of ${review.name} into ${record.home}`,
    policy: pagePolicy(style),
    style,
    skip: { id: "verdicts", text: "Skip to the verdicts" },
    header: html`<h1><small>Consolidation review</small>${review.name}</h1>
      <p>
        Into ${code(record.home)}, from commit ${code(verification.before.slice(0, 12))} to
        ${code(verification.after.slice(0, 12))}.
        ${verification.ok ? "The consolidation is whole." : "The consolidation is not whole."}
      </p>
      ${tiles(review)}`,
    sections,
    footer: html`Made by ${tool.name} ${tool.version}. This page loads nothing from a network. The whole
    record stands in ${code(`${record.home}/.training-ready/consolidation.json`)}.`,
  });
}

/** The review of a consolidation as one self-contained page of at most 5 MB: no network, no script. */
export function reviewPage(review: Review): string {
  return pageWithin((scale) =>
    pageAt(review, {
      rows: Math.ceil(3000 * scale),
      files: Math.ceil(600 * scale),
      lines: Math.ceil(400 * scale),
    }),
  );
}
