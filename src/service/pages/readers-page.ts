import { readersOf, type Call } from "../../progress/index.ts";
import { html } from "../../shared/index.ts";
import type { z } from "zod";
import { periodOf, type readersQuery } from "../progress/oversight-routes.ts";
import type { Shown } from "./care-pages.ts";
import { dataTable, shortTime } from "./layout.ts";

/** Who touched whom, by person and period, of one person or client if named. */
export function readersPage(call: Call, query: z.output<typeof readersQuery>): Shown {
  const found = readersOf(call, periodOf(query, call.store.now()), query);
  const [from, to] = [found.from.slice(0, 10), found.to.slice(0, 10)];
  return {
    title: "Who read what",
    body: html`<h1>Who read what</h1>
      <p class="lead">From the ledger, ${from} to ${to}, days in UTC. The newest first.</p>
      <form class="row no-print" method="get" action="/app/readers">
        <label class="field">From <input type="date" name="from" value="${from}" /></label>
        <label class="field">To <input type="date" name="to" value="${to}" /></label>
        <label class="field"
          >Person, name or id
          <input name="person" maxlength="200" value="${query.person ?? ""}" autocomplete="off"
        /></label>
        <label class="field"
          >Client <input name="client" maxlength="200" value="${query.client ?? ""}" autocomplete="off"
        /></label>
        <button class="quiet">Show</button>
      </form>
      ${dataTable(
        `${found.count} pairs of person and client${found.count === 1000 ? " (the newest; name a person or a client for the others)" : ""}`,
        [
          { name: "Who" },
          { name: "Role" },
          { name: "Client" },
          { name: "Reads", number: true },
          { name: "Other acts", number: true },
          { name: "Refused", number: true },
          { name: "First" },
          { name: "Last" },
        ],
        found.items.map((one) => [
          one.name ?? one.principal,
          one.role ?? "this machine",
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
