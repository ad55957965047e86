import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openProgress, stateFolder, startInference } from "../service/index.ts";
import { createLog, TrainingReadyError } from "../shared/index.ts";
import type { CommandContext } from "./framework/command.ts";

type Chunk = {
  choices?: { delta?: { content?: string } }[];
  x_safety?: { level: string; signedOff: boolean };
  metadata?: { progress?: string };
};

async function* chunksOf(response: Response): AsyncGenerator<Chunk, void> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const bytes of response.body ?? []) {
    held += decoder.decode(bytes as Uint8Array, { stream: true });
    const lines = held.split("\n");
    held = lines.pop() ?? "";
    for (const line of lines) {
      const data = line.replace(/\r$/, "").replace(/^data: ?/, "");
      if (data !== line.replace(/\r$/, "") && data !== "[DONE]") yield JSON.parse(data) as Chunk;
    }
  }
}

/** The GGUF file of a folder. Throws `E_SERVE_MODEL`. */
export async function exportedModel(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((one) => one.endsWith(".gguf"));
  if (name === undefined) throw new TrainingReadyError("E_SERVE_MODEL", `${folder} holds no GGUF file`);
  return join(folder, name);
}

/**
 * Serves a model and the home's tracker on a free port, asks one question as a client of the tracker, prints the
 * streamed reply with its time to first token and what became of the turn, and stops in good order.
 */
export async function askServedModel(
  served: { model: string; home: string; client: string },
  question: string,
  context: CommandContext,
): Promise<void> {
  // Lines about each request would run into the reply; what is wrong is still said.
  const quiet = (line: string): void => {
    if (!line.includes('"level":"info"')) context.notice(line);
  };
  const host = "127.0.0.1";
  const log = createLog({ write: (line) => quiet(line.trimEnd()) });
  const tracker = await openProgress({ home: served.home, host, log });
  const state = await stateFolder(served.home, undefined);
  const service = await startInference({
    model: served.model,
    host,
    port: 0,
    notice: quiet,
    progress: tracker,
    safetyHome: served.home,
    ...(state === undefined ? {} : { state }),
  }).catch(async (error: unknown) => {
    await tracker.close();
    throw error;
  });
  try {
    context.print(`serving ${service.model} at ${service.url}\nPOST /v1/chat/completions: ${question}\n\n`);
    const started = performance.now();
    const response = await fetch(`${service.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: service.model,
        stream: true,
        max_tokens: 180,
        temperature: 0,
        metadata: { client_id: served.client, session_id: "journey" },
        messages: [{ role: "user", content: question }],
      }),
    });
    if (!response.ok)
      throw new TrainingReadyError("E_SERVE_ENGINE", `the served model answered ${response.status}`);
    let first: number | undefined;
    let safety: Chunk["x_safety"];
    let kept: string | undefined;
    for await (const chunk of chunksOf(response)) {
      safety = chunk.x_safety ?? safety;
      kept = chunk.metadata?.progress ?? kept;
      const text = chunk.choices?.[0]?.delta?.content ?? "";
      if (text === "") continue;
      first ??= performance.now();
      context.print(text);
    }
    const wait = first === undefined ? "no text came" : `first token after ${Math.round(first - started)} ms`;
    context.print(
      `\n\n${wait}; risk level ${safety?.level ?? "unknown"}, signed off: ${safety?.signedOff === true ? "yes" : "no (drafts)"}\nthe turn in ${served.client}'s record: ${kept ?? "not handed over"}\n`,
    );
  } finally {
    await service.close();
    await tracker.close();
  }
}
