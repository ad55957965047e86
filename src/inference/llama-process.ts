// Entry of the child process that holds llama.cpp: a native assert ends this process, not the service.
import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import { DeltaBatch } from "./delta-batch.ts";
import { EngineError, type ChatMessage, type Sampling } from "./engine.ts";
import type { FromLlama, ToLlama } from "./llama-protocol.ts";
import { probeModel } from "./probe-model.ts";
import { bestProbed } from "./probe.ts";
import { parseTemplate, renderPrompt } from "./prompt.ts";
import { TokenText } from "./token-text.ts";

type Slot = {
  sequence: LlamaContextSequence;
  owner: string | undefined;
  isBusy: boolean;
  usedAt: number;
  /** Replies of this owner as they were made: their text may read back as other tokens, and the cache holds these. */
  said: Map<string, Token[]>;
};
type Prompt = (messages: readonly ChatMessage[], said?: ReadonlyMap<string, Token[]>) => Token[];
type Loaded = {
  model: LlamaModel;
  context: LlamaContext;
  slots: Slot[];
  prompt: Prompt;
  /** Tokens that one sequence holds; llama.cpp would drop the oldest of more without a word. */
  contextSize: number;
  /** Prompt tokens evaluated at a time; a cancel acts between steps. */
  step: number;
};

const send = (message: FromLlama): void => void (process.connected && process.send?.(message));
const cancelled = new Set<number>();
let loaded: Loaded | undefined;
let uses = 0;

const mostReplies = 40;

function tokenizerOf(model: LlamaModel, template: string): Prompt {
  const parsed = parseTemplate(template);
  const special = { bos: model.tokens.bosString ?? "", eos: model.tokens.eosString ?? "" };
  return (messages, said) => {
    const ids = renderPrompt(parsed, messages, special).flatMap(({ text, isTemplate }) => {
      const made = isTemplate ? undefined : said?.get(text);
      return made ?? [...model.tokenize(text, isTemplate, "trimLeadingSpace")];
    });
    const bos = model.tokens.bos;
    return model.tokens.shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
  };
}

async function load(options: Extract<ToLlama, { type: "load" }>): Promise<void> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ build: "never", gpu: false, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: options.path, gpuLayers: 0 });
  const template = model.fileInfo.metadata.tokenizer.chat_template;
  if (typeof template !== "string" || template === "") {
    send({ type: "refused", reason: "template", message: "the file holds no chat template" });
    return;
  }
  const prompt = tokenizerOf(model, template);
  const contextSize = Math.min(options.context, model.trainContextSize ?? options.context);
  const probed = options.probe === undefined ? [] : await probeModel(model, contextSize, options.probe);
  const { threads, batch } = bestProbed(probed) ?? options.tuning;
  const context = await model.createContext({
    contextSize,
    sequences: options.slots,
    threads,
    batchSize: batch,
    flashAttention: false,
  });
  const slots = Array.from({ length: options.slots }, () => ({
    sequence: context.getSequence(),
    owner: undefined,
    isBusy: false,
    usedAt: 0,
    said: new Map<string, Token[]>(),
  }));
  const held = Math.min(slots[0]?.sequence.contextSize ?? options.context, options.context);
  loaded = { model, context, slots, prompt, contextSize: held, step: batch };
  const name = model.fileInfo.metadata.general?.name;
  send({
    type: "loaded",
    model: typeof name === "string" ? name : "",
    context: held,
    slots: slots.length,
    tuning: { threads, batch },
    probed,
  });
}

function takeSlot(slots: readonly Slot[], owner: string): Slot {
  const free = slots.filter(({ isBusy }) => !isBusy);
  const found = free.find((slot) => slot.owner === owner) ?? free.toSorted((a, b) => a.usedAt - b.usedAt)[0];
  if (found === undefined)
    throw new EngineError("engine_unavailable", "no slot is free", { retryable: true });
  found.isBusy = true;
  found.usedAt = ++uses;
  return found;
}

const isPenalised = ({ repetitionPenalty, presencePenalty, frequencyPenalty }: Sampling): boolean =>
  repetitionPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0;

async function generate(request: Extract<ToLlama, { type: "generate" }>, parts: Loaded): Promise<void> {
  const { id, sampling, owner } = request;
  const { model } = parts;
  const slot = takeSlot(parts.slots, owner);
  const { sequence } = slot;
  const batch = new DeltaBatch((text, tokens) => send({ type: "delta", id, text, tokens }));
  try {
    if (slot.owner !== owner) slot.said.clear();
    if (slot.owner !== owner || !request.reusePrefix) await sequence.clearHistory();
    slot.owner = owner;
    const ids = parts.prompt(request.messages, slot.said);
    if (ids.length + sampling.maxTokens > parts.contextSize)
      throw new EngineError("context_length_exceeded", "prompt and reply do not fit the context");
    // The last prompt token is always evaluated anew: sampling starts from it.
    await sequence.adaptStateToTokens(ids.slice(0, -1), false);
    const reused = sequence.nextTokenIndex;
    send({ type: "start", id, promptTokens: ids.length, reusedTokens: reused });
    let at = reused;
    while (at < ids.length - 1 && !cancelled.has(id)) {
      const until = Math.min(at + parts.step, ids.length - 1);
      await sequence.evaluateWithoutGeneratingNewTokens(ids.slice(at, until));
      at = until;
    }
    if (cancelled.has(id)) return send({ type: "cancelled", id });
    const text = new TokenText((tokens, before) => model.detokenize(tokens, false, before), ids.slice(-4));
    const said: Token[] = [];
    let whole = "";
    const stream = sequence.evaluate(ids.slice(at), {
      temperature: sampling.temperature,
      topP: sampling.topP,
      topK: sampling.topK,
      minP: sampling.minP,
      ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
      ...(isPenalised(sampling)
        ? {
            repeatPenalty: {
              punishTokens: () => said.slice(-64), // llama.cpp's own default window
              penalty: sampling.repetitionPenalty,
              presencePenalty: sampling.presencePenalty,
              frequencyPenalty: sampling.frequencyPenalty,
            },
          }
        : {}),
    });
    let reason: "stop" | "length" = "stop";
    for await (const token of stream) {
      if (cancelled.has(id)) return send({ type: "cancelled", id });
      if (model.isEogToken(token)) break;
      said.push(token);
      const more = text.push(token);
      whole += more;
      batch.push(more, said.length);
      if (said.length >= sampling.maxTokens) {
        reason = "length";
        break;
      }
    }
    // A character that the token limit cut in two is dropped; one that the model left unfinished shows.
    const rest = reason === "stop" ? text.finish() : "";
    if (text.isMostlyBroken)
      throw new EngineError("engine_bad_output", "the model's output is no valid UTF-8");
    batch.push(rest, said.length);
    whole += rest;
    if (!text.isOpen) remember(slot, whole, said);
    batch.flush();
    send({ type: "end", id, reason, completionTokens: said.length });
  } finally {
    batch.drop();
    slot.isBusy = false;
    cancelled.delete(id);
  }
}

/** Keeps how a reply was made, where its text stands for all of its tokens. */
function remember({ said }: Slot, text: string, tokens: Token[]): void {
  if (text === "") return;
  said.set(text, tokens);
  const oldest = said.keys().next().value;
  if (said.size > mostReplies && oldest !== undefined) said.delete(oldest);
}

async function forget(owner: string, parts: Loaded): Promise<void> {
  for (const slot of parts.slots) {
    if (slot.owner !== owner || slot.isBusy) continue;
    slot.owner = undefined;
    slot.said.clear();
    await slot.sequence.clearHistory();
  }
}

function failed(id: number, error: unknown): void {
  const known = error instanceof EngineError;
  send({
    type: "failed",
    id,
    code: known ? error.code : "engine_unavailable",
    message: known ? error.message : "llama.cpp failed on this request",
  });
  if (!known) process.stderr.write(`llama.cpp: ${(error as Error).message}\n`);
}

async function receive(message: ToLlama): Promise<void> {
  if (message.type === "load") {
    await load(message).catch((error: unknown) =>
      send({ type: "refused", reason: "file", message: (error as Error).message }),
    );
    return;
  }
  if (loaded === undefined) return;
  if (message.type === "cancel") cancelled.add(message.id);
  else if (message.type === "forget") await forget(message.owner, loaded);
  else if (message.type === "count") {
    try {
      send({ type: "counted", id: message.id, tokens: loaded.prompt(message.messages).length });
    } catch (error) {
      failed(message.id, error);
    }
  } else await generate(message, loaded).catch((error: unknown) => failed(message.id, error));
}

process.on("message", (message: ToLlama) => void receive(message));
process.on("disconnect", () => process.exit(0));
// The service decides when this process ends; a Ctrl-C in the terminal reaches the whole group.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
