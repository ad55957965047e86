import { plainMessages, type Attached, type EngineProfile, type Piece } from "./engine-profile.ts";
import { isJson, numberOf, textOf, type EngineServer, type Json } from "./engine-server.ts";
import { lineLists } from "./server-events.ts";
import { refusal } from "./openai-profiles.ts";

function takeLine(piece: Piece, line: string): void {
  const chunk = JSON.parse(line) as Json;
  if (chunk["error"] !== undefined) throw refusal(200, chunk);
  const text = isJson(chunk["message"]) ? textOf(chunk["message"]["content"]) : "";
  if (text !== "") {
    piece.text += text;
    piece.chunks++;
  }
  if (chunk["done"] !== true) return;
  piece.isWhole = true;
  piece.reason = chunk["done_reason"] === "length" ? "length" : "stop";
  const prompt = numberOf(chunk["prompt_eval_count"]);
  const completion = numberOf(chunk["eval_count"]);
  piece.usage = {
    ...(prompt === undefined ? {} : { prompt }),
    ...(completion === undefined ? {} : { completion }),
  };
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void> {
  for await (const lines of lineLists(body)) {
    const piece: Piece = { text: "", chunks: 0 };
    for (const line of lines) takeLine(piece, line);
    yield piece;
    if (piece.isWhole === true) return;
  }
}

async function attach(server: EngineServer, model: string): Promise<Attached> {
  const shown = await server.ask("/api/show", { model });
  const facts = isJson(shown) && isJson(shown["model_info"]) ? shown["model_info"] : {};
  const context = numberOf(facts[`${textOf(facts["general.architecture"])}.context_length`]);
  const tags = await server.ask("/api/tags");
  const listed = isJson(tags) && Array.isArray(tags["models"]) ? tags["models"].filter(isJson) : [];
  const digest = textOf(listed.find((one) => one["name"] === model || one["model"] === model)?.["digest"]);
  return {
    ...(context === undefined ? {} : { context }),
    ...(digest === "" ? {} : { digest: `sha256:${digest.replace(/^sha256:/u, "")}` }),
    isIsolated: false,
    warnings: ["Ollama keeps no conversation's cache from another's"],
  };
}

/**
 * Ollama, by its native route: the OpenAI-compatible one cuts the prompt's front in silence and takes no context size.
 * `truncate` and `shift` make new versions refuse instead; what older ones cut shows in the count of tokens they read.
 */
export const ollamaProfile: EngineProfile = {
  kind: "ollama",
  path: "/api/chat",
  read: readLines,
  bodyOf: (model, { messages, sampling }, { context }) => ({
    model,
    messages: plainMessages(messages),
    stream: true,
    truncate: false,
    shift: false,
    options: {
      num_ctx: context,
      num_predict: sampling.maxTokens,
      temperature: sampling.temperature,
      top_p: sampling.topP,
      top_k: sampling.topK,
      min_p: sampling.minP,
      repeat_penalty: sampling.repetitionPenalty,
      presence_penalty: sampling.presencePenalty,
      frequency_penalty: sampling.frequencyPenalty,
      ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
      ...(sampling.stop.length === 0 ? {} : { stop: sampling.stop }),
    },
  }),
  attach,
  cutsSilently: true,
};
