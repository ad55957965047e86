/** A machine to plan for without having it: published memory and dense bf16 peak of its accelerator. */
export type Machine = { name: string; memoryBytes: number; peakFlops: number; source: string };

/** Share of the published peak that training steps reach: training.md part 9, 10,600 of 16,310 tokens/s at 790 of 989. */
export const reachedShare = 0.5;

export const machines: Readonly<Record<string, Machine>> = {
  h200: { name: "NVIDIA H200", memoryBytes: 141e9, peakFlops: 989e12, source: "NVIDIA H200 data sheet" },
  "h100-80": {
    name: "NVIDIA H100 SXM 80 GB",
    memoryBytes: 80e9,
    peakFlops: 989e12,
    source: "NVIDIA H100 data sheet",
  },
  "a100-80": {
    name: "NVIDIA A100 80 GB",
    memoryBytes: 80e9,
    peakFlops: 312e12,
    source: "NVIDIA A100 data sheet",
  },
  "l40s-48": {
    name: "NVIDIA L40S 48 GB",
    memoryBytes: 48e9,
    peakFlops: 362e12,
    source: "NVIDIA L40S data sheet",
  },
};
