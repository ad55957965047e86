import { z } from "zod";
import { careRecords, careRelations, externalId, risks } from "../../progress/index.ts";
import { route, type Route } from "../route.ts";

const base = "/api/v1/clients/{client}";
const client = z.strictObject({ client: externalId });
const event = z.strictObject({ client: externalId, id: z.string().max(200) });

const revised = <T extends { revision: number }>(body: T) => ({
  body,
  headers: { etag: `"${body.revision}"` },
});

/** Consents, homework and episodes. */
const planRoutes: Route[] = [
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
  route({
    method: "PUT",
    path: `${base}/homework/{id}`,
    summary: "Change homework: how it went, until when; needs If-Match",
    params: event,
    body: careRecords.homeworkChangeSchema,
    handle: ({ call, params, body, ifMatch }) =>
      revised(careRecords.changeHomework(call, params.client, params.id, body, ifMatch ?? null)),
  }),
  route({
    method: "PUT",
    path: `${base}/episodes/{id}`,
    summary: "Change an episode: its end, the reason, the plan; needs If-Match",
    params: event,
    body: careRecords.episodeChangeSchema,
    handle: ({ call, params, body, ifMatch }) =>
      revised(careRecords.changeEpisode(call, params.client, params.id, body, ifMatch ?? null)),
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

const relationRoutes: Route[] = [
  route({
    method: "GET",
    path: `${base}/care`,
    summary: "Who cares for a client, and whom care can be given to (supervisors, operators)",
    params: client,
    handle: ({ call, params }) => ({ body: careRelations.listCare(call, params.client) }),
  }),
  route({
    method: "PUT",
    path: `${base}/care/{principal}`,
    summary: "Begin, end or limit somebody's care of a client (supervisors, operators)",
    params: z.strictObject({ client: externalId, principal: z.string().max(200) }),
    body: careRelations.careSchema,
    handle: ({ call, params, body }) => ({
      body: careRelations.changeCare(call, params.client, params.principal, body),
    }),
  }),
];

/** Who cares, what is agreed with a client, and the risk loop. */
export const careRoutes: readonly Route[] = [...relationRoutes, ...riskRoutes, ...planRoutes];
