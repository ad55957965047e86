import type { AuditReport } from "../../src/audit/report.ts";
import type { AnswerKey, CopyAnswer } from "../../src/sample/index.ts";
import type { Tally } from "./tally.ts";

const pairId = (one: { a: string; b: string }): string => [one.a, one.b].sort().join(" = ");

export function comparePackages(key: AnswerKey, report: AuditReport, tally: Tally): void {
  tally.sets(
    "packages",
    key.packages,
    report.packages.map((one) => one.path),
  );
}

const groupId = (one: { paths: string[] }): string => [...one.paths].sort().join(" = ");

export function compareGroups(key: AnswerKey, report: AuditReport, tally: Tally): void {
  tally.sets("groups", key.groups.map(groupId), report.groups.map(groupId));
}

const inside = (id: string, outer: string): boolean => {
  const [a = "", b = ""] = id.split(" = ");
  const [outerA = "", outerB = ""] = outer.split(" = ");
  return a.startsWith(`${outerA}/`) && b.startsWith(`${outerB}/`);
};

export function compareFolders(key: AnswerKey, report: AuditReport, tally: Tally): void {
  const wanted = key.folders.map(pairId);
  const found = report.folders
    .filter((one) => one.identical > 1 && one.onlyA.length + one.onlyB.length + one.similar === 0)
    .map(pairId)
    .filter((id) => !wanted.some((outer) => inside(id, outer)));
  tally.sets("folders", wanted, found);
}

function copyProblem(answer: CopyAnswer, found: AuditReport["copies"][number]): string | undefined {
  if (!answer.relations.includes(found.relation))
    return `relation ${found.relation}, not ${answer.relations.join(" or ")}`;
  if (found.relation !== "older") return undefined;
  if (answer.relations.length === 1 && found.a !== answer.a) return "the newer file is called the older one";
  if (answer.commits === undefined) return undefined;
  if (found.commit === undefined || !answer.commits.includes(found.commit))
    return `commit ${found.commit ?? "none"}, not ${answer.commits.join(" or ")}`;
  if (answer.behind !== undefined && found.behind !== answer.behind)
    return `${found.behind ?? "no number of"} versions behind, not ${answer.behind}`;
  return undefined;
}

export function compareCopies(key: AnswerKey, report: AuditReport, tally: Tally): void {
  const answers = new Map(key.copies.map((one) => [pairId(one), one]));
  const configs = new Set(key.configs.map(pairId));
  const seen = new Set<string>();
  for (const found of report.copies) {
    const id = pairId(found);
    const answer = answers.get(id);
    seen.add(id);
    if (answer === undefined) {
      if (!configs.has(id)) tally.surplus("copies", id, `${found.relation}: no copy is planted`);
      continue;
    }
    const problem = copyProblem(answer, found);
    if (problem === undefined) tally.hit("copies");
    else tally.wrong("copies", "copies", id, problem);
  }
  for (const [id, answer] of answers)
    if (!seen.has(id) && answer.optional !== true)
      tally.miss("copies", id, `${answer.relations.join("|")}: not found`);
}

const configLines = (list: AnswerKey["configs"]): string[] =>
  list.flatMap((one) => {
    const turned = one.a > one.b;
    return one.differences.map(
      ({ key: name, a, b }) =>
        `${pairId(one)}: ${name} ${JSON.stringify(turned ? b : a)} / ${JSON.stringify(turned ? a : b)}`,
    );
  });

/** Only for the planted pairs: which other files are configurations of one kind is a matter of taste. */
export function compareConfigs(key: AnswerKey, report: AuditReport, tally: Tally): void {
  const planted = new Set(key.configs.map(pairId));
  const found = report.configs.filter((one) => planted.has(pairId(one)));
  tally.sets("config values", configLines(key.configs), configLines(found));
}
