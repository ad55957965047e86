import type { AuditReport } from "../../src/audit/report.ts";
import type { AnswerKey } from "../../src/sample/index.ts";
import { compareDatasets, compareEntries, compareImports, compareSecrets } from "./compare-code.ts";
import {
  compareConfigs,
  compareCopies,
  compareFolders,
  compareGroups,
  comparePackages,
} from "./compare-overlaps.ts";
import { compareReferences } from "./compare-references.ts";
import { Tally, type Disagreement, type ScoreRow } from "./tally.ts";

export type Score = { rows: ScoreRow[]; disagreements: Disagreement[] };

/** What an audit found beside what was planted. `has`: whether a path is in the work tree. */
export function compare(key: AnswerKey, report: AuditReport, has: (path: string) => boolean): Score {
  const tally = new Tally();
  comparePackages(key, report, tally);
  compareGroups(key, report, tally);
  compareFolders(key, report, tally);
  compareCopies(key, report, tally);
  compareConfigs(key, report, tally);
  compareReferences(key, report, has, tally);
  compareImports(key, report, tally);
  compareEntries(key, report, has, tally);
  compareSecrets(key, report, tally);
  compareDatasets(key, report, tally);
  return { rows: tally.rows(), disagreements: tally.disagreements };
}
