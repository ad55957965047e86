import { openWorkTree } from "../repository/index.ts";
import { exactGroups } from "./exact-groups.ts";
import type { AuditReport } from "./report.ts";

/** Audits the repository that holds `folder`. */
export async function audit(folder: string): Promise<AuditReport> {
  const tree = await openWorkTree(folder);
  const { groups, boilerplate } = exactGroups(tree.index.files.values(), () => false);
  return {
    summary: { files: tree.index.files.size, groups: groups.length },
    repository: {
      root: tree.root,
      commit: tree.commit,
      dirty: tree.dirty,
      mount: null,
      historyReaches: null,
    },
    packages: [],
    groups,
    boilerplate,
    folders: [],
    copies: [],
    configs: [],
    references: [],
    imports: [],
    entries: [],
    datasets: [],
    findings: [],
    warnings: [...tree.warnings],
  };
}
