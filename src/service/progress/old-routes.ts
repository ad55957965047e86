import { z } from "zod";
import {
  dayOrInstant,
  exportClient,
  exportFormats,
  externalId,
  goals,
  progressOf,
  sessions,
  trendsOf,
} from "../../progress/index.ts";
import { truth, wholeNumber } from "../query.ts";
import { route, type Route } from "../route.ts";

const client = z.strictObject({ client_id: externalId });
const timeframe = z.strictObject({ timeframe_days: wholeNumber(1, 36_500).default(30) });

/** The routes of the former tracker: same paths, fields and answers. */
export const oldRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/api/v1/sessions",
    summary: "Record a session",
    body: sessions.sessionSchema,
    ahead: ({ call, body }) => sessions.sessionAhead(call, body),
    handle: ({ call, body }) => ({ body: sessions.recordSession(call, body) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/sessions/{client_id}",
    summary: "A client's sessions, newest first",
    params: client,
    query: z.strictObject({
      start_date: dayOrInstant.optional(),
      end_date: dayOrInstant.optional(),
      limit: wholeNumber(1, 200).optional(),
      cursor: z.string().max(500).optional(),
    }),
    handle: ({ call, params, query }) => ({ body: sessions.listSessions(call, params.client_id, query) }),
  }),
  route({
    method: "POST",
    path: "/api/v1/goals",
    summary: "Record a goal",
    body: goals.goalSchema,
    handle: ({ call, body }) => ({ body: goals.recordGoal(call, body) }),
  }),
  route({
    method: "PUT",
    path: "/api/v1/goals/{goal_id}",
    summary: "Change a goal",
    params: z.strictObject({ goal_id: externalId }),
    query: z.strictObject({ client_id: externalId.optional() }),
    body: goals.goalChangeSchema,
    handle: ({ call, params, query, body, ifMatch }) => {
      const done = goals.changeGoal(call, params.goal_id, body, { clientId: query.client_id, ifMatch });
      return { body: done, headers: { etag: `"${done.revision}"` } };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/goals/{client_id}",
    summary: "A client's goals",
    params: client,
    query: z.strictObject({ active_only: truth.default(true) }),
    handle: ({ call, params, query }) => ({
      body: goals.listGoals(call, params.client_id, query.active_only),
    }),
  }),
  route({
    method: "POST",
    path: "/api/v1/milestones",
    summary: "Record a milestone of a goal",
    body: goals.milestoneSchema,
    handle: ({ call, body }) => ({ body: goals.recordMilestone(call, body) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/progress/{client_id}",
    summary: "Where a client stands",
    params: client,
    query: timeframe,
    handle: ({ call, params, query }) => ({ body: progressOf(call, params.client_id, query.timeframe_days) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/trends/{client_id}",
    summary: "A client's recorded moods in a window",
    params: client,
    query: timeframe,
    handle: ({ call, params, query }) => ({ body: trendsOf(call, params.client_id, query.timeframe_days) }),
  }),
  route({
    method: "GET",
    path: "/api/v1/export/{client_id}",
    summary: "Everything stored about a client",
    params: client,
    query: z.strictObject({ format: z.enum(exportFormats).default("json") }),
    handle: ({ call, params, query }) => exportClient(call, params.client_id, query.format),
  }),
];
