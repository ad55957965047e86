import { breakGlass, readersOf, riskInbox, type Call } from "../../progress/index.ts";
import { html, sha256, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { dataTable, draftNotice, hidden, shortTime } from "./layout.ts";

/** What the inbox holds, as a hash: a page that is open can ask whether it is still the newest. */
export const inboxState = (call: Call): string =>
  sha256(
    riskInbox(call)
      .items.map((one) => `${one.id}|${one.revision}`)
      .join("\n"),
  );

/** Every open risk event, with what a human does about it. */
export function riskPage(call: Call, csrf: string): Shown {
  const { items } = riskInbox(call);
  const now = call.store.now();
  const cards = items.map((one) => {
    const here = `/app/risk/${encodeURIComponent(one.client_id)}/${one.id}`;
    const isLate = Date.parse(one.escalates_at) <= now && one.acknowledged_at === null;
    const isTaken = one.status === "acknowledged";
    const seen = html`${hidden(csrf)}<input type="hidden" name="clock" value="${one.clock_started_at}" />`;
    return html`<li class="card act">
      <h2>
        <a href="/app/clients/${encodeURIComponent(one.client_id)}">${one.client_id}</a>:
        <span class="act-word">${one.severity}</span>
      </h2>
      <p>
        <span class="tag ${isTaken ? "good" : "act"}">${one.status}</span> from ${one.source}, opened
        ${shortTime(one.opened_at)}, ${one.occurrences.length}
        ${one.occurrences.length === 1 ? "sign" : "signs"}.
        ${
          isTaken
            ? html`Acknowledged ${shortTime(one.acknowledged_at)}.`
            : html`${isLate ? "It should have been acknowledged by" : "It escalates"}
              ${shortTime(one.escalates_at)}.`
        }
      </p>
      ${one.note === null ? "" : html`<p>${one.note}</p>`}
      ${
        isTaken
          ? ""
          : html`<form class="row" method="post" action="${here}/ack">
              ${seen}<button aria-label="Acknowledge the event of ${one.client_id}">Acknowledge</button>
            </form>`
      }
      <form class="row" method="post" action="${here}/close">
        ${seen}
        <label class="field"
          >What was done, and why this can be closed
          <textarea name="disposition" required maxlength="10000"></textarea>
        </label>
        <button class="close" aria-label="Close the event of ${one.client_id}">Close the event</button>
      </form>
    </li>`;
  });
  return {
    title: items.length === 0 ? "Risk inbox" : `(${items.length}) Risk inbox`,
    script: true,
    body: html`<h1>Risk inbox</h1>
      <p class="lead">Gravest first, then longest open. Only a person acknowledges and closes.</p>
      <div data-state="${inboxState(call)}" hidden class="card">
        <p role="status"></p>
        <p><a href="/app/risk">Load it anew</a></p>
      </div>
      ${
        items.length === 0
          ? html`<p>No risk event is open.</p>`
          : html`<ul class="cards">
              ${cards}
            </ul>`
      }
      ${draftNotice}`,
  };
}

const dayMs = 86_400_000;

/** Who touched whom, by person and period. */
export function readersPage(call: Call, days: number): Shown {
  const now = call.store.now();
  const found = readersOf(call, { from: now - days * dayMs, to: now });
  return {
    title: "Who read what",
    body: html`<h1>Who read what</h1>
      <p class="lead">From the ledger, ${found.from.slice(0, 10)} to ${found.to.slice(0, 10)}.</p>
      <form class="row" method="get" action="/app/readers">
        <label class="field"
          >Days back <input type="number" name="days" min="1" max="3650" value="${days}" /></label
        ><button class="quiet">Show</button>
      </form>
      ${dataTable(
        `${found.count} pairs of person and client`,
        [
          { name: "Who" },
          { name: "Client" },
          { name: "Reads", number: true },
          { name: "Other acts", number: true },
          { name: "Refused", number: true },
          { name: "First" },
          { name: "Last" },
        ],
        found.items.map((one) => [
          one.name ?? one.principal,
          one.client_id ?? one.client,
          one.reads,
          one.writes,
          one.denied,
          shortTime(one.first),
          shortTime(one.last),
        ]),
      )}`,
  };
}

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
          opened by ${one.principal}, ${shortTime(one.from)} to ${shortTime(one.until)}; review due
          ${shortTime(one.review_due)}.
        </p>
        <p>Reason: ${one.reason}</p>
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
            one.principal,
            shortTime(one.from),
            (one.finding ?? "").replace("_", " "),
            one.note ?? "",
            one.reviewed_by ?? "",
          ]),
      )}`,
  };
}
