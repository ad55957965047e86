import type { IgnoredPlace, Planned } from "../consolidate/index.ts";
import { didYouMean, TrainingReadyError, visibleText } from "../shared/index.ts";

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

function elsewhereLines({ data, elsewhere }: Planned["plan"]): string[] {
  const pointed = data.filter((one) => one.action === "pointer" && one.to !== undefined).length;
  return [
    ...(data.length === 0
      ? []
      : [
          `${plural(data.length, "data set")} not here: ${pointed} with a pointer, ${data.length - pointed} without`,
        ]),
    ...(elsewhere === undefined
      ? []
      : [
          `listing of ${plural(elsewhere.files, "file")}: ${elsewhere.identical} identical here, ${elsewhere.sameNameAndSize} of same name and size, ${elsewhere.onlyThere} only there (${(elsewhere.onlyThereBytes / 1e6).toFixed(1)} MB)`,
          ...elsewhere.list.slice(0, 5).map((one) => `  only there: ${one.path}`),
        ]),
  ];
}

export type IgnoredWarning = { rule: "plan-ignored"; path: string; paths: string[]; message: string };

/** New places that ignore rules cover, a warning a rule: the files stay tracked, later ones would not be seen. */
export function ignoredWarnings(ignored: readonly IgnoredPlace[]): IgnoredWarning[] {
  const groups = new Map<string, IgnoredPlace[]>();
  for (const one of ignored) {
    const key = `${one.rule}\0${one.exception}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const { path, rule, exception } = group[0] as IgnoredPlace;
    const what = group.length === 1 ? path : `${path} and ${plural(group.length - 1, "other file")}`;
    const message = `${what} will lie where an ignore rule applies (${rule}): tracked files stay tracked; to have new ones seen too, add ${exception}`;
    return { rule: "plan-ignored", path, paths: group.map((one) => one.path), message };
  });
}

function reportedLines(reported: Planned["proof"]["composed"]["reported"]): string[] {
  const of = (what: string): typeof reported => reported.filter((one) => one.what === what);
  const [redrawn, kept, split] = [of("tree-redrawn"), of("tree-kept"), of("folder-split")];
  if (reported.length === 0) return [];
  return [
    `to look at: ${plural(redrawn.length, "drawn tree")} drawn anew, ${kept.length} not; ${plural(split.length, "mention")} of folders whose files went apart`,
    ...[...kept, ...split].slice(0, 3).map((one) => `  ${one.path}:${one.line}: ${one.subject}: ${one.text}`),
  ];
}

/** What a plan does, in a dozen lines. */
export function planSummary(planned: Planned, path: string): string {
  const { plan, proof } = planned;
  const count = (action: string): number => plan.lines.filter((line) => line.action === action).length;
  const { references, imports, entries } = proof.comparison;
  const kept = plan.lines.filter(
    (line) => line.action === "keep" && line.because.some((one) => one.startsWith("not proven")),
  );
  const risky = plan.lines.filter((line) => line.risk === "high");
  const waiting = plan.repairs.filter((one) => !one.apply).length;
  const lines = [
    `${plural(plan.lines.length, "file")} into ${plan.home}: ${count("move")} move, ${count("archive")} archived, ${count("delete")} deleted as duplicates, ${count("keep")} stay`,
    `${plural(proof.change.writes.length, "file")} rewritten; ${plural(plan.repairs.length - waiting, "stale reference")} repaired${waiting > 0 ? `, ${waiting} wait for you` : ""}`,
    `proof on the simulated tree: references ${references.broken.length} broken, ${references.rebound.length} re-bound, ${references.repaired.length} mended; imports ${imports.broken.length} broken, ${imports.rebound.length} re-bound, ${imports.repaired.length} mended; entries ${entries.broken.length} broken, ${entries.repaired.length} mended`,
    ...(kept.length > 0
      ? [
          `${plural(kept.length, "file")} kept because a move could not be proven, e.g. ${kept[0]?.from}: ${kept[0]?.because[0] ?? ""}`,
        ]
      : []),
    ...reportedLines(proof.composed.reported),
    ...elsewhereLines(plan),
    ...(risky.length > 0
      ? [
          "",
          "Look at these first:",
          ...risky
            .slice(0, 10)
            .map(
              (line) =>
                `  ${line.from}: ${line.action}${line.to === undefined ? "" : ` to ${line.to}`}\n    ${line.because.join("; ")}`,
            ),
        ]
      : []),
    "",
    proof.proven
      ? `Plan: ${path}\nNext: training-ready apply ${path}`
      : `Plan: ${path}\nNot proven: apply will refuse it.`,
  ];
  return `${lines.map((line) => line.split("\n").map(visibleText).join("\n")).join("\n")}\n`;
}

/** One file's story in a plan: what happens to it, why, what names it and what is rewritten in it. Throws `E_FILE_MISSING`. */
export function lineStory(planned: Planned, path: string): string {
  const { plan, proof } = planned;
  const line = plan.lines.find((one) => one.from === path || one.to === path);
  if (line === undefined) {
    throw new TrainingReadyError(
      "E_FILE_MISSING",
      `the plan has no line for ${path}.${didYouMean(
        path,
        plan.lines.map((one) => one.from),
      )}`,
    );
  }
  const place = proof.composed.placement.bytesTo(line.from);
  const edits = proof.composed.edits.get(line.from) ?? [];
  const rows = [
    `${line.from}: ${line.action}${place === undefined || place === line.from ? "" : ` to ${place}`} (${line.role}, risk ${line.risk})`,
    ...line.because.map((one) => `  because ${one}`),
    `  named ${line.touches.references} times by ${plural(line.touches.files, "file")}`,
    ...(line.instead === undefined ? [] : [`  used instead: ${line.instead}`]),
    `  ${plural(edits.length, "rewrite")} inside it`,
    ...edits.map(
      (edit) =>
        `    bytes ${edit.start} to ${edit.end}: ${edit.text.split("\n").filter(Boolean).join(" | ")}`,
    ),
  ];
  return `${rows.map(visibleText).join("\n")}\n`;
}
