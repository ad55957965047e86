import type { formLinks } from "../../progress/index.ts";
import { markOf, reachOf, type Resource } from "../../safety/index.ts";
import { html, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";

type OpenForm = ReturnType<typeof formLinks.openForm>;

/** Help lines of a country, or where to look. */
function help(lines: readonly Resource[]): Content {
  const rows = lines.map(
    (one) =>
      html`<li>
        ${one.name}:
        ${one.phone === null ? reachOf(one) : html`<a href="tel:${one.phone.replaceAll(/\s/g, "")}">${one.phone}</a>`}${
          markOf(one, Date.now()) === "" ? "" : ` (${markOf(one, Date.now())})`
        }
      </li>`,
  );
  return html`<aside class="help" aria-label="Help now">
    <h2>You do not have to wait</h2>
    <p>
      If you might act on such thoughts, or are in danger, call
      ${rows.length === 0 ? "your local emergency number" : "one of these lines"} now, or go to somebody you
      trust. Nobody may be reading your answers at this moment.
    </p>
    ${
      rows.length === 0
        ? ""
        : html`<ul>
            ${rows}
          </ul>`
    }
  </aside>`;
}

/** One questionnaire behind a one-time link; a risk answer shows help before anything is sent. */
export function questionnairePage(form: OpenForm, lines: readonly Resource[], missing: boolean): Shown {
  const items = form.wording.items.map((text, index) => {
    const name = `item${index + 1}`;
    const isRisk = index + 1 === form.riskItem;
    const answers = form.wording.answers.map(
      (answer, value) => html`<label><input type="radio" name="${name}" value="${value}" />${answer}</label>`,
    );
    return html`<fieldset ${isRisk ? html`class="risk"` : ""}>
        <legend>${index + 1}. ${text}</legend>
        <div class="answers">${answers}</div>
      </fieldset>
      ${isRisk ? html`<div aria-live="polite">${help(lines)}</div>` : ""}`;
  });
  return {
    title: form.title,
    body: html`<h1>${form.title}</h1>
      <p class="lead">${form.wording.intro}</p>
      ${missing ? html`<p class="card" role="alert">Please answer at least one question.</p>` : ""}
      <form method="post" class="sheet">
        ${items}
        <p>A question that you leave out is stored as not answered.</p>
        <button>Send</button>
      </form>
      <p class="soft">
        This link works once. Your answers go to your clinician's record. The wording is a draft until the
        site's clinicians have signed it off.
      </p>`,
  };
}

/** What follows the answers: help first, if an answer calls for it. */
export function thanksPage(options: { risk: boolean; lines: readonly Resource[]; stored: boolean }): Shown {
  return {
    title: "Thank you",
    body: html`<h1>Thank you</h1>
      ${options.risk ? help(options.lines) : ""}
      ${
        options.stored
          ? html`<p>Your answers were stored. You can close this page.</p>`
          : html`<p>
              Your answers could not be stored just now; your clinician will be told that you asked for
              attention. Please open the link again later.
            </p>`
      }`,
  };
}
