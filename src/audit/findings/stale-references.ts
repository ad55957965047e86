import type { Reference } from "../../references/index.ts";
import type { Evidence, Severity } from "../report.ts";
import { deadPrefix, isDocument, nameOf } from "./cause-paths.ts";
import type { Draft } from "./schema.ts";
import { code, count, quoted } from "./words.ts";

const proseKinds = new Set(["link", "image", "anchor", "inline-code", "fence", "tree", "text"]);

/** Something fails because of it, rather than a reader being led astray. */
function breaks(reference: Reference): boolean {
  if (isDocument(reference.path)) return false;
  return !(reference.path.endsWith(".ipynb") && proseKinds.has(reference.kind));
}

function severityOf(references: readonly Reference[]): Severity {
  const sure = references.filter((one) => one.confidence !== "possible");
  if (sure.some(breaks)) return "error";
  return sure.length > 0 || references.some(breaks) ? "warning" : "note";
}

/** A file whose name differs from the target in letter case only. */
export function caseTwin(target: string, byLowerCase: ReadonlyMap<string, string>): string | undefined {
  const twin = byLowerCase.get(target.toLowerCase());
  return twin === target ? undefined : twin;
}

function isDockerSource(reference: Reference): boolean {
  return (
    reference.kind === "copy" &&
    /(?:^|[/.])(?:Docker|Container)file(?:$|[.-])|\.dockerfile$/i.test(nameOf(reference.path))
  );
}

export function placeOf(reference: Reference) {
  const { path, line, start, end, target, fix } = reference;
  return {
    path,
    line,
    start,
    end,
    ...(target === undefined ? {} : { target }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Evidence of many rows, each said once; what a commit proves is told first. */
export function gatherEvidence(
  references: readonly { evidence: readonly Evidence[] }[],
  most = 8,
): Evidence[] {
  const seen = new Set<string>();
  const gathered: Evidence[] = [];
  for (const { evidence } of references) {
    for (const one of evidence) {
      const key = `${one.kind}\0${one.text}`;
      if (seen.has(key)) continue;
      seen.add(key);
      gathered.push(one);
    }
  }
  gathered.sort((a, b) => Number(a.commit === undefined) - Number(b.commit === undefined));
  return gathered.slice(0, most);
}

function fixSentence(references: readonly Reference[]): string {
  const fixed = references.filter((one) => one.fix !== undefined);
  if (fixed.length === 0) return "";
  const certain = fixed.every((one) => one.fix?.certainty === "certain");
  if (references.length === 1)
    return ` ${certain ? "It is" : "It is likely"} ${code(fixed[0]?.fix?.text ?? "")} now.`;
  const all = fixed.length === references.length;
  return ` The new place of ${all ? "all" : String(fixed.length)} is ${certain ? "proven" : "likely"}.`;
}

function draftOf(
  rule: "ref-stale" | "ref-case" | "docker-source",
  cause: string,
  references: Reference[],
  twin?: string,
): Draft {
  const files = new Set(references.map((one) => one.path));
  const targets = new Set(references.map((one) => (one.target ?? one.raw).replace(/\/+$/, "")));
  // Of one path below a missing folder the path itself says more.
  const subject = targets.size === 1 ? ([...targets][0] as string) : cause;
  const first = references[0] as Reference;
  const from =
    references.length === 1
      ? `${quoted(first.path)} (line ${first.line})`
      : files.size === 1
        ? `${quoted(first.path)} in ${count(references.length, "place")}`
        : `${count(references.length, "place")} of ${count(files.size, "file")}`;
  const refers = references.length === 1 || files.size === 1 ? "refers" : "refer";
  let message: string;
  if (rule === "ref-case")
    message = `${from} ${refers} to ${quoted(subject)}; the file is named ${quoted(twin ?? "")}.`;
  else if (rule === "docker-source")
    message = `${from} ${refers === "refer" ? "copy" : "copies"} ${targets.size > 1 ? `${count(targets.size, "path")} below ` : ""}${quoted(subject)} into an image, but it does not exist.`;
  else if (targets.size > 1)
    message = `${from} ${refers} to ${count(targets.size, "path")} below ${quoted(subject)}, which does not exist.`;
  else message = `${from} ${refers} to ${quoted(subject)}, which does not exist.`;
  return {
    rule,
    severity: rule === "ref-stale" ? severityOf(references) : references.some(breaks) ? "error" : "warning",
    path: "",
    subject: cause,
    places: references.map(placeOf),
    message: message + (rule === "ref-case" ? "" : fixSentence(references)),
    evidence: gatherEvidence(references),
  };
}

/**
 * References to what is gone: `ref-stale`, `ref-case`, `docker-source`. One finding for each missing path or, where
 * several paths below one missing folder are meant, for that folder.
 */
export function staleReferences(
  references: readonly Reference[],
  context: { has(path: string): boolean; files: ReadonlyMap<string, unknown> },
): Draft[] {
  const stale = references.filter((one) => one.class === "stale");
  if (stale.length === 0) return [];
  const byLowerCase = new Map<string, string>();
  for (const path of context.files.keys()) byLowerCase.set(path.toLowerCase(), path);
  const causes = new Map<
    string,
    { rule: "ref-stale" | "ref-case" | "docker-source"; references: Reference[]; twin?: string }
  >();
  const enter = (
    rule: "ref-stale" | "ref-case" | "docker-source",
    subject: string,
    one: Reference,
    twin?: string,
  ): void => {
    const key = `${rule}\0${subject}`;
    const cause = causes.get(key);
    if (cause !== undefined) cause.references.push(one);
    else causes.set(key, { rule, references: [one], ...(twin === undefined ? {} : { twin }) });
  };
  for (const one of stale) {
    const target = (one.target ?? one.raw).replace(/\/+$/, "");
    const twin = caseTwin(target, byLowerCase);
    if (twin !== undefined) enter("ref-case", target, one, twin);
    else {
      const prefix = deadPrefix(target, (path) => context.has(path));
      enter(isDockerSource(one) ? "docker-source" : "ref-stale", prefix, one);
    }
  }
  return [...causes].map(([key, { rule, references: rows, twin }]) =>
    draftOf(rule, key.slice(key.indexOf("\0") + 1), rows, twin),
  );
}
