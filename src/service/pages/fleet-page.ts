import { fleetOf, listCourses, type Call, type VersionWatch } from "../../progress/index.ts";
import { html, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { dataTable, hidden } from "./layout.ts";

const rounded = (value: number | null, digits: number): string =>
  value === null ? "–" : value.toFixed(digits);

function watchTable(versions: readonly VersionWatch[], p0: number): Content {
  const held = versions.filter((one) => one.rollout === "hold");
  return html`<h2>Versions of models</h2>
    <p>
      Each client who met a version and has a verdict counts once. The CUSUM looks for a rise of the share in
      deterioration from ${(p0 * 100).toFixed(1)} % by 3 points; at 3 it holds the rollout. Tau compares a
      client's measures after the change with those before, positive is better; the median of five clients or
      more.
    </p>
    ${held.map(
      (one) =>
        html`<p class="card act" role="status">
          <strong>Hold the rollout of ${one.model}.</strong> At client ${one.signal_at ?? ""} of ${one.judged}
          the share in deterioration had risen more than chance explains. A look at the cases decides, not
          this number.
        </p>`,
    )}
    ${dataTable(
      "Versions, the newest first",
      [
        { name: "Model" },
        { name: "From" },
        { name: "To" },
        { name: "Judged", number: true },
        { name: "Deteriorated", number: true },
        { name: "CUSUM", number: true },
        { name: "Tau", number: true },
        { name: "Rollout" },
      ],
      versions.map((one) => [
        one.model,
        one.from.slice(0, 10),
        one.to?.slice(0, 10) ?? "now",
        one.judged,
        one.deteriorated,
        rounded(one.cusum, 2),
        one.tau === null ? "–" : `${rounded(one.tau, 2)} (${one.tau_clients})`,
        html`<span class="tag ${one.rollout === "hold" ? "act" : "good"}">${one.rollout}</span>`,
      ]),
    )}`;
}

function courses(call: Call, csrf: string): Content {
  const { items, least } = listCourses(call);
  const rows = items.flatMap((one) =>
    one.strata.length === 0
      ? [[one.instrument, "no curve: too few courses", "–", one.courses, one.made_at.slice(0, 10)]]
      : one.strata.map((stratum) => [
          one.instrument,
          `${stratum.from} to ${stratum.to - 1}`,
          `${stratum.weeks.at(-1)?.week ?? 0}`,
          Math.max(...stratum.weeks.map((week) => week.courses)),
          one.made_at.slice(0, 10),
        ]),
  );
  const form =
    call.principal.role === "supervisor"
      ? html`<form class="no-print" method="post" action="/app/fleet/courses">
          ${hidden(csrf)}<button class="quiet">Make the expected courses anew</button>
        </form>`
      : "";
  return html`<h2>Expected courses</h2>
    <p>
      Quantiles of this site's own courses by the first total and the week, where at least ${least} courses
      stand behind them. Whose last two measures are worse than nine tenths of them is off track.
    </p>
    ${dataTable(
      "Curves of this site",
      [
        { name: "Questionnaire" },
        { name: "First total" },
        { name: "Up to week" },
        { name: "Courses", number: true },
        { name: "Made" },
      ],
      rows,
    )}
    ${form}`;
}

/** What the models did, described. */
export function fleetPage(call: Call, days: number, csrf: string): Shown {
  const fleet = fleetOf(call, days);
  const facts: [string, number][] = [
    ["Clients", fleet.clients],
    ["Open risk", fleet.risk.open],
    ["Risk opened", fleet.risk.opened],
    ["Risk closed", fleet.risk.closed],
    ...Object.entries(fleet.verdicts).map(([name, count]): [string, number] => [
      name.replaceAll("_", " "),
      count,
    ]),
  ];
  return {
    title: "Fleet",
    body: html`<h1>Fleet</h1>
      <p class="lead">
        The last ${days} days of the clients whom you may look at. Described only: who met which model was not
        drawn by lot, so a difference between models here is no effect of them.
      </p>
      <dl class="facts">
        ${facts.map(
          ([name, count]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${count}</dd>
            </div>`,
        )}
      </dl>
      ${dataTable(
        "Turns by model",
        [
          { name: "Model" },
          ...[
            "Clients",
            "Sessions",
            "Turns",
            "Replaced",
            "Watch",
            "Elevated",
            "Imminent",
            "Clients in deterioration",
          ].map((name) => ({ name, number: true })),
        ],
        fleet.items.map((one) => [
          one.model,
          one.clients,
          one.sessions,
          one.turns,
          one.replaced,
          one.detections.watch,
          one.detections.elevated,
          one.detections.imminent,
          one.deteriorated,
        ]),
      )}
      ${watchTable(fleet.versions, fleet.p0)} ${courses(call, csrf)}`,
  };
}
