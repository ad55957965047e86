import { samplingDefaults, type ChatMessage, type Sampling } from "../../inference/index.ts";
import { badField } from "./api-error.ts";
import { checkMessages } from "./chat-messages.ts";
import { checkBoolean, checkId, checkKeys, checkNumber, checkText, isObject, type Json } from "./fields.ts";

export type RequestMetadata = { clientId?: string; sessionId?: string; locale?: string; country?: string };

/** A request in the service's own terms, whichever route it came by. */
export type ChatCall = {
  model?: string;
  messages: ChatMessage[];
  sampling: Sampling;
  /** True if the request itself set the number of tokens: then it must fit, else it is made to fit. */
  isLengthGiven: boolean;
  isStreamed: boolean;
  includesUsage: boolean;
  reusePrefix: boolean;
  metadata: RequestMetadata;
  /** Whether the tracker is to hear of the turn; undefined where the request does not say. */
  tracksProgress?: boolean;
  /** The session that the tracker is told of, where the request brings its own history. */
  trackedSession?: string;
};

type Bounds = Parameters<typeof checkNumber>[2];
const numbers: readonly (readonly [string, Exclude<keyof Sampling, "stop">, Bounds])[] = [
  ["max_tokens", "maxTokens", { least: 1, most: 1_000_000, isWhole: true }],
  ["max_completion_tokens", "maxTokens", { least: 1, most: 1_000_000, isWhole: true }],
  ["temperature", "temperature", { least: 0, most: 2 }],
  ["top_p", "topP", { least: 0, most: 1, isAboveLeast: true }],
  ["top_k", "topK", { least: 0, most: 1000, isWhole: true }],
  ["min_p", "minP", { least: 0, most: 1 }],
  ["repetition_penalty", "repetitionPenalty", { least: 0, most: 2, isAboveLeast: true }],
  ["presence_penalty", "presencePenalty", { least: -2, most: 2 }],
  ["frequency_penalty", "frequencyPenalty", { least: -2, most: 2 }],
  ["seed", "seed", { least: 0, most: 4_294_967_295, isWhole: true }],
];
const others = ["model", "messages", "stop", "user", "metadata", "stream", "stream_options"];

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const isOneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);
const never = (): boolean => false;
// Parameters of OpenAI's chat completions that are not honoured, each with the values that change nothing.
// https://platform.openai.com/docs/api-reference/chat/create
const standard: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: isOneOf(1),
  logprobs: isOneOf(false),
  top_logprobs: isOneOf(0),
  tools: isEmptyList,
  functions: isEmptyList,
  tool_choice: isOneOf("none", "auto"),
  function_call: isOneOf("none", "auto"),
  parallel_tool_calls: (value) => typeof value === "boolean",
  response_format: (value) => isObject(value) && value["type"] === "text" && Object.keys(value).length === 1,
  logit_bias: (value) => isObject(value) && Object.keys(value).length === 0,
  modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === "text",
  store: isOneOf(false),
  service_tier: isOneOf("auto", "default"),
  audio: never,
  moderation: never,
  prediction: never,
  prompt_cache_key: never,
  prompt_cache_retention: never,
  reasoning_effort: never,
  safety_identifier: never,
  verbosity: never,
  web_search_options: never,
};
const known = [...numbers.map(([name]) => name), ...others];

function checkNames(body: Json): void {
  const unknown: Json = {};
  for (const [name, value] of Object.entries(body)) {
    if (known.includes(name)) continue;
    if (!Object.hasOwn(standard, name)) {
      checkKeys({ [name]: value }, [...known, ...Object.keys(standard)]);
      throw badField("unknown_parameter", name, `${name} is no parameter here.`, "Remove it.");
    }
    if (value !== null && !(standard[name] as (value: unknown) => boolean)(value)) unknown[name] = value;
  }
  const first = Object.keys(unknown)[0];
  if (first !== undefined)
    throw badField(
      "unsupported_parameter",
      first,
      `${first} is not supported with this value.`,
      "Leave it out; this service does not honour it and will not ignore it silently.",
    );
}

/** Sampling values of a body; `pairs` says which key sets what. */
export function samplingOf(
  body: Json,
  names: typeof numbers,
): { sampling: Sampling; isLengthGiven: boolean } {
  const sampling: Sampling = { ...samplingDefaults };
  for (const [name, key, bounds] of names) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    sampling[key] = checkNumber(value, name, bounds);
  }
  return { sampling, isLengthGiven: names.some(([name, key]) => key === "maxTokens" && body[name] != null) };
}

function stopOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 4)
    throw badField("out_of_range", "stop", "stop has more than four texts.", "Send at most four.");
  return list.map((one, index) => {
    const param = Array.isArray(value) ? `stop.${index}` : "stop";
    const text = checkText(one, param, { mayBeEmpty: true });
    if (text === "" || text.length > 256)
      throw badField("out_of_range", param, `${param} has a wrong length.`, "Send 1 to 256 characters.");
    return text;
  });
}

/** The metadata that this service reads. Throws a 400 that names the key. */
export function metadataOf(value: unknown, prefix = "metadata."): RequestMetadata {
  if (value === undefined || value === null) return {};
  if (!isObject(value))
    throw badField("invalid_type", "metadata", "metadata must be an object.", "Send a JSON object.");
  checkKeys(value, ["client_id", "session_id", "locale", "country"], prefix);
  const metadata: RequestMetadata = {};
  const { client_id: client, session_id: session, locale, country } = value;
  if (client !== undefined) metadata.clientId = checkId(client, `${prefix}client_id`);
  if (session !== undefined) metadata.sessionId = checkId(session, `${prefix}session_id`);
  if (locale !== undefined) {
    if (typeof locale !== "string" || !/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/.test(locale))
      throw badField(
        "invalid_locale",
        `${prefix}locale`,
        `${prefix}locale is no language tag.`,
        "Send for example en or pt-BR.",
      );
    metadata.locale = locale;
  }
  if (country !== undefined) {
    if (typeof country !== "string" || !/^[A-Z]{2}$/.test(country))
      throw badField(
        "invalid_country",
        `${prefix}country`,
        `${prefix}country is no country code.`,
        "Send two capital letters of ISO 3166, for example IN.",
      );
    metadata.country = country;
  }
  return metadata;
}

function streamOptions(value: unknown, isStreamed: boolean): boolean {
  if (value === undefined || value === null) return false;
  if (!isObject(value))
    throw badField(
      "invalid_type",
      "stream_options",
      "stream_options must be an object.",
      "Send a JSON object.",
    );
  if (!isStreamed)
    throw badField(
      "invalid_combination",
      "stream_options",
      "stream_options needs stream.",
      "Send stream: true, or leave it out.",
    );
  checkKeys(value, ["include_usage", "include_obfuscation"], "stream_options.");
  if (value["include_obfuscation"] !== undefined && value["include_obfuscation"] !== false)
    throw badField(
      "unsupported_parameter",
      "stream_options.include_obfuscation",
      "Obfuscation is not supported.",
      "Leave it out.",
    );
  return value["include_usage"] === undefined
    ? false
    : checkBoolean(value["include_usage"], "stream_options.include_usage");
}

/** A body of `POST /v1/chat/completions`, checked whole. Throws a 400 with the field at fault. */
export function parseChatRequest(body: unknown): ChatCall {
  if (!isObject(body))
    throw badField("invalid_type", "body", "The body must be a JSON object.", "Send a JSON object.");
  checkNames(body);
  const { sampling, isLengthGiven } = samplingOf(body, numbers);
  const { max_tokens: old, max_completion_tokens: current } = body;
  if (old != null && current != null && old !== current)
    throw badField(
      "invalid_combination",
      "max_tokens",
      "max_tokens and max_completion_tokens differ.",
      "Send one of them.",
    );
  const isStreamed = body["stream"] == null ? false : checkBoolean(body["stream"], "stream");
  const metadata = metadataOf(body["metadata"]);
  if (body["user"] != null) {
    const user = checkId(body["user"], "user");
    metadata.clientId ??= user;
  }
  return {
    ...(body["model"] == null ? {} : { model: checkText(body["model"], "model") }),
    messages: checkMessages(body["messages"]),
    sampling: { ...sampling, stop: stopOf(body["stop"]) },
    isLengthGiven,
    isStreamed,
    includesUsage: streamOptions(body["stream_options"], isStreamed),
    reusePrefix: true,
    metadata,
  };
}
