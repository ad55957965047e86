import { namesOf, riskInbox, type Call } from "../../progress/index.ts";
import { html, sha256, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { draftNotice, hidden, shortTime } from "./layout.ts";

/** What the inbox holds, as a hash: a page that is open can ask whether it is still the newest. */
export const inboxState = (call: Call): string =>
  sha256(
    riskInbox(call)
      .items.map((one) => `${one.id}|${one.revision}`)
      .join("\n"),
  );

/** How long until or since a time, in words; the page's script keeps it going. */
function clock(at: string, now: number): Content {
  const minutes = Math.round((Date.parse(at) - now) / 60_000);
  const size = Math.abs(minutes);
  const length = size < 120 ? `${size} minute${size === 1 ? "" : "s"}` : `${Math.floor(size / 60)} hours`;
  return html`<time datetime="${at}" data-clock>${minutes >= 0 ? `in ${length}` : `${length} ago`}</time>`;
}

type Sign = ReturnType<typeof riskInbox>["items"][number]["occurrences"][number];

/** Each sign that an event holds, the newest first. */
function signs(list: readonly Sign[]): Content {
  if (list.length < 2) return "";
  return html`<details>
    <summary>All ${list.length} signs</summary>
    <ul>
      ${list.toReversed().map((one) => html`<li>${shortTime(one.at)}: ${one.severity}, ${one.source}</li>`)}
    </ul>
  </details>`;
}

/** Every open risk event, with what a human does about it. */
export function riskPage(call: Call, csrf: string): Shown {
  const { items } = riskInbox(call);
  const now = call.store.now();
  const nameOf = namesOf(call.store, call.principal.tenantId);
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
            ? html`Acknowledged ${shortTime(one.acknowledged_at)} by ${nameOf(one.acknowledged_by)}.`
            : html`${isLate ? "It should have been acknowledged by" : "It escalates"}
              ${shortTime(one.escalates_at)}, ${clock(one.escalates_at, now)}.`
        }
        ${one.escalated_at === null ? "" : html`Escalated ${shortTime(one.escalated_at)}.`}
        ${one.notified_at === null ? "" : html`Told ${shortTime(one.notified_at)}.`}
      </p>
      ${signs(one.occurrences)} ${one.note === null ? "" : html`<p>${one.note}</p>`}
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
