import { notes, type Call } from "../../progress/index.ts";
import { html, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { hidden, shortTime } from "./layout.ts";

const kindWords = { psychotherapy: "Psychotherapy note", sud: "Note on substance use" } as const;

function noteForm(here: string, csrf: string): Content {
  return html`<section class="no-print" aria-labelledby="write">
    <h2 id="write">Write a note</h2>
    <form method="post" action="${here}/notes">
      ${hidden(csrf)}
      <p>
        <label class="field"
          >Kind
          <select name="kind">
            <option value="psychotherapy">psychotherapy</option>
            <option value="sud">substance use</option>
          </select></label
        >
      </p>
      <p>
        <label class="field"
          >Text
          <textarea name="text" required maxlength="100000" rows="6"></textarea>
        </label>
      </p>
      <fieldset>
        <legend>For a note on substance use: facts that decide its Part 2 label</legend>
        <div class="answers wide">
          <label
            ><input type="checkbox" name="program" value="yes" /> This unit holds itself out as providing care
            for substance use (42 CFR 2.11)</label
          >
          <label
            ><input type="checkbox" name="federally_assisted" value="yes" /> It is federally assisted (42 CFR
            2.12(b))</label
          >
        </div>
      </fieldset>
      <p><button>Write the note</button></p>
    </form>
  </section>`;
}

/** The fields of the form as the API takes a note. */
export const noteOfForm = ({ kind, text, program, federally_assisted }: Record<string, string>): unknown => ({
  kind,
  text,
  ...(kind === "sud"
    ? { part2: { program: program === "yes", federally_assisted: federally_assisted === "yes" } }
    : {}),
});

/** Separate notes: one's own, and those to whose disclosure the client consents. */
export function notesPage(call: Call, client: string, csrf: string, cursor: string | undefined): Shown {
  const found = notes.listNotes(call, client, { cursor });
  const here = `/app/clients/${encodeURIComponent(client)}`;
  const cards = found.items.map(
    (one) =>
      html`<li class="card">
        <h2>
          ${kindWords[one.kind]}, ${shortTime(one.authored_at)}
          ${one.label === null ? "" : html`<span class="tag warn">${one.label}</span>`}
        </h2>
        <p class="soft">
          ${one.is_own ? "Your own" : "Of another clinician, by the client's consent"}${
            one.amends === null ? "" : ", amends a former one"
          }
        </p>
        <p class="said" dir="auto">${one.text}</p>
      </li>`,
  );
  return {
    title: `Separate notes on ${client}`,
    body: html`<h1>Separate notes on ${client}</h1>
      <p class="lead">
        Kept apart from the record, sealed with keys of their own: in no report, no prompt, no export. You see
        your own, and others' where the client consents to their disclosure. Each reading stands in the
        ledger.
      </p>
      ${
        found.notice === undefined
          ? ""
          : html`<p class="card act"><strong>${found.notice}</strong> ${found.scope}</p>`
      }
      ${
        cards.length === 0
          ? html`<p class="soft">No note that you may read.</p>`
          : html`<ul class="cards">
              ${cards}
            </ul>`
      }
      ${
        found.next_cursor === undefined
          ? ""
          : html`<p class="no-print">
              <a
                class="button"
                rel="next"
                href="${here}/notes?cursor=${encodeURIComponent(found.next_cursor)}"
                >Earlier notes</a
              >
            </p>`
      }
      ${noteForm(here, csrf)}
      <p class="no-print"><a href="${here}">Back to ${client}</a></p>`,
  };
}
