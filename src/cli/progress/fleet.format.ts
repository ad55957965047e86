import type { fleetOf } from "../../progress/index.ts";

/** The fleet as lines of a terminal. */
export function formatFleet(fleet: ReturnType<typeof fleetOf>, isHeld: boolean): string {
  const models = fleet.items.map(
    (one) =>
      `  ${one.model}: ${one.turns} turns with ${one.clients} clients, ${one.deteriorated} in deterioration`,
  );
  const versions = fleet.versions.map(
    (one) =>
      `  ${one.model} from ${one.from.slice(0, 10)}: ${one.deteriorated} of ${one.judged} deteriorated, CUSUM ${one.cusum.toFixed(2)}, ${one.rollout}${one.tau === null ? "" : `, Tau ${one.tau.toFixed(2)} (${one.tau_clients} clients)`}`,
  );
  return [
    `${fleet.clients} clients; turns of the last ${fleet.days} days:`,
    ...(models.length === 0 ? ["  none"] : models),
    "Versions:",
    ...(versions.length === 0 ? ["  none recorded"] : versions),
    isHeld ? "Hold the rollout: the share in deterioration has risen." : "No signal holds a rollout.",
    "",
  ].join("\n");
}
