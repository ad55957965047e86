import { z } from "zod";
import { externalId, turns } from "../../progress/index.ts";
import { checked } from "../problem.ts";
import { route, type Route } from "../route.ts";

const base = "/api/v1/clients/{client}";
const client = z.strictObject({ client: externalId });

/** What an inference service hands over. */
export const turnRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: `${base}/turns`,
    summary: "Take a turn of a conversation, once per session and turn",
    params: client,
    body: turns.turnSchema.omit({ client_id: true }),
    handle: ({ call, params, body }) => ({
      body: turns.takeTurn(call, checked(turns.turnSchema, { ...body, client_id: params.client }, "body")),
    }),
  }),
  route({
    method: "POST",
    path: `${base}/detections`,
    summary: "Take what the risk screen found in a turn, once per session and turn",
    params: client,
    body: turns.detectionSchema.omit({ client_id: true }),
    handle: ({ call, params, body }) => {
      const input = { ...body, client_id: params.client };
      return { body: turns.takeDetection(call, checked(turns.detectionSchema, input, "body")) };
    },
  }),
  route({
    method: "GET",
    path: `${base}/sessions/{session}/turns`,
    summary: "The turns of a session, in their order",
    params: z.strictObject({ client: externalId, session: externalId }),
    handle: ({ call, params }) => ({ body: turns.turnsOf(call, params.client, params.session) }),
  }),
];
