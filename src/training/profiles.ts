import type { Recipe } from "./recipe-schema.ts";

export type ProfileName = Exclude<Recipe["profile"], "auto">;
export type Profile = { length: number; recompute: "none" | "full"; microRows?: number };

/** Row length and recompute; never the model or the tokens a step. Ordered from the fastest. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  fast: { length: 1024, recompute: "none" },
  balanced: { length: 2048, recompute: "none" },
  quality: { length: 4096, recompute: "none" },
  memory_efficient: { length: 2048, recompute: "full", microRows: 1 },
};
