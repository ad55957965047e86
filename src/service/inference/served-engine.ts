import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  connectEngine,
  defaultContext,
  engineGuard,
  startLlama,
  type Engine,
  type EngineKind,
  type Guard,
} from "../../inference/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

export type EngineOptions = {
  /** A GGUF file. */
  model?: string;
  /** Base URL of an OpenAI-compatible server. */
  engine?: string;
  engineKind?: EngineKind;
  name?: string;
  slots?: number;
  context?: number;
  /** A guard model that reads turns beside the screen: base URL of a server, or a GGUF file. */
  guard?: string;
  /** Milliseconds that a reply waits for the guard. */
  guardMs?: number;
  /** Cache folder of what earlier probes of models found; without it a model is not probed. */
  probes?: string;
  notice: (text: string) => void;
};

/** Starts or finds the engine that is to be served. Throws the catalogue's `E_SERVE_…` codes. */
export async function engineOf(options: EngineOptions): Promise<Engine> {
  const { model, engine, notice, context = defaultContext } = options;
  if (model !== undefined && engine !== undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "--model and --engine are both given");
  if (model !== undefined)
    return startLlama({
      path: await modelFile(model),
      context,
      slots: options.slots ?? 1,
      notice,
      ...(options.probes === undefined ? {} : { probes: options.probes }),
    });
  if (engine === undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "no model and no engine is named");
  return connectEngine({
    url: engine,
    kind: options.engineKind ?? "auto",
    context,
    slots: options.slots ?? 8,
    notice,
    ...(options.name === undefined ? {} : { wanted: options.name }),
  });
}

/** Starts or finds the guard model, where one is named. */
export async function guardOf({ guard, guardMs = 400, notice }: EngineOptions): Promise<Guard | undefined> {
  if (guard === undefined) return undefined;
  const engine = /^https?:/u.test(guard)
    ? await connectEngine({ url: guard, kind: "auto", context: defaultContext, slots: 8, notice })
    : await startLlama({ path: await modelFile(guard), context: defaultContext, slots: 1, notice });
  return engineGuard(engine, guardMs);
}

/** A folder stands for the one GGUF file in it. */
export async function modelFile(path: string): Promise<string> {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const files = (await readdir(path)).filter((name) => name.endsWith(".gguf"));
  const [only] = files;
  if (files.length === 1 && only !== undefined) return join(path, only);
  throw new TrainingReadyError(
    "E_SERVE_OPTIONS",
    files.length === 0
      ? `${basename(path)} holds no GGUF file`
      : `${basename(path)} holds ${files.length} GGUF files`,
    {
      exitCode: 1,
      hint: "Name one file; `training-ready train export RUN --format gguf --out DIR` writes one from a run.",
    },
  );
}
