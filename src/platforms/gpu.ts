import { didYouMean, TrainingReadyError } from "../shared/index.ts";

/** Memory in GB of the GPUs that the platforms rent, by NVIDIA's data sheets. */
export const gpuMemoryGb: Readonly<Record<string, number>> = {
  T4: 16,
  A10: 24,
  L4: 24,
  V100S: 32,
  A100: 80,
  L40S: 48,
  H100: 80,
  RTXP_6000: 96,
  H200: 141,
  B200: 180,
};

/** The one of a platform's names that was meant. Throws `E_PLATFORM_GPU`, which names the nearest. */
export function knownGpu<T>(name: string, offered: Readonly<Record<string, T>>, platform: string): T {
  const found = Object.entries(offered).find(([one]) => one.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found[1];
  const names = Object.keys(offered);
  throw new TrainingReadyError(
    "E_PLATFORM_GPU",
    `gpu: ${platform} has no ${name}.${didYouMean(name, names)}`,
    {
      exitCode: 1,
      hint: `It has ${names.join(", ")}.`,
    },
  );
}

// training.md part 1 and 3: the 12B base in bf16, trainable state with optimizer, and memory a token of a row.
const baseGb = 24.5;
const stateGb = { lora: 1, experts: 2.7 } as const;
const perTokenGb = { none: { lora: 0.0043, experts: 0.00475 }, full: { lora: 0.00041, experts: 0.00041 } };
const usableShare = 0.92;
const rowOf = {
  fast: 1024,
  balanced: 2048,
  quality: 4096,
  memory_efficient: 2048,
  auto: 2048,
} as const;

export type Profile = keyof typeof rowOf;
const recipeMode: Readonly<Record<string, "lora" | "experts">> = {
  moe: "experts",
  enhanced: "experts",
  optimized: "experts",
  staged: "lora",
};

/**
 * GPU memory that a preset needs on its own 12B base, in GB, by the planner's priors: an estimate. Null where the base
 * is not known here (`lora` takes any folder) or no GPU is needed.
 */
export function estimatedNeedGb(recipe: string, profile: Profile = "balanced"): number | null {
  const mode = recipeMode[recipe];
  if (mode === undefined) return null;
  const token = perTokenGb[profile === "memory_efficient" ? "full" : "none"][mode];
  return (baseGb + stateGb[mode] + token * rowOf[profile]) / usableShare;
}

/** Refuses a need that a GPU does not have. Throws `E_PLATFORM_GPU_MEMORY` with both figures. */
export function fitsGpu(needGb: number | null, gpu: { name: string; memoryGb: number }): void {
  if (needGb === null || needGb <= gpu.memoryGb) return;
  throw new TrainingReadyError(
    "E_PLATFORM_GPU_MEMORY",
    `the run needs ${needGb.toFixed(1)} GB of GPU memory, ${gpu.name} has ${gpu.memoryGb}`,
    { exitCode: 1 },
  );
}
