import type { RunPlan } from "../../training/index.ts";
import { duration } from "./live-view.ts";

/** A plan with its interval, and why each alternative lost. */
export function formatPlan(plan: RunPlan): string {
  const kind = plan.calibrated ? `measured on ${plan.device}` : "an estimate, nothing was measured";
  const lines = [
    `${duration(plan.seconds.p50)}, nine times in ten at most ${duration(plan.seconds.p90)} (${kind})`,
    `profile ${plan.profile}, ${Number(plan.epochs.toFixed(2))} epochs, ${plan.steps} steps, ${plan.tokens} tokens, ${(plan.memoryBytes / 1e9).toFixed(2)} GB of memory`,
    ...(plan.windowSeconds === null ? [] : [`window ${duration(plan.windowSeconds)}`]),
    ...(plan.epochScale < 1
      ? [`fewer epochs than asked for: ${Math.round(plan.epochScale * 100)} % of them fit`]
      : []),
    ...plan.alternatives.map(
      ({ profile, seconds, reason }) => `  not ${profile} (${duration(seconds)}): ${reason}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
