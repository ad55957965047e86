import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import {
  Admission,
  connectEngine,
  defaultContext,
  startLlama,
  type Engine,
  type EngineKind,
} from "../../inference/index.ts";
import { createLog, TrainingReadyError } from "../../shared/index.ts";
import { createInferenceServer, type Service } from "./server.ts";
import { Sessions } from "./sessions.ts";

export type InferenceOptions = {
  /** A GGUF file. */
  model?: string;
  /** Base URL of an OpenAI-compatible server. */
  engine?: string;
  engineKind?: EngineKind;
  name?: string;
  host: string;
  port: number;
  slots?: number;
  context?: number;
  notice: (text: string) => void;
};

export type RunningInference = {
  url: string;
  model: string;
  engine: string;
  context: number;
  slots: number;
  signedOff: boolean;
  /** Finishes what runs, refuses what comes, then ends; hard after the deadline. */
  close: () => Promise<void>;
};

const queueWaitMs = 10_000;
const queueMost = 64;
const drainMs = 30_000;
const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

const serverLimits = { firstTokenMs: 15_000, nextTokenMs: 10_000, totalMs: 120_000 };
// A CPU reads a long prompt slowly, so the first token may take longer than from a server with a GPU.
const cpuLimits = { firstTokenMs: 60_000, nextTokenMs: 10_000, totalMs: 300_000 };

async function engineOf(options: InferenceOptions): Promise<Engine> {
  const { model, engine, notice, context = defaultContext } = options;
  if (model !== undefined && engine !== undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "--model and --engine are both given");
  if (model !== undefined)
    return startLlama({ path: await modelFile(model), context, slots: options.slots ?? 1, notice });
  if (engine === undefined)
    throw new TrainingReadyError("E_SERVE_OPTIONS", "no model and no engine is named");
  return connectEngine({
    url: engine,
    kind: options.engineKind ?? "auto",
    context,
    slots: options.slots ?? 8,
  });
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

async function listen(
  service: Service,
  host: string,
  port: number,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createInferenceServer(service);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new TrainingReadyError("E_PORT", `${host}:${port} cannot be bound (${cause.code ?? "unknown"})`, {
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      server.closeIdleConnections();
      await ended;
      clearInterval(sweep);
    },
  };
}

async function drained(service: Service): Promise<void> {
  const until = Date.now() + drainMs;
  while (service.active.size > 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const scope of service.active) scope.abort();
}

/** Starts an engine and the HTTP service before it. Throws the catalogue's `E_SERVE_…` codes. */
export async function startInference(options: InferenceOptions): Promise<RunningInference> {
  const { host, port, model, notice } = options;
  if (!loopback.has(host))
    throw new TrainingReadyError(
      "E_SERVE_HOST",
      `${host} is not this machine alone, and nothing is signed off`,
    );
  const engine = await engineOf(options);
  let isDraining = false;
  const service: Service = {
    engine,
    admission: new Admission(engine.info.slots, { most: queueMost, waitMs: queueWaitMs }),
    sessions: new Sessions(),
    limits: model === undefined ? serverLimits : cpuLimits,
    isDraining: () => isDraining,
    modelId:
      options.name ?? (model === undefined ? engine.info.model : basename(model).replace(/\.gguf$/i, "")),
    createdAt: Math.floor(Date.now() / 1000),
    log: createLog({ write: (line) => notice(line.trimEnd()) }),
    active: new Set(),
  };
  try {
    const listening = await listen(service, host, port);
    return {
      url: listening.url,
      model: service.modelId,
      engine: engine.info.kind,
      context: engine.info.context,
      slots: engine.info.slots,
      signedOff: false,
      async close() {
        isDraining = true;
        await drained(service);
        await listening.close();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
