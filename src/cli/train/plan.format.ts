import type { RunPlan } from "../../training/index.ts";
import { duration } from "./live-view.ts";

function basisOf(plan: RunPlan): string {
  if (plan.basis === "estimated")
    return `an estimate for ${plan.device} from published figures: nothing was measured`;
  const when =
    plan.basis === "measured before" ? ` on ${plan.measuredAt?.slice(0, 10)} (--measure does it anew)` : "";
  return `measured on ${plan.device}${when}`;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

/** A plan with its interval, and why each alternative lost. */
export function formatPlan(plan: RunPlan): string {
  const { p10, p50, p90 } = plan.seconds;
  const lines = [
    `time     ${duration(p50)}, four times in five between ${duration(p10)} and ${duration(p90)}; ${basisOf(plan)}`,
    `memory   ${gigabytes(plan.memoryBytes)} at ${plan.rows.microRows} rows of ${plan.rows.length} tokens at once`,
    plan.cost === null
      ? "cost     unknown: --set price_per_hour=… gives it"
      : `cost     ${plan.cost.p50.toFixed(2)}, between ${plan.cost.p10.toFixed(2)} and ${plan.cost.p90.toFixed(2)}`,
    `chosen   profile ${plan.profile}, ${Number(plan.epochs.toFixed(2))} epochs, ${plan.steps} steps, ${plan.tokens} tokens`,
    ...(plan.lengths === "bytes/4" ? ["tokens   a quarter of the text's bytes: no tokenizer was run"] : []),
    ...(plan.windowSeconds === null ? [] : [`window   ${duration(plan.windowSeconds)}`]),
    ...(plan.epochScale < 1
      ? [`fewer epochs than asked for: ${Math.round(plan.epochScale * 100)} % of them fit`]
      : []),
    ...(plan.busy !== null && plan.busy < 0.8
      ? [`other work had ${Math.round(100 * (1 - plan.busy))} % of the processor while this was measured`]
      : []),
    ...plan.alternatives.map(
      ({ profile, seconds, reason }) => `  not ${profile} (${duration(seconds)}): ${reason}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
