import type { ChatMessage } from "../../inference/index.ts";
import { badField } from "./api-error.ts";
import { checkMessages } from "./chat-messages.ts";
import { metadataOf, samplingOf, type ChatCall } from "./chat-request.ts";
import { checkBoolean, checkId, checkKeys, checkText, isObject } from "./fields.ts";

const known = [
  "user_input",
  "conversation_history",
  "system_prompt",
  "use_cache",
  "max_new_tokens",
  "temperature",
  "client_id",
  "session_id",
  "track_progress",
];

/** A body of `POST /api/v1/inference`, the old service's request, checked whole. */
export function parseOldRequest(body: unknown): ChatCall {
  if (!isObject(body))
    throw badField("invalid_type", "body", "The body must be a JSON object.", "Send a JSON object.");
  checkKeys(body, known);
  if (body["user_input"] === undefined)
    throw badField("missing_parameter", "user_input", "user_input is missing.", "Send the person's text.");
  const { sampling, isLengthGiven } = samplingOf(body, [
    ["max_new_tokens", "maxTokens", { least: 1, most: 1_000_000, isWhole: true }],
    ["temperature", "temperature", { least: 0, most: 2 }],
  ]);
  const input = checkText(body["user_input"], "user_input");
  const history = body["conversation_history"];
  if (history != null && !Array.isArray(history))
    throw badField(
      "invalid_type",
      "conversation_history",
      "conversation_history must be a list.",
      "Send [{role, content}].",
    );
  const system: ChatMessage[] =
    body["system_prompt"] == null
      ? []
      : [{ role: "system", content: checkText(body["system_prompt"], "system_prompt") }];
  const past = (history ?? []) as unknown[];
  // History, if sent, is the context; the session's own memory is used only without it.
  const metadata = metadataOf(
    {
      ...(body["client_id"] == null ? {} : { client_id: body["client_id"] }),
      ...(body["session_id"] == null || past.length > 0 ? {} : { session_id: body["session_id"] }),
    },
    "",
  );
  const isTracked =
    body["track_progress"] == null ? undefined : checkBoolean(body["track_progress"], "track_progress");
  const tracked =
    body["session_id"] == null || past.length === 0 ? undefined : checkId(body["session_id"], "session_id");
  return {
    messages: [...system, ...checkMessages([...past, { role: "user", content: input }])],
    sampling,
    isLengthGiven,
    isStreamed: false,
    includesUsage: false,
    reusePrefix: body["use_cache"] == null ? true : checkBoolean(body["use_cache"], "use_cache"),
    metadata,
    ...(isTracked === undefined ? {} : { tracksProgress: isTracked }),
    ...(tracked === undefined ? {} : { trackedSession: tracked }),
  };
}
