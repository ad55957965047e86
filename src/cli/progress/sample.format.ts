import { formatReport } from "./report.format.ts";
import type { SyntheticClient } from "./synthetic-client.ts";

/** The report, and how to look at the client's page. */
export function formatSample(made: SyntheticClient, home: string): string {
  return [
    formatReport(made.report),
    `Recorded ${made.turns} ${made.turns === 1 ? "turn" : "turns"} and ${made.measures} sheets of a synthetic client.`,
    `Its page: \`training-ready serve --only progress --home ${home}\`, then ${made.page} below the address that it prints.`,
    `Sign in with ${made.token}`,
    "",
  ].join("\n");
}
