import { z } from "zod";
import {
  actOnTenant,
  careRecords,
  caseloadOf,
  casesSchema,
  computeCases,
  dayOrInstant,
  eraseClient,
  exportClient,
  exportFormats,
  externalId,
  goals,
  instruments,
  ledgerOf,
  measures,
  reportHtml,
  reportStyle,
  reportOf,
  risks,
  statistics,
  statisticsOf,
  wordingOf,
} from "../../progress/index.ts";
import { pagePolicy, TrainingReadyError } from "../../shared/index.ts";
import { checked } from "../problem.ts";
import { wholeNumber } from "../query.ts";
import { route, type Route } from "../route.ts";
import { oversightRoutes } from "./oversight-routes.ts";
import { turnRoutes } from "./turn-routes.ts";

const base = "/api/v1/clients/{client}";
const client = z.strictObject({ client: externalId });
const event = z.strictObject({ client: externalId, id: z.string().max(200) });

/** A list and its POST under a client, for consents, homework and episodes. */
const careRoutes: Route[] = [
  route({
    method: "POST",
    path: `${base}/consents`,
    summary: "Record a consent or its withdrawal",
    success: 201,
    params: client,
    body: careRecords.consentSchema,
    handle: ({ call, params, body }) => ({
      status: 201,
      body: careRecords.recordConsent(call, params.client, body),
    }),
  }),
  route({
    method: "POST",
    path: `${base}/homework`,
    summary: "Record homework",
    success: 201,
    params: client,
    body: careRecords.homeworkSchema,
    handle: ({ call, params, body }) => ({
      status: 201,
      body: careRecords.recordHomework(call, params.client, body),
    }),
  }),
  route({
    method: "POST",
    path: `${base}/episodes`,
    summary: "Begin an episode",
    success: 201,
    params: client,
    body: careRecords.episodeSchema,
    handle: ({ call, params, body }) => ({
      status: 201,
      body: careRecords.recordEpisode(call, params.client, body),
    }),
  }),
  ...(["consent", "homework", "episode"] as const).map((kind) =>
    route({
      method: "GET",
      path: `${base}/${kind === "homework" ? kind : `${kind}s`}`,
      summary: `A client's ${kind === "homework" ? kind : `${kind}s`}, newest first`,
      params: client,
      handle: ({ call, params }) => ({ body: careRecords.listCareRecords(call, params.client, kind) }),
    }),
  ),
];

const revised = <T extends { revision: number }>(body: T) => ({
  body,
  headers: { etag: `"${body.revision}"` },
});

const riskRoutes: Route[] = [
  route({
    method: "GET",
    path: `${base}/risk-events`,
    summary: "A client's risk events, open ones first",
    params: client,
    handle: ({ call, params }) => ({ body: risks.listRisks(call, params.client) }),
  }),
  route({
    method: "POST",
    path: `${base}/risk-events`,
    summary: "Open a risk event",
    success: 201,
    params: client,
    body: risks.riskSchema,
    handle: ({ call, params, body }) => ({ body: risks.raiseRisk(call, params.client, body) }),
  }),
  route({
    method: "POST",
    path: `${base}/risk-events/{id}/ack`,
    summary: "Take a risk event on (humans only); needs If-Match",
    params: event,
    body: risks.acknowledgeSchema,
    handle: ({ call, params, ifMatch }) =>
      revised(risks.acknowledgeRisk(call, params.client, params.id, { revision: ifMatch ?? null })),
  }),
  route({
    method: "POST",
    path: `${base}/risk-events/{id}/close`,
    summary: "Close a risk event with a disposition (humans only); needs If-Match",
    params: event,
    body: risks.closeSchema,
    handle: ({ call, params, body, ifMatch }) =>
      revised(risks.closeRisk(call, params.client, params.id, body, { revision: ifMatch ?? null })),
  }),
];

const measureRoutes: Route[] = [
  route({
    method: "POST",
    path: `${base}/measures`,
    summary: "Score and record a questionnaire",
    success: 201,
    params: client,
    body: measures.measureSchema,
    handle: ({ call, params, body }) => ({
      status: 201,
      body: measures.recordMeasure(call, params.client, body),
    }),
  }),
  route({
    method: "GET",
    path: `${base}/measures`,
    summary: "A client's measures, newest first",
    params: client,
    query: z.strictObject({
      instrument: z.string().max(40).optional(),
      start_date: dayOrInstant.optional(),
      end_date: dayOrInstant.optional(),
      limit: wholeNumber(1, 200).optional(),
      cursor: z.string().max(500).optional(),
    }),
    handle: ({ call, params, query }) => ({ body: measures.listMeasures(call, params.client, query) }),
  }),
  route({
    method: "GET",
    path: `${base}/statistics`,
    summary: "The verdict on one instrument",
    params: client,
    query: z.strictObject({ instrument: z.string().max(40) }),
    handle: ({ call, params, query }) => ({ body: statisticsOf(call, params.client, query.instrument) }),
  }),
  route({
    method: "POST",
    path: `${base}/goals/{goal}/events`,
    summary: "Record a goal attainment level",
    success: 201,
    params: z.strictObject({ client: externalId, goal: externalId }),
    body: goals.goalEventSchema,
    handle: ({ call, params, body }) => ({
      status: 201,
      body: goals.recordGoalEvent(call, params.client, params.goal, body),
    }),
  }),
];

/** The routes beyond the former tracker's. */
export const newRoutes: readonly Route[] = [
  ...measureRoutes,
  ...riskRoutes,
  ...careRoutes,
  ...turnRoutes,
  ...oversightRoutes,
  route({
    method: "GET",
    path: `${base}/report.json`,
    summary: "A client's report: facts, checked sentences, tables",
    params: client,
    handle: ({ call, params }) => ({ body: reportOf(call, params.client) }),
  }),
  route({
    method: "GET",
    path: `${base}/report.html`,
    summary: "A client's report as a page",
    params: client,
    handle: ({ call, params }) => ({
      text: reportHtml(reportOf(call, params.client)),
      mediaType: "text/html; charset=utf-8",
      headers: {
        "content-security-policy": `${pagePolicy(reportStyle)}; frame-ancestors 'none'`,
      },
    }),
  }),
  route({
    method: "GET",
    path: `${base}/export`,
    summary: "Everything stored about a client, in one form",
    params: client,
    query: z.strictObject({ format: z.enum(exportFormats).default("json") }),
    handle: ({ call, params, query }) => exportClient(call, params.client, query.format),
  }),
  route({
    method: "GET",
    path: `${base}/ledger`,
    summary: "Who did what with a client",
    params: client,
    handle: ({ call, params }) => ({ body: ledgerOf(call, params.client) }),
  }),
  route({
    method: "POST",
    path: `${base}/erasure`,
    summary: "Erase a client for good (operators)",
    alone: true,
    params: client,
    body: z.strictObject({ confirm: z.literal(true) }),
    handle: ({ call, params }) => ({ body: eraseClient(call, params.client) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/caseload",
    summary: "The clients in one's care, those in most need first",
    query: z.strictObject({
      search: z.string().max(200).optional(),
      limit: wholeNumber(1, 200).optional(),
      cursor: z.string().max(500).optional(),
    }),
    handle: ({ call, query }) => ({ body: caseloadOf(call, query) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/instruments",
    summary: "The questionnaires that are scored here",
    handle: () => ({
      body: {
        count: instruments.length,
        items: instruments.map((one) => ({ ...one, wording_sha256: wordingOf(one.id)?.sha256 ?? null })),
      },
    }),
  }),
  route({
    method: "GET",
    path: "/api/v1/ledger/verify",
    summary: "Whether the ledger's chain holds",
    handle: ({ call }) => ({ body: actOnTenant(call, "ledger:read", () => call.store.verifyLedger()) }),
  }),
  route({
    method: "POST",
    path: "/api/v1/statistics/{name}",
    summary: "Compute a statistic from given numbers; nothing is stored",
    params: z.strictObject({ name: z.string().max(40) }),
    body: z.looseObject({ cases: z.array(z.unknown()) }),
    handle: ({ params, body }) => {
      const schema = casesSchema(params.name);
      if (schema === undefined)
        throw new TrainingReadyError("E_NOT_FOUND", "not found", {
          hint: `The statistics are ${Object.keys(statistics).join(", ")}.`,
        });
      return { body: { results: computeCases(params.name, checked(schema, body, "body").cases) } };
    },
  }),
];
