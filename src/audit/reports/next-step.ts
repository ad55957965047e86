import type { Finding } from "../report.ts";

export type ReportOptions = {
  /** Commands that the program has: no other one is recommended. */
  commands: readonly string[];
  tool: { name: string; version: string };
};

/** A word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) && !text.startsWith("-")
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What to type next about a finding, in the repository. */
export function nextStep(finding: Finding, options: ReportOptions): string {
  const explain = `training-ready audit --explain ${finding.id}`;
  const path = shellWord(finding.at.path);
  const { subject = "" } = finding;
  switch (finding.rule) {
    case "secret":
      return `git log --oneline -- ${path}`;
    case "copy-stale":
    case "copy-diverged":
    case "config-diverged":
      return finding.places.length <= 2 && !subject.includes("\n") && subject !== ""
        ? `git diff --no-index ${path} ${shellWord(subject)}`
        : explain;
    case "file-ignored":
      return `git check-ignore -v --no-index ${path}`;
    case "file-leftover":
      return finding.places.length === 1 ? `git rm ${path}` : explain;
    default:
      if (
        options.commands.includes("plan") &&
        finding.places.some((place) => place.fix?.certainty === "certain")
      ) {
        return `training-ready plan --repairs`;
      }
      return explain;
  }
}
