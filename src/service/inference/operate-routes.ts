import { metricsText } from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { ApiError } from "./api-error.ts";
import { demand } from "./caller.ts";
import { sendJson } from "./chat-reply.ts";
import type { Handler } from "./service.ts";

export const metrics: Handler = async ({ service, response, caller }) => {
  demand(caller, "metrics");
  const text = metricsText(await service.control.metrics());
  response.writeHead(200, {
    "content-type": "text/plain; version=0.0.4; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(text);
};

export const clearCache: Handler = async ({ service, response, caller }) => {
  demand(caller, "admin");
  sendJson(response, 200, { status: "success", cleared: await service.replays.clear() });
};

/** What stands behind the service now; no URL or path of it. */
export const engine: Handler = async ({ service, response, caller }) => {
  demand(caller, "metrics");
  const { info, zombies } = service.engine;
  const workers = await service.control.fleet();
  sendJson(response, 200, {
    kind: info.kind,
    model: service.modelId,
    state: service.engine.state(),
    context: info.context,
    slots: info.slots,
    isolation: info.kvIsolation,
    exact_tokens: info.exactTokens,
    cancel_verified: info.cancelVerified,
    digest: info.digest ?? null,
    zombies,
    active: workers?.active ?? service.active.size,
    queued: workers?.queued ?? service.admission.queued,
    wait_seconds: service.admission.waitSeconds,
  });
};

export const drain: Handler = async ({ service, response, caller }) => {
  demand(caller, "admin");
  await service.control.drain();
  sendJson(response, 202, { status: "draining", active: service.active.size });
};

/** The safety files of a home as an operator has changed them. */
export const reload: Handler = async ({ service, response, caller }) => {
  demand(caller, "admin");
  try {
    const { policy, signedOff } = await service.control.reload();
    sendJson(response, 200, { status: "reloaded", policy, signedOff });
  } catch (error) {
    if (!(error instanceof TrainingReadyError)) throw error;
    service.log.error("safety not reloaded", { code: error.code });
    throw new ApiError(409, "reload_refused", "invalid_request_error", "The files are refused.", {
      hint: `The service goes on with what it had (${error.code}); \`training-ready serve safety status\` names what is wrong.`,
    });
  }
};

export const restart: Handler = async ({ service, response, caller }) => {
  demand(caller, "admin");
  if (!(await service.control.restart()))
    throw new ApiError(409, "single_process", "invalid_request_error", "One process serves alone.", {
      hint: "Serve with --workers 2 or more, or start a second serve with --take-over.",
    });
  sendJson(response, 202, { status: "restarting" });
};
