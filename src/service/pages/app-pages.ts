import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { breakGlass, formLinks, makeCourses, notes, risks, type Call } from "../../progress/index.ts";
import { html, TrainingReadyError } from "../../shared/index.ts";
import { checked } from "../problem.ts";
import { readersQuery } from "../progress/oversight-routes.ts";
import { wholeNumber } from "../query.ts";
import { breakGlassPage } from "./break-glass-page.ts";
import { caseloadPage, clientPage, ownPage, type Shown } from "./care-pages.ts";
import { conversationPage } from "./conversation-page.ts";
import { fleetPage } from "./fleet-page.ts";
import { noteOfForm, notesPage } from "./notes-page.ts";
import { addPlanForms } from "./plan-forms.ts";
import { planPage } from "./plan-page.ts";
import { readersPage } from "./readers-page.ts";
import { riskPage } from "./risk-page.ts";

type Fields = Record<string, string>;
/** A call of somebody signed in, with the token of its forms. */
export type Signed = { call: Call; csrf: string };
/** Adds a page for people who are signed in. */
export type AddPage = (path: string, show: (signed: Signed, request: FastifyRequest) => Shown) => void;
/** Adds a form of theirs: then to another page, or a page of its own. */
export type AddForm = (
  path: string,
  act: (signed: Signed, fields: Fields, params: Fields, request: FastifyRequest) => string | Shown,
) => void;

/** Where the browser found us: what a link for somebody else begins with. */
const originOf = (request: FastifyRequest): string =>
  request.headers.origin ?? `${request.protocol}://${request.host}`;

/** What was filled in of a search form. */
const givenOf = (query: unknown): Fields =>
  Object.fromEntries(Object.entries(query as Fields).filter(([, value]) => value !== ""));

/** The pages and forms of people who are signed in. */
export function addAppPages(options: {
  page: AddPage;
  form: AddForm;
  clientsOf: (call: Call) => string[];
}): void {
  const { page, form, clientsOf } = options;
  const daysOf = (request: FastifyRequest, fallback: number): number =>
    checked(z.object({ days: wholeNumber(1, 3650).default(fallback) }), request.query, "query").days;
  const param = (request: FastifyRequest, name: string): string => (request.params as Fields)[name] ?? "";

  const listQuery = z.object({
    search: z.string().max(200).optional(),
    cursor: z.string().max(500).optional(),
  });
  page("/app/caseload", ({ call }, request) =>
    caseloadPage(call, checked(listQuery, request.query, "query")),
  );
  page("/app/clients/:client", ({ call, csrf }, request) => clientPage(call, param(request, "client"), csrf));
  page("/app/clients/:client/conversations", ({ call }, request) =>
    conversationPage(call, param(request, "client"), checked(listQuery, request.query, "query").cursor),
  );
  page("/app/clients/:client/notes", ({ call, csrf }, request) => {
    const { cursor } = checked(listQuery, request.query, "query");
    return notesPage(call, param(request, "client"), csrf, cursor);
  });
  page("/app/clients/:client/plan", ({ call, csrf }, request) =>
    planPage(call, param(request, "client"), csrf),
  );
  page("/app/clients/:client/own", ({ call }, request) => ownPage(call, param(request, "client")));
  page("/app/own", ({ call }) => {
    const [client] = clientsOf(call);
    if (client === undefined) throw new TrainingReadyError("E_NOT_FOUND", "not found");
    return ownPage(call, client);
  });
  page("/app/risk", ({ call, csrf }) => riskPage(call, csrf));
  page("/app/fleet", ({ call, csrf }, request) => fleetPage(call, daysOf(request, 30), csrf));
  page("/app/readers", ({ call }, request) =>
    readersPage(call, checked(readersQuery, givenOf(request.query), "query")),
  );
  page("/app/break-glass", ({ call, csrf }) => breakGlassPage(call, csrf));
  // A graver sign that came in since the page was shown is looked at first.
  const riskSeen = z.strictObject({ clock: z.iso.datetime() });
  form("/app/risk/:client/:id/ack", ({ call }, fields, params) => {
    const { clock } = checked(riskSeen, fields, "body");
    risks.acknowledgeRisk(call, params["client"] ?? "", params["id"] ?? "", { clock });
    return "/app/risk";
  });
  form("/app/risk/:client/:id/close", ({ call }, fields, params) => {
    const { clock, ...input } = checked(risks.closeSchema.extend(riskSeen.shape), fields, "body");
    risks.closeRisk(call, params["client"] ?? "", params["id"] ?? "", input, { clock });
    return "/app/risk";
  });
  addPlanForms(form);
  form("/app/clients/:client/notes", ({ call }, fields, params) => {
    const client = params["client"] ?? "";
    notes.recordNote(call, client, checked(notes.noteSchema, noteOfForm(fields), "body"));
    return `/app/clients/${encodeURIComponent(client)}/notes`;
  });
  form("/app/clients/:client/links", ({ call }, fields, params, request) => {
    const client = params["client"] ?? "";
    const link = formLinks.makeFormLink(call, client, checked(formLinks.formLinkSchema, fields, "body"));
    return {
      title: "One-time link",
      body: html`<h1>A link to ${link.instrument}</h1>
        <p>
          It works once, until ${link.expires_at.slice(0, 16).replace("T", " ")} UTC. It is shown this once.
        </p>
        <p class="token">${originOf(request)}${link.path}</p>
        <p class="soft">
          With <code>?country=GB</code> behind it, and so on, a risk answer shows that country's help lines.
        </p>
        <p><a href="/app/clients/${encodeURIComponent(client)}">Back to ${client}</a></p>`,
    };
  });
  form("/app/fleet/courses", ({ call }) => {
    makeCourses(call);
    return "/app/fleet";
  });
  form("/app/break-glass", ({ call }, { client = "", ...fields }) => {
    const input = { ...fields, hours: Number(fields["hours"]) };
    breakGlass.openBreakGlass(call, client, checked(breakGlass.breakGlassSchema, input, "body"));
    return `/app/clients/${encodeURIComponent(client)}`;
  });
  form("/app/break-glass/:id/review", ({ call }, fields, params) => {
    breakGlass.reviewBreakGlass(
      call,
      params["id"] ?? "",
      checked(breakGlass.glassReviewSchema, fields, "body"),
    );
    return "/app/break-glass";
  });
}
