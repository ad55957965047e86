import type { RetentionPlan } from "../../progress/index.ts";

/** What the rules delete, or would. */
export function formatRetention(plan: RetentionPlan, deleted: boolean): string {
  const verb = deleted ? "deleted" : "to delete";
  const lines = plan.classes.map(
    (one) => `${one.name}: ${one.records} records older than ${one.days} days ${verb}`,
  );
  if (plan.clients > 0) lines.push(`clients: ${plan.clients} ${verb} whole`);
  if (plan.held > 0) lines.push(`clients: ${plan.held} kept by a legal hold`);
  if (lines.length === 0) lines.push("No client is old enough.");
  if (!deleted) lines.push("Nothing was deleted; --yes does it.");
  return `${lines.join("\n")}\n`;
}
