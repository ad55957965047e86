import { ApiError, badField } from "./api-error.ts";
import { readJson } from "./body.ts";
import { clientOf, demand } from "./caller.ts";
import { sendJson, sendStream, sendWhole, whole } from "./chat-reply.ts";
import { parseChatRequest, type ChatCall } from "./chat-request.ts";
import { parseOldRequest } from "./old-request.ts";
import { randomId } from "./random-id.ts";
import { clientLeft, replySource } from "./reply-source.ts";
import type { Context, Handler } from "./service.ts";

export function notFoundModel(): ApiError {
  return new ApiError(404, "model_not_found", "not_found_error", "No such model is served.", {
    param: "model",
    hint: "GET /v1/models lists what is served; model may be left out.",
  });
}

/** Ties a request's work to its connection: whoever hangs up ends it. */
async function withScope(
  { service, response }: Context,
  work: (signal: AbortSignal, giveUp: () => void) => Promise<void>,
): Promise<void> {
  const scope = new AbortController();
  const giveUp = (): void => scope.abort(clientLeft());
  response.once("close", giveUp);
  service.active.add(scope);
  try {
    await work(scope.signal, giveUp);
  } finally {
    response.off("close", giveUp);
    service.active.delete(scope);
  }
}

/** Hard limits of a call: what its key may ask, and for whom. Gives the client. */
function allowed({ caller }: Context, call: ChatCall, prefix: string): string {
  demand(caller, "chat");
  const system = call.messages.findIndex(({ role }) => role === "system");
  if (system >= 0) demand(caller, "chat:system", prefix === "" ? "system_prompt" : `messages.${system}.role`);
  if (call.metadata.sessionId !== undefined) demand(caller, "session:write", `${prefix}session_id`);
  const client = clientOf(caller, call.metadata.clientId, `${prefix}client_id`);
  if (call.tracksProgress === true && client === "")
    throw badField(
      "missing_parameter",
      "client_id",
      "client_id is missing.",
      "The tracker keeps progress by client: name one, or leave track_progress out.",
    );
  return client;
}

export const chat: Handler = async (context) => {
  const { service, request, response, requestId } = context;
  const { value, text } = await readJson(request);
  const call = parseChatRequest(value);
  if (call.model !== undefined && call.model !== service.modelId) throw notFoundModel();
  const client = allowed(context, call, "metadata.");
  const identity = { id: `chatcmpl-${randomId()}`, model: service.modelId, requestId };
  await withScope(context, async (signal, giveUp) => {
    const { events, isReplay, isDetached } = await replySource(context, { call, client, body: text }, signal);
    if (isReplay) response.setHeader("x-idempotent-replay", "true");
    if (call.isStreamed)
      await sendStream(response, events, call, identity, giveUp, isDetached ? 0 : undefined);
    else await sendWhole(response, events, identity);
  });
};

export const oldInference: Handler = async (context) => {
  const { service, request, response } = context;
  const startedAt = performance.now();
  const { value, text: body } = await readJson(request);
  const call = parseOldRequest(value);
  const client = allowed(context, call, "");
  await withScope(context, async (signal) => {
    const { events, isReplay } = await replySource(context, { call, client, body }, signal);
    const { text, end } = await whole(events);
    sendJson(response, 200, {
      response: text,
      latency: Math.round(performance.now() - startedAt) / 1000,
      cache_hit: isReplay,
      tokens_generated: end.completionTokens,
      metadata: {
        model: service.modelId,
        finish_reason: end.finish,
        x_safety: end.safety,
        x_context: end.context,
        ...(end.notice === undefined ? {} : { x_notice: end.notice }),
        ...(end.session === undefined ? {} : { x_session: end.session }),
        ...(end.progress === undefined ? {} : { progress: end.progress }),
      },
    });
  });
};
