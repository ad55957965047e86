import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { startInference } from "../service/index.ts";
import { TrainingReadyError } from "../shared/index.ts";
import type { CommandContext } from "./framework/command.ts";

type Chunk = {
  choices?: { delta?: { content?: string } }[];
  x_safety?: { level: string; signedOff: boolean };
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

/**
 * Serves the exported model on a free port, asks one question as a client would, prints the streamed reply with its
 * time to first token, and stops the service in good order. Throws `E_SERVE_MODEL`.
 */
export async function askServedModel(
  folder: string,
  question: string,
  context: CommandContext,
): Promise<void> {
  const name = (await readdir(folder)).find((one) => one.endsWith(".gguf"));
  if (name === undefined) throw new TrainingReadyError("E_SERVE_MODEL", `${folder} holds no GGUF file`);
  // Lines about each request would run into the reply; what is wrong is still said.
  const quiet = (line: string): void => {
    if (!line.includes('"level":"info"')) context.notice(line);
  };
  const service = await startInference({
    model: join(folder, name),
    host: "127.0.0.1",
    port: 0,
    notice: quiet,
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
        max_tokens: 120,
        temperature: 0,
        messages: [{ role: "user", content: question }],
      }),
    });
    if (!response.ok)
      throw new TrainingReadyError("E_SERVE_ENGINE", `the served model answered ${response.status}`);
    let first: number | undefined;
    let safety: Chunk["x_safety"];
    for await (const chunk of chunksOf(response)) {
      safety = chunk.x_safety ?? safety;
      const text = chunk.choices?.[0]?.delta?.content ?? "";
      if (text === "") continue;
      first ??= performance.now();
      context.print(text);
    }
    const wait = first === undefined ? "no text came" : `first token after ${Math.round(first - started)} ms`;
    context.print(
      `\n\n${wait}; risk level ${safety?.level ?? "unknown"}, signed off: ${safety?.signedOff === true ? "yes" : "no (drafts)"}\n`,
    );
  } finally {
    await service.close();
  }
}
