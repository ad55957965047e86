import { posix } from "node:path";
import type { AuditReport } from "../../src/audit/report.ts";
import type { AnswerKey } from "../../src/sample/index.ts";
import type { Tally } from "./tally.ts";

const importPlace = (one: { path: string; line: number; module: string }): string =>
  `${one.path}:${one.line} ${one.module}`;

export function compareImports(key: AnswerKey, report: AuditReport, tally: Tally): void {
  const answers = new Map(key.imports.map((one) => [importPlace(one), one]));
  const seen = new Set<string>();
  for (const found of report.imports) {
    const where = importPlace(found);
    const answer = answers.get(where);
    if (seen.has(where)) continue;
    seen.add(where);
    if (answer === undefined) tally.surplus(`import ${found.class}`, where, "not in the key");
    else if (found.class !== answer.class && !answer.accept?.includes(found.class)) {
      tally.wrong(
        `import ${answer.class}`,
        `import ${found.class}`,
        where,
        `${found.class} instead of ${answer.class}`,
      );
    } else if (answer.class === "resolves" && answer.target !== undefined && found.target !== answer.target) {
      tally.wrong(
        "import resolves",
        "import resolves",
        where,
        `target ${found.target ?? "none"}, not ${answer.target}`,
      );
    } else tally.hit(`import ${answer.class}`);
  }
  for (const [where, answer] of answers)
    if (!seen.has(where)) tally.miss(`import ${answer.class}`, where, "not found");
}

const entryPlace = (one: { path: string; mode: string }): string => `${one.path} ${one.mode}`;

function missingModules(
  found: readonly string[],
  { nameless = [], lazy = [] }: AnswerKey["entries"][number],
): string {
  return found
    .filter((one) => !lazy.includes(one))
    .filter((one) => !nameless.some((module) => one === module || one.startsWith(`${module}.`)))
    .sort()
    .join();
}

/** An entry whose file is not there is a fault that its reference tells already: neutral here. */
export function compareEntries(
  key: AnswerKey,
  report: AuditReport,
  has: (path: string) => boolean,
  tally: Tally,
): void {
  const known = new Set(key.entries.map(entryPlace));
  for (const answer of key.entries) {
    const where = entryPlace(answer);
    const candidates = report.entries.filter((one) => entryPlace(one) === where);
    const found = candidates.find((one) => one.cwd === answer.cwd) ?? candidates[0];
    if (found === undefined) tally.miss("entries", where, `not found (run in ${answer.cwd || "."})`);
    else if (found.loads !== answer.loads) {
      tally.wrong(
        "entries",
        "entries",
        where,
        `${found.loads ? "loads" : "does not load"}: ${found.missing.join(", ")}`,
      );
    } else if (missingModules(found.missing, answer) !== [...answer.missing].sort().join()) {
      tally.wrong(
        "entries",
        "entries",
        where,
        `missing ${found.missing.join(", ")}, not ${answer.missing.join(", ")}`,
      );
    } else tally.hit("entries");
  }
  for (const where of new Set(report.entries.filter((one) => has(one.path)).map(entryPlace)))
    if (!known.has(where)) tally.surplus("entries", where, "not in the key");
}

export function compareSecrets(key: AnswerKey, report: AuditReport, tally: Tally): void {
  const wanted = key.secrets.map((one) => `${one.path}:${one.line}`);
  const found = report.findings
    .filter((one) => one.rule === "secret")
    .flatMap((one) => [
      `${one.at.path}:${one.at.line}`,
      ...one.places.map((place) => `${place.path}:${place.line}`),
    ]);
  tally.sets("secrets", wanted, [...new Set(found)]);
}

const baseName = (one: { name: string }): string => posix.basename(one.name);

/** Data sets of one name are one here, wherever texts look for it. */
export function compareDatasets(key: AnswerKey, report: AuditReport, tally: Tally): void {
  for (const answer of key.datasets) {
    const found = report.datasets.filter((one) => baseName(one) === baseName(answer));
    const states = [...new Set(found.map((one) => one.state))];
    if (answer.optional === true) continue;
    if (states.length === 0) tally.miss("datasets", answer.name, "not found");
    else if (states.includes(answer.state)) tally.hit("datasets");
    else tally.wrong("datasets", "datasets", answer.name, `${states.join(", ")}, not ${answer.state}`);
    const places = (list: { path: string; line: number }[]): string[] =>
      list.map((one) => `${answer.name} at ${one.path}:${one.line}`);
    tally.sets("dataset mentions", places(answer.mentions), places(found.flatMap((one) => one.mentions)));
  }
  const known = new Set(key.datasets.map(baseName));
  for (const one of report.datasets)
    if (!known.has(baseName(one))) tally.surplus("datasets", one.name, "not in the key");
}
