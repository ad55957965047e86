import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { hasOwnComponents, readDataSet, type ShardFile } from "./data-set.ts";
import { estimatedDocuments } from "./estimated-documents.ts";
import type { Recipe } from "./recipe-schema.ts";
import {
  renderAxolotl,
  type AxolotlConfig,
  type AxolotlTarget,
  type RenderedShard,
} from "./render-axolotl.ts";
import { resolveBase } from "./resolve-base.ts";
import { rowRequest } from "./resolve-recipe.ts";

const hubId = /^[\w-][\w.-]*\/[\w.-]+$/;

/** What a base's files say; a hub id that is not in the local cache says nothing. */
function baseFacts(
  base: string | null,
  recipe: Recipe,
  environment: NodeJS.ProcessEnv,
): Pick<AxolotlTarget, "base" | "family" | "longestRow" | "controlTokens"> {
  const isHere = base === null || existsSync(resolve(base)) || !hubId.test(base);
  if (!isHere)
    return {
      base,
      family: undefined,
      longestRow: rowRequest(recipe, undefined).longestRow,
      controlTokens: "chatml",
    };
  const folder = resolveBase(base, environment);
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as { model_type?: string };
  const tokenizer = join(folder, "tokenizer.json");
  const text = existsSync(tokenizer) ? readFileSync(tokenizer, "utf8") : "";
  const isLlama3 = !text.includes("<|im_start|>") && text.includes("<|start_header_id|>");
  return {
    base: folder,
    family: config.model_type,
    longestRow: rowRequest(recipe, folder).longestRow,
    controlTokens: isLlama3 ? "llama3" : "chatml",
  };
}

/** A recipe, a data set and a base as configurations for axolotl. */
export async function axolotlOf(
  options: {
    recipe: Recipe;
    data: string;
    base?: string;
    environment: NodeJS.ProcessEnv;
  } & Pick<AxolotlTarget, "adapter" | "gpus" | "fsdp">,
): Promise<AxolotlConfig> {
  const { recipe, environment, adapter, gpus, fsdp } = options;
  const set = await readDataSet(options.data);
  const shards = async (files: readonly ShardFile[]): Promise<RenderedShard[]> =>
    await Promise.all(
      files.map(async (file) => ({
        file: { ...file, path: resolve(file.path) },
        documents: await estimatedDocuments([file]),
      })),
    );
  return renderAxolotl(
    hasOwnComponents(set) ? { ...recipe, weights: [] } : recipe,
    { train: await shards(set.train), validation: await shards(set.validation) },
    { ...baseFacts(options.base ?? recipe.base, recipe, environment), adapter, gpus, fsdp },
  );
}
