import { z } from "zod";
import {
  amendments,
  breakGlass,
  clientReportHtml,
  clientReportOf,
  exportDeidentified,
  externalId,
  fleetOf,
  formLinks,
  leastPersons,
  legalHold,
  listCourses,
  notes,
  listCertificates,
  makeCourses,
  modelVersions,
  readersOf,
  reportStyle,
  riskInbox,
  usualShare,
} from "../../progress/index.ts";
import { pagePolicy, TrainingReadyError } from "../../shared/index.ts";
import { wholeNumber } from "../query.ts";
import { route, type Route } from "../route.ts";

const base = "/api/v1/clients/{client}";
const client = z.strictObject({ client: externalId });
const dayMs = 86_400_000;
const days = z.strictObject({ days: wholeNumber(1, 3650).default(30) });

/** Readings of a period: its days, or the last ones. */
export const readersQuery = z.strictObject({
  days: wholeNumber(1, 3650).default(30),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  person: z.string().min(1).max(200).optional(),
  client: externalId.optional(),
});

/** The period that is asked for: whole days in UTC where days are named. */
export function periodOf(
  query: Pick<z.output<typeof readersQuery>, "days" | "from" | "to">,
  now: number,
): { from: number; to: number } {
  const to = query.to === undefined ? now : Date.parse(query.to) + dayMs - 1;
  const from = query.from === undefined ? to - query.days * dayMs : Date.parse(query.from);
  if (from > to) throw new TrainingReadyError("E_INPUT", "from: lies after to");
  return { from, to };
}

// A share in a query: text in, number out.
const share = z
  .string()
  .regex(/^0?\.\d{1,6}$/, { message: "is no share between 0 and 1" })
  .transform(Number)
  .pipe(z.number().min(0.001).max(0.5));

/** Break-glass, questionnaire links, legal holds, and who did what. */
export const oversightRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: `${base}/break-glass`,
    summary: "Open a client outside one's care, to read only, with a reason (clinicians)",
    success: 201,
    params: client,
    body: breakGlass.breakGlassSchema,
    handle: ({ call, params, body }) => ({ body: breakGlass.openBreakGlass(call, params.client, body) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/break-glass",
    summary: "Every breaking of the glass, those to be reviewed first (supervisors)",
    handle: ({ call }) => ({ body: breakGlass.listBreakGlass(call) }),
  }),
  route({
    method: "POST",
    path: "/api/v1/break-glass/{id}/review",
    summary: "Record the finding of a review (supervisors, never one's own)",
    params: z.strictObject({ id: z.string().max(200) }),
    body: breakGlass.glassReviewSchema,
    handle: ({ call, params, body }) => ({ body: breakGlass.reviewBreakGlass(call, params.id, body) }),
  }),
  route({
    method: "PUT",
    path: `${base}/sessions/{session}`,
    summary: "Amend a session with a reason; needs If-Match",
    params: z.strictObject({ client: externalId, session: externalId }),
    body: amendments.amendmentSchema,
    handle: ({ call, params, body, given, ifMatch }) => {
      // The checked body carries the form's defaults; only what was sent may change what is stored.
      const sent = Object.fromEntries(Object.entries(body).filter(([key]) => given.includes(key)));
      const input = sent as Parameters<typeof amendments.amendSession>[3];
      const done = amendments.amendSession(call, params.client, params.session, input, ifMatch);
      return { body: done, headers: { etag: `"${done.revision}"` } };
    },
  }),
  route({
    method: "POST",
    path: `${base}/form-links`,
    summary: "Make a one-time link to a questionnaire",
    success: 201,
    params: client,
    body: formLinks.formLinkSchema,
    handle: ({ call, params, body }) => ({ body: formLinks.makeFormLink(call, params.client, body) }),
  }),
  route({
    method: "POST",
    path: `${base}/legal-hold`,
    summary: "Keep a client's records whatever erasure and retention say",
    success: 201,
    params: client,
    body: legalHold.legalHoldSchema,
    handle: ({ call, params, body }) => ({ body: legalHold.placeHold(call, params.client, body) }),
  }),
  route({
    method: "POST",
    path: `${base}/legal-hold/lift`,
    summary: "Lift a legal hold",
    params: client,
    handle: ({ call, params }) => ({ body: legalHold.liftHold(call, params.client) }),
  }),
  route({
    method: "GET",
    path: `${base}/client-report.json`,
    summary: "The report's client edition, in plain words",
    params: client,
    handle: ({ call, params }) => ({ body: clientReportOf(call, params.client) }),
  }),
  route({
    method: "GET",
    path: `${base}/client-report.html`,
    summary: "The report's client edition as a page",
    params: client,
    handle: ({ call, params }) => ({
      text: clientReportHtml(clientReportOf(call, params.client)),
      mediaType: "text/html; charset=utf-8",
      headers: { "content-security-policy": `${pagePolicy(reportStyle)}; frame-ancestors 'none'` },
    }),
  }),
  route({
    method: "GET",
    path: "/api/v1/certificates",
    summary: "The certificates of erasures, with whether their signatures hold",
    handle: ({ call }) => ({ body: listCertificates(call) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/risk-inbox",
    summary: "Every open risk event in one's care, gravest first",
    handle: ({ call }) => ({ body: riskInbox(call) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/readers",
    summary:
      "Who touched whom in the last days or a period, from the ledger, of one person or client if named",
    query: readersQuery,
    handle: ({ call, query }) => ({ body: readersOf(call, periodOf(query, call.store.now()), query) }),
  }),
  route({
    method: "POST",
    path: "/api/v1/model-versions",
    summary: "Record a version of a model that was put into use (operators, supervisors)",
    success: 201,
    body: modelVersions.modelVersionSchema,
    handle: ({ call, body }) => ({ status: 201, body: modelVersions.recordModelVersion(call, body) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/model-versions",
    summary: "The versions of models that answered, newest first",
    handle: ({ call }) => ({ body: modelVersions.listModelVersions(call) }),
  }),
  route({
    method: "POST",
    path: `${base}/notes`,
    summary: "Write a separate note on psychotherapy or substance use (clinicians)",
    success: 201,
    params: client,
    body: notes.noteSchema,
    handle: ({ call, params, body }) => ({ status: 201, body: notes.recordNote(call, params.client, body) }),
  }),
  route({
    method: "GET",
    path: `${base}/notes`,
    summary: "Separate notes that one may read: one's own, others with the client's consent",
    params: client,
    query: z.strictObject({
      limit: wholeNumber(1, 200).optional(),
      cursor: z.string().max(500).optional(),
    }),
    handle: ({ call, params, query }) => ({ body: notes.listNotes(call, params.client, query) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/deidentified-export",
    summary:
      "Records of clients who consent to research, without ids, free text and true dates (supervisors)",
    query: z.strictObject({ least: wholeNumber(5, 1000).default(leastPersons) }),
    handle: ({ call, query }) => exportDeidentified(call, query),
  }),
  route({
    method: "GET",
    path: "/api/v1/expected-courses",
    summary: "The site's own expected course of each questionnaire",
    handle: ({ call }) => ({ body: listCourses(call) }),
  }),
  route({
    method: "POST",
    path: "/api/v1/expected-courses",
    summary: "Make the expected courses anew from the site's own clients (supervisors)",
    success: 201,
    handle: ({ call }) => ({ status: 201, body: makeCourses(call) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/fleet",
    summary: "What the models did in the last days, described",
    query: days.extend({ p0: share.default(usualShare) }),
    handle: ({ call, query }) => ({ body: fleetOf(call, query.days, query.p0) }),
  }),
];
