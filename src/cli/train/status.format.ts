import { visibleText } from "../../shared/index.ts";
import type { RunStatus } from "../../training/index.ts";
import { duration } from "./live-view.ts";

/** A run's state as lines of name and value. */
export function formatStatus(status: RunStatus): string {
  const rows: [string, string][] = [
    ["run", visibleText(status.run)],
    ["state", visibleText(`${status.status}${status.reason === "" ? "" : `: ${status.reason}`}`)],
    ["step", `${status.step} of ${status.steps}${status.stage === null ? "" : `, stage ${status.stage}`}`],
    ["loss", status.loss === null ? "none yet" : status.loss.toFixed(4)],
    ["validation", status.evalLoss === null ? "none yet" : status.evalLoss.toFixed(4)],
    ["tokens/s", status.tokensPerSecond === null ? "unknown" : String(Math.round(status.tokensPerSecond))],
    ["left", status.remainingSeconds === null ? "unknown" : duration(status.remainingSeconds)],
    ["checkpoint", status.checkpoint ?? "none yet"],
    ...(status.pid === null ? [] : [["process", String(status.pid)] as [string, string]]),
    ...status.warnings.map(({ code, message }): [string, string] => [
      "warning",
      visibleText(`${code}: ${message}`),
    ]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(11)} ${value}\n`).join("");
}
