import { TrainingReadyError } from "../../shared/index.ts";
import type { Engine } from "../engine.ts";
import { engineBase, engineServer, isJson, listModels, type EngineServer } from "./engine-server.ts";
import type { EngineKind, EngineProfile, KnownKind } from "./engine-profile.ts";
import { HttpEngine } from "./http-engine.ts";
import { llamaServerProfile } from "./llama-server-profile.ts";
import { ollamaProfile } from "./ollama-profile.ts";
import { openaiProfile, sglangProfile, vllmProfile } from "./openai-profiles.ts";

const profiles: Readonly<Record<KnownKind, EngineProfile>> = {
  openai: openaiProfile,
  vllm: vllmProfile,
  sglang: sglangProfile,
  "llama-server": llamaServerProfile,
  ollama: ollamaProfile,
};

/** What stands behind a URL, by what it says of its models; Ollama, which says only "library", by its own route. */
async function kindOf(server: EngineServer, owner: string): Promise<KnownKind> {
  if (owner === "vllm" || owner === "sglang") return owner;
  if (owner.startsWith("llama")) return "llama-server";
  const version = await server.ask("/api/version");
  return isJson(version) && typeof version["version"] === "string" ? "ollama" : "openai";
}

/** Connects to a server that runs. Throws `E_SERVE_ENGINE`. */
export async function connectEngine(options: {
  url: string;
  kind: EngineKind;
  context: number;
  slots: number;
  /** The model to use of those that the server lists; without it, or where it lists no such one, the first. */
  wanted?: string;
  notice: (text: string) => void;
}): Promise<Engine> {
  const { notice, wanted } = options;
  const server = engineServer(engineBase(options.url));
  const models = await listModels(server.base);
  const found = models.find(({ id }) => id === wanted || id === `${wanted}:latest`) ?? models[0];
  if (found === undefined) throw new TrainingReadyError("E_SERVE_ENGINE", "the engine lists no model");
  if (models.length > 1)
    notice(`engine: ${models.length} models are listed, ${found.id} is used; --name chooses`);
  const kind = options.kind === "auto" ? await kindOf(server, found.owner) : options.kind;
  const profile = profiles[kind];
  const attached = await profile.attach?.(server, found.id);
  for (const warning of attached?.warnings ?? []) notice(`engine: ${warning}`);
  const limit = found.context ?? attached?.context;
  return new HttpEngine(
    server,
    profile,
    {
      kind,
      model: found.id,
      // Ollama takes the size with each request; others were started with theirs.
      context: kind === "ollama" ? Math.min(options.context, limit ?? Infinity) : (limit ?? options.context),
      slots: Math.min(options.slots, attached?.slots ?? Infinity),
      exactTokens: profile.count !== undefined,
      kvIsolation: attached?.isIsolated === true ? "client" : "none",
      cancelVerified: profile.working !== undefined && (await profile.working(server)) !== undefined,
      ...(attached?.digest === undefined ? {} : { digest: attached.digest }),
    },
    notice,
  );
}
