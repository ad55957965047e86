import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { profiles, type ProfileName } from "./profiles.ts";
import type { Recipe } from "./recipe-schema.ts";

/** What the user fixed and the base allows: the planner chooses the rest anew for each profile. */
export type RowRequest = {
  length: number | null;
  microRows: number | null;
  recompute: Recipe["recompute"];
  longestRow: number;
  /** Width of the base: below 1,024 more than one CPU thread costs more than it gives. */
  hidden: number;
};

/** `request.json`: what was asked for when the run was made, with the data set that it was made from. */
export type RunRequest = RowRequest & { dataFolder: string | null; dataSetRoot: string | null };

/** The longest row that a base takes (its context, or its sliding window), and its width. */
function baseFacts(folder: string): { longestRow: number; hidden: number } {
  try {
    const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
    const window = config["model_type"] === "mistral" ? config["sliding_window"] : null;
    const sizes = [config["max_position_embeddings"], window].filter((one) => typeof one === "number");
    return { longestRow: Math.min(1 << 20, ...sizes), hidden: Number(config["hidden_size"]) || 0 };
  } catch {
    return { longestRow: 1 << 20, hidden: 0 }; // the worker says what is wrong with the file
  }
}

/** What a recipe asks for its rows, before a profile fills the gaps. */
export function rowRequest(recipe: Recipe, baseFolder: string | undefined): RowRequest {
  return {
    length: recipe.length,
    microRows: recipe.micro_rows,
    recompute: recipe.recompute,
    ...(baseFolder === undefined ? { longestRow: 1 << 20, hidden: 0 } : baseFacts(baseFolder)),
  };
}

/** Row length, rows at once and recompute of a profile, within what is fixed. */
export function rowsOf(
  profile: ProfileName,
  request: RowRequest,
): { length: number; microRows: number; recompute: "none" | "mlp" | "full" } {
  const { length: own, recompute, microRows } = profiles[profile];
  const length = request.length ?? Math.min(own, request.longestRow);
  return {
    length,
    microRows: request.microRows ?? microRows ?? Math.max(1, Math.floor(4096 / length)),
    recompute: request.recompute ?? recompute,
  };
}

/** When the run must end: as named, else now and the window. */
export function deadlineOf(recipe: Recipe, now: number): string | null {
  if (recipe.deadline !== null) return recipe.deadline;
  return recipe.window_hours === null ? null : new Date(now + recipe.window_hours * 3_600_000).toISOString();
}

/** Seconds until a run must end, or that its window has; null is no limit. */
export function secondsLeft(recipe: Recipe): number | null {
  if (recipe.deadline !== null) return Math.max(0, (Date.parse(recipe.deadline) - Date.now()) / 1000);
  return recipe.window_hours === null ? null : recipe.window_hours * 3600;
}

/** The recipe with every open value filled in; `auto` asks for quality within a window, else for balanced. */
export function resolveRecipe(
  recipe: Recipe,
  options: { base: string | undefined; request: RowRequest; now: number },
): Recipe {
  const deadline = deadlineOf(recipe, options.now);
  const profile = recipe.profile === "auto" ? (deadline === null ? "balanced" : "quality") : recipe.profile;
  const { length, microRows, recompute } = rowsOf(profile, options.request);
  return {
    ...recipe,
    profile,
    base: options.base ?? recipe.base,
    length,
    recompute,
    micro_rows: microRows,
    threads:
      recipe.threads ??
      (options.request.hidden < 1024 ? 1 : Math.max(1, Math.min(8, availableParallelism()))),
    deadline,
  };
}
