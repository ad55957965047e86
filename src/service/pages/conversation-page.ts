import { turns, type Call } from "../../progress/index.ts";
import { html, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { shortTime } from "./layout.ts";

const levelKind = { none: "", watch: "warn", elevated: "act", imminent: "act" } as const;
type Turn = ReturnType<typeof turns.conversationOf>["items"][number];

function words(turn: Turn, withheld: boolean): Content {
  if (withheld) return html`<p class="soft">The words are withheld.</p>`;
  return html`<p class="soft">Client</p>
    <p class="said" dir="auto">${turn.user ?? ""}</p>
    <p class="soft">Model</p>
    ${
      turn.assistant === null
        ? html`<p class="soft">Nothing was said in return.</p>`
        : html`<p class="said" dir="auto">${turn.assistant}</p>`
    }`;
}

/** A client's turns with the model, newest first: time, level, and the words where consent stands. */
export function conversationPage(call: Call, client: string, cursor: string | undefined): Shown {
  const { items, withheld, next_cursor } = turns.conversationOf(call, client, { cursor });
  const here = `/app/clients/${encodeURIComponent(client)}`;
  const cards = items.map(
    (one) =>
      html`<li class="card">
        <h2>
          ${shortTime(one.at)}
          <span class="tag ${levelKind[one.level]}">${one.level === "none" ? "not marked" : one.level}</span>
        </h2>
        <p class="soft">
          Conversation ${one.session_id}, turn
          ${one.turn}${
            one.model === null ? "" : html`, model ${one.model}`
          }${one.finish === "stop" ? "" : html`, ended by ${one.finish.replaceAll("_", " ")}`}
        </p>
        ${words(one, withheld)}
      </li>`,
  );
  return {
    title: `Conversations of ${client}`,
    body: html`<h1>Conversations of ${client}</h1>
      <p class="lead">
        Turns with the model, newest first, UTC. What the screen marked is a draft rule's word, no finding.
        That you read this stands in the ledger.
      </p>
      ${
        withheld
          ? html`<p class="card act">
              The client has withdrawn consent to AI: times and levels are shown, words are not.
            </p>`
          : ""
      }
      ${
        items.length === 0
          ? html`<p class="soft">Nothing was said with a model.</p>`
          : html`<ul class="cards">
              ${cards}
            </ul>`
      }
      ${
        next_cursor === undefined
          ? ""
          : html`<p class="no-print">
              <a
                class="button"
                rel="next"
                href="${here}/conversations?cursor=${encodeURIComponent(next_cursor)}"
                >Earlier turns</a
              >
            </p>`
      }
      <p class="no-print"><a href="${here}">Back to ${client}</a></p>`,
  };
}
