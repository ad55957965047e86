import { stat } from "node:fs/promises";
import type { EngineInfo } from "../../inference/index.ts";
import { sha256File, TrainingReadyError } from "../../shared/index.ts";
import type { EngineIdentity } from "./messages.ts";

const stampOf = async (path: string): Promise<string> => {
  const { ino, size, mtimeMs } = await stat(path);
  return [ino, size, mtimeMs].join(" ");
};

/** How an engine is told from another; a model's file is hashed when somebody asks, unless it has changed since. */
export async function engineIdentity(about: {
  model: string | undefined;
  url: string | undefined;
  modelId: string;
  info: EngineInfo;
}): Promise<{ now: () => Promise<EngineIdentity>; unchanged: () => Promise<EngineIdentity | undefined> }> {
  const { model, url, modelId, info } = about;
  const stamp = model === undefined ? "" : await stampOf(model);
  const now = async (): Promise<EngineIdentity> => ({
    kind: info.kind,
    model: modelId,
    url: url?.replace(/\/+$/u, ""),
    digest: model === undefined ? info.digest : await sha256File(model),
  });
  return {
    now,
    async unchanged() {
      if (model !== undefined && (await stampOf(model).catch(() => "gone")) !== stamp) return undefined;
      return await now();
    },
  };
}

/** Refuses to go on with other weights: sessions would be answered by another model without notice. Throws `E_SERVE_TAKE_OVER`. */
export function demandSame(elder: EngineIdentity, heir: EngineIdentity): void {
  const isKnown = elder.digest !== undefined && heir.digest !== undefined;
  const isSame = isKnown
    ? elder.digest === heir.digest
    : elder.digest === heir.digest &&
      elder.url !== undefined &&
      elder.url === heir.url &&
      elder.model === heir.model;
  if (isSame && elder.kind === heir.kind) return;
  throw new TrainingReadyError(
    "E_SERVE_TAKE_OVER",
    isKnown
      ? "the engine that is served holds another model"
      : "it cannot be seen that both engines hold the same model",
    { hint: "Stop the other process and start this one plainly, if the model is to change." },
  );
}
