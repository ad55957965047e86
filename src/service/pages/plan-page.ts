import {
  careRecords,
  careRelations,
  consentPurposes,
  goals,
  instruments,
  type Call,
} from "../../progress/index.ts";
import { html, type Content } from "../../shared/index.ts";
import type { Shown } from "./care-pages.ts";
import { dataTable, hidden, shortTime } from "./layout.ts";

const said: Record<string, string> = {
  ai: "talking with the model, and keeping what is said",
  care: "care and its records",
  sud_notes: "disclosing notes on substance use",
  psychotherapy_notes: "disclosing psychotherapy notes",
  partly: "done partly",
};
const words = (name: string): string => said[name] ?? name.replaceAll("_", " ");
const listed = <K extends "consent" | "homework" | "episode">(call: Call, client: string, kind: K) =>
  careRecords.listCareRecords(call, client, kind).items;

function consents(call: Call, client: string, here: string, form: Content): Content {
  const newest = new Map(
    listed(call, client, "consent")
      .toReversed()
      .map((one) => [one.purpose, one]),
  );
  const rows = consentPurposes.map((purpose) => {
    const one = newest.get(purpose);
    const status = one === undefined ? "not recorded" : one.status;
    const kind = status === "given" ? "good" : status === "withdrawn" ? "act" : "";
    return [
      words(purpose),
      html`<span class="tag ${kind}">${status}</span>`,
      shortTime(one?.authored_at ?? null),
    ];
  });
  const change =
    form === ""
      ? ""
      : html`<form class="row no-print" method="post" action="${here}/consents">
          ${form}
          <label class="field"
            >Consent to
            <select name="purpose">
              ${consentPurposes.map((one) => html`<option value="${one}">${words(one)}</option>`)}
            </select></label
          >
          <label class="field"
            >is
            <select name="status">
              <option value="given">given</option>
              <option value="withdrawn">withdrawn</option>
            </select></label
          >
          <button class="quiet">Record consent</button>
        </form>`;
  return html`<h2>Consents</h2>
    ${dataTable("By purpose; none by default", [{ name: "To" }, { name: "Is" }, { name: "Since" }], rows)}
    ${change}`;
}

function episodes(call: Call, client: string, here: string, form: Content): Content {
  const all = listed(call, client, "episode");
  const rows = all.map((one) => [
    one.authored_at.slice(0, 10),
    one.end === null ? "goes on" : one.end.slice(0, 10),
    one.measure_every_days === null ? "no plan" : `every ${one.measure_every_days} days`,
    one.timezone ?? "UTC",
    one.reason ?? "–",
  ]);
  const open = all.find((one) => one.end === null);
  const begin = html`<form class="row no-print" method="post" action="${here}/episodes">
    ${form}
    <label class="field">From <input type="date" name="start" required /></label>
    <label class="field"
      >A questionnaire every so many days
      <input type="number" name="measure_every_days" min="1" max="366" placeholder="7"
    /></label>
    <label class="field"
      >Time zone <input name="timezone" maxlength="64" placeholder="Europe/Vienna" autocomplete="off"
    /></label>
    <button class="quiet">Begin an episode</button>
  </form>`;
  const end =
    open === undefined
      ? ""
      : html`<form class="row no-print" method="post" action="${here}/episodes/${open.id}">
          ${form}<input type="hidden" name="revision" value="${open.revision}" />
          <label class="field">Until <input type="date" name="end" required /></label>
          <label class="field">Reason <input name="reason" maxlength="2000" autocomplete="off" /></label>
          <button class="quiet">End the episode</button>
        </form>`;
  return html`<h2>Episodes of care</h2>
    <p class="soft">The newest owns the baseline: verdicts compare with its first measures.</p>
    ${dataTable(
      "Episodes, newest first",
      [
        { name: "From" },
        { name: "Until" },
        { name: "Questionnaires" },
        { name: "Time zone" },
        { name: "Reason" },
      ],
      rows,
    )}
    ${form === "" ? "" : html`${end} ${begin}`}`;
}

function homework(call: Call, client: string, here: string, form: Content): Content {
  const all = listed(call, client, "homework");
  const cards = all.map(
    (one) =>
      html`<li class="card">
        <p>${one.description}</p>
        <p class="soft">
          <span class="tag">${words(one.status)}</span> set
          ${one.authored_at.slice(0, 10)}${one.due === null ? "" : html`, due ${one.due}`}
        </p>
        ${
          form === ""
            ? ""
            : html`<form class="row no-print" method="post" action="${here}/homework/${one.id}">
                ${form}<input type="hidden" name="revision" value="${one.revision}" />
                ${(["done", "partly", "not_done"] as const)
                  .filter((status) => status !== one.status)
                  .map(
                    (status) =>
                      html`<button class="quiet" name="status" value="${status}">
                        It was ${words(status)}
                      </button>`,
                  )}
              </form>`
        }
      </li>`,
  );
  return html`<h2>Homework</h2>
    ${
      cards.length === 0
        ? html`<p class="soft">None was set.</p>`
        : html`<ul class="cards">
            ${cards}
          </ul>`
    }
    ${
      form === ""
        ? ""
        : html`<form class="row no-print" method="post" action="${here}/homework">
            ${form}
            <label class="field"
              >What <input name="description" required maxlength="10000" autocomplete="off"
            /></label>
            <label class="field">Due <input type="date" name="due" /></label>
            <button class="quiet">Set homework</button>
          </form>`
    }`;
}

function levels(call: Call, client: string, here: string, form: Content): Content {
  const active = goals.listGoals(call, client, true).goals;
  if (form === "" || active.length === 0) return "";
  return html`<h2>Goals</h2>
    <form class="row no-print" method="post" action="${here}/goal-levels">
      ${form}
      <label class="field"
        >Goal
        <select name="goal">
          ${active.map((one) => html`<option value="${one.goal_id}">${one.description.slice(0, 120)}</option>`)}
        </select></label
      >
      <label class="field"
        >Where the client stands
        <select name="level">
          <option value="-2">−2: much less than expected</option>
          <option value="-1">−1: less than expected</option>
          <option value="0" selected>0: as expected</option>
          <option value="1">+1: more than expected</option>
          <option value="2">+2: much more than expected</option>
        </select></label
      >
      <button class="quiet">Record the level</button>
    </form>`;
}

function sheet(here: string, form: Content): Content {
  if (form === "") return "";
  return html`<h2>A questionnaire on paper</h2>
    <form class="row no-print" method="post" action="${here}/measures">
      ${form}
      <label class="field"
        >Questionnaire
        <select name="instrument">
          ${instruments.map((one) => html`<option value="${one.id}">${one.id} (${one.min} to ${one.max})</option>`)}
        </select></label
      >
      <label class="field">Day <input type="date" name="day" required /></label>
      <label class="field">Total <input type="number" name="total" required step="any" /></label>
      <label class="field"
        >Filled in by
        <select name="source">
          <option value="self">the client</option>
          <option value="clinician">a clinician</option>
        </select></label
      >
      <button class="quiet">Record the total</button>
    </form>
    <p class="soft">
      A total alone says nothing about the self-harm item: read it on the paper, and open a risk event if it
      was marked.
    </p>
    <form class="row no-print" method="post" action="${here}/risk">
      ${form}
      <label class="field"
        >Severity
        <select name="severity">
          <option value="moderate">moderate</option>
          <option value="high">high</option>
          <option value="imminent">imminent</option>
        </select></label
      >
      <label class="field">What was seen <input name="note" maxlength="2000" autocomplete="off" /></label>
      <button class="close">Open a risk event</button>
    </form>`;
}

/** Who cares, for who may change it. */
function carers(call: Call, client: string, here: string, csrf: string): Content {
  const { items, clinicians } = careRelations.listCare(call, client);
  const rows = items.map((one) => [
    one.name ?? one.principal,
    one.role,
    one.from.slice(0, 10),
    one.until?.slice(0, 10) ?? "without end",
    html`<span class="tag ${one.valid ? "good" : ""}">${one.valid ? "now" : "not now"}</span>`,
  ]);
  const form = html`<form class="row no-print" method="post" action="${here}/care">
    ${hidden(csrf)}
    <label class="field"
      >Clinician
      <select name="principal">
        ${clinicians.map((one) => html`<option value="${one.id}">${one.name ?? one.id}</option>`)}
      </select></label
    >
    <label class="field">From <input type="date" name="from" /></label>
    <label class="field">Until <input type="date" name="until" /></label>
    <button class="quiet" name="end" value="">Set the care</button>
    <button class="quiet" name="end" value="yes">End it now</button>
  </form>`;
  return html`<h2>Who cares</h2>
    ${dataTable(
      "Care relationships; each change stands in the ledger",
      [{ name: "Who" }, { name: "Role" }, { name: "From" }, { name: "Until" }, { name: "Valid" }],
      rows,
    )}
    ${clinicians.length === 0 ? "" : form}`;
}

/** What is agreed with a client and can be changed: consents, episodes, homework, levels of goals, paper sheets. */
export function planPage(call: Call, client: string, csrf: string): Shown {
  const here = `/app/clients/${encodeURIComponent(client)}`;
  const form: Content = call.principal.role === "clinician" ? hidden(csrf) : "";
  return {
    title: `Plan of ${client}`,
    body: html`<h1>Plan of ${client}</h1>
      <p class="no-print"><a href="${here}">Back to ${client}</a></p>
      ${call.principal.role === "supervisor" ? carers(call, client, here, csrf) : ""}
      ${consents(call, client, here, form)} ${episodes(call, client, here, form)}
      ${homework(call, client, here, form)} ${levels(call, client, here, form)} ${sheet(here, form)}`,
  };
}
