import { html, type Content, type Markup } from "../../shared/index.ts";
import type { Verification } from "../verify.ts";
import { code, count, table, type Caps } from "./pieces.ts";

type Verdict = { title: string; ok: boolean; said: string; again: string; wrong: Content };

/** What verifying found, each verdict with its counts, what contradicts it, and a command that looks again. */
export function verdictList(one: Verification, caps: Caps): Markup {
  const { references, imports, entries, blobs, history, manifest, before, after } = one;
  const [a, b] = [before.slice(0, 12), after.slice(0, 12)];
  const changed = (
    rows: readonly {
      before: { path: string; line: number };
      after: { path: string; line: number; target: string | null };
    }[],
    text: (index: number) => string,
  ): Content =>
    rows.length > 0 &&
    table(
      ["Before", "After", "Leads to"],
      rows.map((row, index) => [
        html`${code(`${row.before.path}:${row.before.line}`)} ${text(index)}`,
        code(`${row.after.path}:${row.after.line}`),
        row.after.target === null ? "nothing" : code(row.after.target),
      ]),
      caps,
    );
  const badReferences = [...references.broken, ...references.rebound];
  const badImports = [...imports.broken, ...imports.rebound];
  const total = blobs.kept + blobs.moved + blobs.edited + blobs.archived + blobs.deleted.length;
  const verdicts: Verdict[] = [
    {
      title: "No reference broke",
      ok: badReferences.length === 0,
      said: `${references.broken.length} broken, ${references.rebound.length} lead to another file; ${references.unchanged} as before, ${references.repaired.length} mended, ${references.frozen} in archived files or telling where something came from`,
      again: `training-ready verify --before ${a}`,
      wrong: changed(badReferences, (index) => badReferences[index]?.before.raw ?? ""),
    },
    {
      title: "No import broke",
      ok: badImports.length === 0,
      said: `${imports.broken.length} broken, ${imports.rebound.length} find another file; ${imports.unchanged} as before, ${imports.repaired.length} mended`,
      again: `training-ready verify --before ${a}`,
      wrong: changed(badImports, (index) => badImports[index]?.before.module ?? ""),
    },
    {
      title: "What could be started can be started",
      ok: entries.broken.length === 0,
      said: `${entries.broken.length} documented commands broken; ${entries.unchanged} as before, ${entries.repaired.length} mended`,
      again: `training-ready audit --json`,
      wrong:
        entries.broken.length > 0 &&
        table(
          ["Command", "Misses now"],
          entries.broken.map((row) => [
            code(row.before.command),
            row.after === null ? "it is named no more" : row.after.missing.join(", "),
          ]),
          caps,
        ),
    },
    {
      title: "No byte is lost",
      ok: blobs.lost.length === 0,
      said: `${count(total, "file")} before: ${blobs.kept} in place, ${blobs.moved} moved unchanged, ${blobs.edited} edited, ${blobs.archived} archived, ${blobs.deleted.length} deleted as duplicates; ${blobs.lost.length} lost`,
      again: `git diff --stat -M100% ${a} ${b}`,
      wrong:
        blobs.lost.length > 0 &&
        table(
          ["File", "Blob"],
          blobs.lost.map((row) => [code(row.path), code(row.blob)]),
          caps,
        ),
    },
    {
      title: "History is whole",
      ok: history.exactRenames >= history.moved,
      said: `${history.exactRenames} exact renames for ${count(history.moved, "file")} that moved: git log --follow goes on past the move`,
      again: `git log -M100% --diff-filter=R --name-status ${a}..${b}`,
      wrong: undefined,
    },
    {
      title: "The home's list is true",
      ok: manifest.wrong.length === 0,
      said: `${count(manifest.checked, "file")} of home.json compared by SHA-256, ${manifest.wrong.length} wrong`,
      again: `training-ready verify --before ${a}`,
      wrong:
        manifest.wrong.length > 0 &&
        table(
          ["Wrong"],
          manifest.wrong.map((text) => [text]),
          caps,
        ),
    },
  ];
  return html`<ol class="verdicts">
    ${verdicts.map(
      (verdict) =>
        html`<li class="${verdict.ok ? "yes" : "no"}">
          <h3>
            ${verdict.title}
            <span class="tag ${verdict.ok ? "good" : "error"}"
              >${verdict.ok ? "holds" : "does not hold"}</span
            >
          </h3>
          <p>${verdict.said}</p>
          <p>Look again: ${code(verdict.again)}</p>
          ${verdict.wrong}
        </li>`,
    )}
  </ol>`;
}
