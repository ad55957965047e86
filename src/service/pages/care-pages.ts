import {
  caseloadOf,
  clientBody,
  clientReportOf,
  instruments,
  reportBody,
  reportOf,
  wordingOf,
  type Call,
} from "../../progress/index.ts";
import { html, Markup, type Content } from "../../shared/index.ts";
import { dataTable, draftNotice, hidden, shortTime } from "./layout.ts";

export type Shown = { title: string; body: Content; script?: boolean };

const needWords: Record<string, [string, string]> = {
  open_risk: ["open risk", "act"],
  alert: ["two measures worse", "act"],
  deterioration: ["worse than at the start", "act"],
  measure_again: ["measure again", "warn"],
  worse_by_one_norm: ["worse by one norm", "warn"],
  off_track: ["off track", "warn"],
  overdue: ["measure overdue", "warn"],
  none: ["nothing pressing", "good"],
};

const searchParameters = (fields: Record<string, string>): string =>
  new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== "")).toString();

const clientLink = (id: string): Content => html`<a href="/app/clients/${encodeURIComponent(id)}">${id}</a>`;

/** The clients in one's care, those in most need first. */
export function caseloadPage(
  call: Call,
  query: { search?: string | undefined; cursor?: string | undefined },
): Shown {
  const { items, total, next_cursor } = caseloadOf(call, query);
  const search = query.search?.trim() ?? "";
  const nextPage =
    next_cursor === undefined
      ? ""
      : html`<p class="no-print">
          <a
            class="button"
            rel="next"
            href="/app/caseload?${searchParameters({ search, cursor: next_cursor })}"
            >The next clients</a
          >
        </p>`;
  const back =
    query.cursor === undefined && search === ""
      ? ""
      : html`<p class="no-print"><a href="/app/caseload">Back to the first of all clients</a></p>`;
  const rows = items.map((one): Content[] => {
    const [words, kind] = needWords[one.need] ?? [one.need, ""];
    return [
      clientLink(one.client_id),
      html`<span class="tag ${kind}">${words}</span>`,
      one.verdicts.length === 0
        ? "no measure yet"
        : one.verdicts.map(
            (verdict) => html`<div>${verdict.instrument}: ${verdict.words} (n = ${verdict.n})</div>`,
          ),
      shortTime(one.last_record_at),
      one.next_due_at === null ? "–" : one.next_due_at.slice(0, 10),
    ];
  });
  const glass =
    call.principal.role === "clinician"
      ? html`<p class="soft">
          A client who is not in your care: <a href="/app/break-glass">break the glass</a>, with a reason, to
          read only.
        </p>`
      : "";
  return {
    title: "Caseload",
    body: html`<h1>Caseload</h1>
      <p class="lead">By need: open risk first, then alerts, deterioration, off track, what is overdue.</p>
      ${draftNotice}
      <form class="row no-print" method="get" action="/app/caseload" role="search">
        <label class="field"
          >Part of a client's id
          <input type="search" name="search" maxlength="200" value="${search}" autocomplete="off"
        /></label>
        <button class="quiet">Search</button>
      </form>
      ${dataTable(
        `${items.length === total ? "" : `${items.length} of `}${total} ${total === 1 ? "client" : "clients"}`,
        [
          { name: "Client" },
          { name: "Need" },
          { name: "Where they stand" },
          { name: "Last record" },
          { name: "Next measure" },
        ],
        rows,
      )}
      ${nextPage} ${back} ${glass}`,
  };
}

/** One client in the order of the report, with what can be done. */
export function clientPage(call: Call, client: string, csrf: string): Shown {
  const report = reportOf(call, client);
  const here = `/app/clients/${encodeURIComponent(client)}`;
  const mayAsk = call.principal.role === "clinician";
  const askable = instruments.filter((one) => wordingOf(one.id) !== undefined);
  const actions = mayAsk
    ? html`<section class="no-print" aria-labelledby="do">
        <h2 id="do">What you can do</h2>
        <form class="row" method="post" action="${here}/links">
          ${hidden(csrf)}
          <label class="field"
            >Questionnaire
            <select name="instrument">
              ${askable.map((one) => html`<option value="${one.id}">${one.id}</option>`)}
            </select></label
          >
          <button>Make a one-time link</button>
        </form>
      </section>`
    : "";
  return {
    title: `Progress of ${report.client_id}`,
    body: html`${new Markup(reportBody(report))}
      ${
        report.model.turns === 0
          ? ""
          : html`<p class="no-print">
              <a class="button" href="${here}/conversations"
                >Conversations with the model: ${report.model.turns} turns</a
              >
            </p>`
      }
      ${actions} ${draftNotice}
      <p class="soft no-print">
        <a href="${here}/plan">Plan, homework and consents</a>,
        <a href="${here}/own">the client's own edition</a>
        ${mayAsk ? html`, <a href="${here}/notes">your separate notes</a>` : ""}
      </p>`,
  };
}

/** The client edition: what a client sees of itself. */
export const ownPage = (call: Call, client: string): Shown => ({
  title: "My progress",
  body: new Markup(clientBody(clientReportOf(call, client))),
});
