import { z } from "zod";
import {
  actOnTenant,
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
  statistics,
  statisticsOf,
  wordingOf,
} from "../../progress/index.ts";
import { pagePolicy, TrainingReadyError } from "../../shared/index.ts";
import { checked } from "../problem.ts";
import { wholeNumber } from "../query.ts";
import { route, type Route } from "../route.ts";
import { careRoutes } from "./care-routes.ts";
import { oversightRoutes } from "./oversight-routes.ts";
import { turnRoutes } from "./turn-routes.ts";

const base = "/api/v1/clients/{client}";
const client = z.strictObject({ client: externalId });

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
