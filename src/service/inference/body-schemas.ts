import { z } from "zod";

const id = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_@:-]|\.(?!\.)){0,127}$/)
  .describe("1 to 128 letters, digits, and . _ @ : - inside");
const country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .describe("ISO 3166; alone chooses which numbers are shown");
const locale = z.string().describe("a language tag, for example pt-BR");
const part = z.strictObject({ type: z.literal("text"), text: z.string() });
const message = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: z.union([z.string(), z.array(part)]),
});
const neutral = (value: z.ZodType, what: string): z.ZodType =>
  value.optional().describe(`only ${what}; any other value is unsupported_parameter`);
const none = z.null().optional().describe("not supported: null, or left out");

const chat = z.strictObject({
  model: z.string().optional(),
  messages: z.array(message).min(1).max(512),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
  max_completion_tokens: z.int().min(1).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  top_k: z.int().min(0).max(1000).optional(),
  min_p: z.number().min(0).max(1).optional(),
  repetition_penalty: z.number().gt(0).max(2).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  seed: z.int().min(0).max(4_294_967_295).optional(),
  stop: z.union([z.string(), z.array(z.string().min(1).max(256)).max(4)]).optional(),
  user: id.optional(),
  metadata: z
    .strictObject({
      client_id: id.optional(),
      session_id: id
        .optional()
        .describe("the service then remembers the conversation: send the newest message"),
      locale: locale.optional(),
      country: country.optional(),
    })
    .optional(),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).optional(),
  n: neutral(z.literal(1), "1"),
  logprobs: neutral(z.literal(false), "false"),
  top_logprobs: neutral(z.literal(0), "0"),
  tools: neutral(z.array(z.never()).max(0), "an empty list"),
  functions: neutral(z.array(z.never()).max(0), "an empty list"),
  tool_choice: neutral(z.enum(["none", "auto"]), "none or auto"),
  function_call: neutral(z.enum(["none", "auto"]), "none or auto"),
  parallel_tool_calls: z.boolean().optional(),
  response_format: neutral(z.strictObject({ type: z.literal("text") }), "text"),
  logit_bias: neutral(z.strictObject({}), "an empty object"),
  modalities: neutral(z.tuple([z.literal("text")]), "text"),
  store: neutral(z.literal(false), "false"),
  service_tier: neutral(z.enum(["auto", "default"]), "auto or default"),
  audio: none,
  moderation: none,
  prediction: none,
  prompt_cache_key: none,
  prompt_cache_retention: none,
  reasoning_effort: none,
  safety_identifier: none,
  verbosity: none,
  web_search_options: none,
});

const old = z.strictObject({
  user_input: z.string().min(1),
  conversation_history: z
    .array(message)
    .optional()
    .describe("if sent, the context instead of session memory"),
  system_prompt: z.string().min(1).optional(),
  use_cache: z.boolean().optional().describe("false also stops reuse of a common prefix"),
  max_new_tokens: z.int().min(1).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  client_id: id.optional(),
  session_id: id.optional(),
  track_progress: z.boolean().optional(),
});

const session = z.strictObject({
  session_id: id.optional(),
  client_id: id.optional(),
  locale: locale.optional(),
  country: country.optional(),
  system_prompt: z.string().min(1).optional(),
});

const decision = z.strictObject({
  decision: z.enum(["right", "too_low", "too_high", "reply_unsuitable"]),
  note: z.string().min(1).optional(),
});

const report = z.strictObject({ reason: z.string().min(1).max(10_000) });

/** What the routes take. The service's own checks refuse the same and name the field; a test holds both to one another. */
export const bodySchemas = {
  ChatRequest: chat,
  OldRequest: old,
  SessionRequest: session,
  DecisionRequest: decision,
  ReportRequest: report,
} as const;
