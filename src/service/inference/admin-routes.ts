import type { ReviewItem, SharedStatus } from "../../inference/index.ts";
import { tool } from "../../shared/index.ts";
import { ApiError, badField } from "./api-error.ts";
import { readJson } from "./body.ts";
import { demand } from "./caller.ts";
import { sendJson } from "./chat-reply.ts";
import { checkKeys, checkText, isObject } from "./fields.ts";
import { notFoundModel } from "./chat-routes.ts";
import { safetyWarnings } from "./served-safety.ts";
import type { Handler, Service } from "./service.ts";

const modelObject = ({ modelId, createdAt }: Service): Record<string, unknown> => ({
  id: modelId,
  object: "model",
  created: createdAt,
  owned_by: "training-ready",
});

export const models: Handler = async ({ service, response, caller }) => {
  demand(caller, "chat");
  sendJson(response, 200, { object: "list", data: [modelObject(service)] });
};

export const model: Handler = async ({ service, response, caller, params }) => {
  demand(caller, "chat");
  if (params["id"] !== service.modelId) throw notFoundModel();
  sendJson(response, 200, modelObject(service));
};

export const live: Handler = async ({ response }) => sendJson(response, 200, { status: "ok" });

const redisState = ({ isUp, processes }: SharedStatus): Record<string, unknown> => ({
  state: isUp ? "ok" : "down",
  processes,
});

/** 200 as long as the protocol reply can be made, whatever the engine or the store does; 503 while draining. */
export const health: Handler = async ({ service, response }) => {
  const isDraining = service.isDraining();
  const { trail, handOver } = service.keeping;
  const workers = await service.control.fleet();
  sendJson(response, isDraining ? 503 : 200, {
    status: isDraining ? "draining" : "ok",
    version: tool.version,
    model: service.modelId,
    engine: {
      kind: service.engine.info.kind,
      state: service.engine.state(),
      zombies: service.engine.zombies,
    },
    ...(service.guard === undefined
      ? {}
      : { guard: { kind: service.guard.kind, model: service.guard.model, state: service.guard.state() } }),
    protocol: "ok",
    store: trail === undefined ? "none" : trail.isDown() ? "down" : "ok",
    progress: service.tracker === undefined ? "none" : service.tracker.isUp() ? "ok" : "down",
    outbox: handOver?.waiting() ?? 0,
    queued: workers?.queued ?? service.admission.queued,
    ...(service.shared === undefined ? {} : { redis: redisState(service.shared.status()) }),
    active: workers?.active ?? service.active.size,
    ...(workers === undefined
      ? {}
      : { workers: { wanted: workers.wanted, ready: workers.ready, restarts: workers.restarts } }),
    signedOff: service.safety.signOff !== undefined,
    policy: `sha256:${service.safety.hash}`,
    warnings: safetyWarnings(service.safety, service.keeping.now()),
  });
};

const noStore = (): ApiError =>
  new ApiError(404, "no_store", "not_found_error", "This service keeps no records.", {
    hint: "Serve with --state DIR, or from a home that has a tracker.",
  });

const view = ({ at, decidedAt, decidedBy, secondOpinion, ...item }: ReviewItem) => ({
  ...item,
  at: new Date(at).toISOString(),
  decided_at: decidedAt === null ? null : new Date(decidedAt).toISOString(),
  decided_by: decidedBy,
  second_opinion: secondOpinion,
});

/** What clinicians are to look at, grouped by session. */
export const review: Handler = async ({ service, response, caller }) => {
  demand(caller, "review");
  const { trail } = service.keeping;
  if (trail === undefined) throw noStore();
  const sessions = new Map<string, ReviewItem[]>();
  for (const item of trail.items(caller.tenant)) {
    const key = JSON.stringify([item.tenant, item.client, item.session]);
    sessions.set(key, [...(sessions.get(key) ?? []), item]);
    service.note(caller, "review:read", { id: item.id, name: item });
  }
  sendJson(response, 200, {
    object: "list",
    data: [...sessions.values()].map((items) => ({
      tenant: items[0]?.tenant,
      client_id: items[0]?.client === "" ? null : items[0]?.client,
      session_id: items[0]?.session,
      items: items.map(view),
    })),
  });
};

const decisions = ["right", "too_low", "too_high", "reply_unsuitable"] as const;

export const decide: Handler = async ({ service, request, response, caller, params }) => {
  demand(caller, "review");
  const { trail } = service.keeping;
  if (trail === undefined) throw noStore();
  const { value } = await readJson(request);
  if (!isObject(value))
    throw badField("invalid_type", "body", "The body must be a JSON object.", "Send a JSON object.");
  checkKeys(value, ["decision", "note"]);
  const decision = decisions.find((one) => one === value["decision"]);
  if (decision === undefined)
    throw badField(
      "out_of_range",
      "decision",
      "decision is none of those known.",
      `Known: ${decisions.join(", ")}.`,
    );
  const note = value["note"] == null ? null : checkText(value["note"], "note");
  const by = caller.key ?? "local";
  sendJson(response, 200, view(trail.decide(params["id"] ?? "", by, caller.tenant, { decision, note })));
};

export const ledger: Handler = async ({ service, response, caller }) => {
  demand(caller, "ledger:read");
  if (service.state === undefined) throw noStore();
  const { ok, firstBroken, rows } = service.state.verifyLedger();
  sendJson(response, 200, { ok, first_broken: firstBroken, rows });
};
