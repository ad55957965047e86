import { randomBytes } from "node:crypto";
import type { ChatMessage } from "../engine.ts";
import { plainMessages, type Attached, type EngineProfile } from "./engine-profile.ts";
import { isJson, numberOf, textOf, type EngineServer, type Json } from "./engine-server.ts";
import { openaiProfile } from "./openai-profiles.ts";

async function reusedBy(server: EngineServer, model: string, content: string): Promise<number | undefined> {
  const answer = await server.ask("/v1/chat/completions", {
    model,
    messages: [{ role: "user", content }],
    max_tokens: 1,
    temperature: 0,
    cache_prompt: true,
    id_slot: 0,
  });
  const usage = isJson(answer) ? answer["usage"] : undefined;
  const details = isJson(usage) ? usage["prompt_tokens_details"] : undefined;
  const timings = isJson(answer) ? answer["timings"] : undefined;
  return (
    (isJson(timings) ? numberOf(timings["cache_n"]) : undefined) ??
    (isJson(details) ? numberOf(details["cached_tokens"]) : undefined)
  );
}

/**
 * Two made-up conversations in turn in one slot: once the second was there the first must be forgotten. A server that still
 * knows it keeps conversations beside its slots and may give one back to somebody else (llama.cpp issue 27148).
 */
async function keepsOtherConversations(server: EngineServer, model: string): Promise<boolean | undefined> {
  const words = (): string => Array.from({ length: 12 }, () => randomBytes(3).toString("hex")).join(" ");
  const [one, other] = [words(), words()];
  const first = await reusedBy(server, model, one);
  const common = await reusedBy(server, model, other);
  const again = await reusedBy(server, model, one);
  if (first === undefined || common === undefined || again === undefined) return undefined;
  return again > common + 4; // a few tokens more may agree by chance
}

const eraseOf = async (server: EngineServer, slot: number): Promise<boolean> =>
  (await server.ask(`/slots/${slot}?action=erase`, {})) !== undefined;

async function attach(server: EngineServer, model: string): Promise<Attached> {
  const props = await server.ask("/props");
  const facts: Json = isJson(props) ? props : {};
  const settings = facts["default_generation_settings"];
  const context = isJson(settings) ? numberOf(settings["n_ctx"]) : undefined;
  const slots = numberOf(facts["total_slots"]);
  const warnings: string[] = [];
  const keeps = await keepsOtherConversations(server, model);
  if (keeps !== false)
    warnings.push(
      keeps === true
        ? "llama-server keeps conversations beside its slots; no prefix is reused. Start it with --cache-ram 0 --no-cache-idle-slots"
        : "llama-server does not say what it reused; no prefix is reused",
    );
  if (!(await eraseOf(server, 0)))
    warnings.push("llama-server cannot erase a slot at a session's end: start it with --slot-save-path DIR");
  return {
    ...(context === undefined ? {} : { context }),
    ...(slots === undefined ? {} : { slots }),
    isIsolated: keeps === false,
    warnings,
  };
}

async function count(
  server: EngineServer,
  _model: string,
  messages: readonly ChatMessage[],
): Promise<number | undefined> {
  const rendered = await server.ask("/apply-template", { messages: plainMessages(messages) });
  const content = isJson(rendered) ? textOf(rendered["prompt"]) : "";
  if (content === "") return undefined;
  const answer = await server.ask("/tokenize", { content, add_special: true, parse_special: true });
  const tokens = isJson(answer) ? answer["tokens"] : undefined;
  return Array.isArray(tokens) ? tokens.length : undefined;
}

/** llama.cpp's own server: each conversation is pinned to a slot, which is emptied for the next. */
export const llamaServerProfile: EngineProfile = {
  ...openaiProfile,
  kind: "llama-server",
  bodyOf: (model, request, call) => ({
    ...openaiProfile.bodyOf(model, request, call),
    top_k: request.sampling.topK,
    min_p: request.sampling.minP,
    repeat_penalty: request.sampling.repetitionPenalty,
    cache_prompt: request.reusePrefix && call.mayReuse,
    ...(call.slot === undefined ? {} : { id_slot: call.slot }),
  }),
  attach,
  count,
  async working(server) {
    const slots = await server.ask("/slots");
    return Array.isArray(slots)
      ? slots.filter((slot) => isJson(slot) && slot["is_processing"] === true).length
      : undefined;
  },
  erase: eraseOf,
};
