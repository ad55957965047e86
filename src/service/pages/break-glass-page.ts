import { breakGlass, type Call } from "../../progress/index.ts";
import { html, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { dataTable, hidden, shortTime } from "./layout.ts";

function glassForm(csrf: string): Content {
  return html`<form method="post" action="/app/break-glass">
    ${hidden(csrf)}
    <p>
      <label class="field"
        >Client
        <input name="client" required maxlength="200" autocomplete="off" />
      </label>
    </p>
    <p>
      <label class="field"
        >Reason, for the supervisor who reviews it
        <textarea name="reason" required minlength="10" maxlength="2000"></textarea>
      </label>
    </p>
    <p>
      <label class="field"
        >Hours
        <select name="hours">
          <option value="1">1</option>
          <option value="2">2</option>
          <option value="4">4</option>
        </select></label
      >
    </p>
    <button class="close">Break the glass</button>
  </form>`;
}

type Glass = ReturnType<typeof breakGlass.listBreakGlass>["items"][number];

/** What was done with the client meanwhile, as the ledger holds it. */
function doneWords(done: Glass["done"]): string {
  if (done.length === 0) return "By the ledger nothing was read of the client in these hours.";
  const words = done.map((one) => {
    const name = one.action.replaceAll("_", " ").replace(":", ", ");
    return `${name} (${one.times}${one.denied === 0 ? "" : `, ${one.denied} refused`})`;
  });
  return `By the ledger, in these hours: ${words.join("; ")}.`;
}

/** For a clinician: opening a client who is not in one's care. For a supervisor: the reviews. */
export function breakGlassPage(call: Call, csrf: string): Shown {
  const title = "Break-glass";
  if (call.principal.role === "clinician")
    return {
      title,
      body: html`<h1>Break the glass</h1>
        <p class="lead">
          Opens one client to you, to read only, for at most four hours. Your supervisor is told at once and
          reviews it within 72 hours.
        </p>
        ${glassForm(csrf)}`,
    };
  const { items } = breakGlass.listBreakGlass(call);
  const open = items.filter((one) => one.reviewed_at === null);
  const cards = open.map(
    (one) =>
      html`<li class="card">
        <h2>${one.client_id}</h2>
        <p>
          <span class="tag ${one.overdue ? "act" : "warn"}"
            >${one.overdue ? "review overdue" : "to be reviewed"}</span
          >
          opened by ${one.principal_name}, ${shortTime(one.from)} to ${shortTime(one.until)}; review due
          ${shortTime(one.review_due)}.
        </p>
        <p>Reason: ${one.reason}</p>
        <p>${doneWords(one.done)}</p>
        <form class="row" method="post" action="/app/break-glass/${one.id}/review">
          ${hidden(csrf)}
          <label class="field"
            >Finding
            <select name="finding">
              <option value="justified">justified</option>
              <option value="not_justified">not justified</option>
            </select></label
          >
          <label class="field">Note <input name="note" required minlength="10" maxlength="2000" /></label>
          <button>Record the finding</button>
        </form>
      </li>`,
  );
  return {
    title: open.length === 0 ? title : `(${open.length}) ${title}`,
    body: html`<h1>Break-glass review</h1>
      ${
        open.length === 0
          ? html`<p>Nothing waits for a review.</p>`
          : html`<ul class="cards">
              ${cards}
            </ul>`
      }
      ${dataTable(
        "Reviewed",
        [
          { name: "Client" },
          { name: "Opened by" },
          { name: "From" },
          { name: "Finding" },
          { name: "Note" },
          { name: "Reviewed by" },
        ],
        items
          .filter((one) => one.reviewed_at !== null)
          .map((one) => [
            one.client_id,
            one.principal_name,
            shortTime(one.from),
            (one.finding ?? "").replace("_", " "),
            one.note ?? "",
            one.reviewed_by_name ?? "",
          ]),
      )}`,
  };
}
