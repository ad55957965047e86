import type { Located } from "../resolve/ground.ts";
import { findElsewhere } from "../resolve/elsewhere.ts";
import { madeByBuild } from "./built.ts";
import { imageOf } from "./inside-image.ts";
import { isAbove } from "../resolve/paths.ts";
import { ownName } from "../python/values.ts";
import type { Confidence, Evidence, Mention, ReferenceClass } from "../schema.ts";
import { judgeMissing } from "./missing.ts";
import { type Past, pastOf } from "./past.ts";
import { doubtOfCase, doubtOfPast } from "./proof.ts";
import { byNature } from "./by-nature.ts";
import { byShape } from "./by-shape.ts";
import { folderSuccessor } from "./fixes.ts";
import { type Early, early, ev, isLinkKind } from "./early.ts";
import { isPlaceholder, isUsuallyGenerated } from "./shapes.ts";
import { isDesignRecord, isFileInRecord, isRecordOfPast } from "./records.ts";
import type { GroupFacts, Surroundings } from "./surroundings.ts";
import { type Governing, governing, silence } from "./words.ts";

/** A mention's class and why. `past`: what history said of the target, for the fix. */
export type Verdict = {
  class: ReferenceClass;
  confidence: Confidence;
  target?: string;
  base?: string;
  evidence: Evidence[];
  past?: Past;
};

const keepsOut = /(?:^|[.\]])(?:ignore|exclude|omit|skip)\w*(?:$|[.[])/i;

/** The class of one mention, first match wins. */
export function classify(
  mention: Mention,
  from: string,
  located: Located,
  group: GroupFacts | undefined,
  around: Surroundings,
): Verdict {
  const place = {
    ...(located.target === undefined ? {} : { target: located.target }),
    ...(located.base === undefined ? {} : { base: located.base }),
  };
  const verdict = ({ class: kind, confidence, evidence }: Early): Verdict => ({
    ...place,
    class: kind,
    confidence,
    evidence: [...located.evidence, evidence],
  });
  // Most mentions are addresses or resolve: what is said around them is read only where it counts.
  if (located.nature === "address")
    return verdict(early("external", "certain", ev("address", "an address outside this repository")));
  const isPlain = mention.heading === undefined && mention.remark === undefined && mention.key === undefined;
  const words = located.found && isPlain ? silence : governing(mention);
  const first = beforeLooking(mention, from, located, words);
  if (first !== undefined) return verdict(first);
  if (located.found) {
    const confidence = located.isGuess || mention.strength === "weak" ? "likely" : "certain";
    const state = around.ground.lookup.index.files.get(located.target ?? "")?.state;
    const isHere = state === "untracked" || state === "ignored";
    const here = isHere ? [ev("untracked", "on this disk alone, not in git")] : [];
    return { ...place, class: "resolves", confidence, evidence: [...located.evidence, ...here] };
  }
  const second = byNature(mention, located, words, from, around);
  if (second !== undefined) return verdict(second);
  const past = bestPast(located, around);
  if (
    (isRecordOfPast(from) || words.isRecord !== undefined) &&
    !isLinkKind(mention) &&
    located.nature !== "own-address"
  ) {
    const reason = ev("provenance", "a record of the past");
    const wasHere = past !== undefined && past.what !== "parent";
    return verdict(wasHere ? early("provenance", "likely", reason) : early("unknown", "possible", reason));
  }
  const { absent } = around.ground.lookup.index;
  const left = absent.size === 0 ? undefined : located.tried.find(({ target }) => absent.has(target));
  if (left !== undefined) {
    const evidence = ev("absent", "tracked, but left out of this clone");
    return { ...verdict(early("missing-data", "certain", evidence)), target: left.target, base: left.base };
  }
  const later = (one: Early & { target?: string }): Verdict => {
    const result = verdict(one);
    if (one.target !== undefined) result.target = one.target;
    if (past === undefined) return result;
    return {
      ...result,
      past,
      target: past.target,
      base: past.base,
      evidence: [...new Set([...result.evidence, ...past.evidence])],
    };
  };
  if (located.nature === "own-address") {
    return later(
      early(
        "stale",
        past === undefined ? "likely" : "certain",
        ev("address", "an address of this repository"),
      ),
    );
  }
  if (located.nature === "route" && past === undefined)
    return verdict(early("external", "likely", ev("route", "a route of a site")));
  if (located.nature === "module" && past === undefined) {
    return verdict(early("external", "possible", ev("module", "a module of an installed package")));
  }
  const isWritten =
    mention.use === "define" ||
    mention.use === "write" ||
    (mention.kind === "redirect" && mention.use !== "read");
  if (isWritten && !isPlaceholder(mention.path)) {
    return later(early("generated", "likely", ev("write", "written here")));
  }
  const twin = otherCase(located, around);
  if (twin !== undefined && doubtOfCase(mention, from, twin) === undefined) {
    const evidence = { kind: "case", text: `exists as ${twin}`, path: twin };
    return verdict(early("stale", "certain", evidence));
  }
  if ((past === undefined || past.what === "parent") && isPlaceholder(mention.path)) {
    return verdict(early("placeholder", "likely", ev("placeholder", "a name to be replaced")));
  }
  if (isAfterDeadFolder(mention, located, around)) {
    return verdict(
      early("unknown", "possible", ev("folder", "follows a change into a folder that is not here")),
    );
  }
  if (past === undefined || past.what === "parent") {
    const elsewhere = findElsewhere(mention, from, around.ground.lookup);
    if (elsewhere !== undefined) {
      const { target, base, evidence } = elsewhere;
      return { class: "resolves", confidence: "likely", target, base, evidence: [evidence] };
    }
  }
  if (mention.glob === true && mention.kind === "value" && keepsOut.test(mention.key ?? ""))
    return verdict(early("unknown", "possible", ev("rule", "a rule that keeps files out")));
  if (mention.kind === "pattern" && mention.strength === "weak") {
    // A rule that keeps a file out is right when it is gone; only a folder's rule is left behind by a move.
    const isLeft =
      past?.what === "folder" &&
      /^\/?[^/]+\/./.test(mention.path) &&
      !isUsuallyGenerated(mention.path) &&
      movedFolder(past.target, around);
    if (!isLeft) return verdict(early("unknown", "possible", ev("rule", "a rule that keeps files out")));
  }
  const inside = imageOf(mention, located, from, around);
  if (inside !== undefined) return verdict(inside);
  const isKnown = past !== undefined && past.what !== "parent";
  const made = madeByBuild(mention, from, located, isKnown, around);
  if (made !== undefined) return verdict(made);
  const shape = byShape(mention, from, located, words, group, around, isKnown);
  if (shape !== undefined) return later(shape);
  const doubt =
    past === undefined
      ? undefined
      : doubtOfPast(mention, from, past, words, group, around.ground.lookup.index);
  if (doubt !== undefined) return verdict(early("unknown", "possible", doubt));
  if (past !== undefined) {
    const isSure = past.what === "parent" ? mention.strength === "hard" : mention.strength !== "weak";
    return later(early("stale", isSure ? "certain" : "likely", past.evidence[0] as Evidence));
  }
  if (words.isBorrowed)
    return verdict(early("unknown", "possible", ev("provenance", "a file that something was taken from")));
  return later(judgeMissing(mention, from, located, group, around));
}

/** Records of the past keep what they say, whether it exists or not. */
function beforeLooking(
  mention: Mention,
  from: string,
  located: Located,
  words: Governing,
): Early | undefined {
  if (words.isProvenance !== undefined && !isLinkKind(mention) && located.nature !== "address") {
    return early("provenance", "likely", ev("provenance", words.isProvenance));
  }
  if (located.found || located.nature === "address" || isLinkKind(mention)) return undefined;
  if (words.isRecord !== undefined && isFileInRecord(mention.path))
    return early("provenance", "likely", ev("provenance", words.isRecord));
  if (isRecordOfPast(from) && isFileInRecord(mention.path))
    return early("provenance", "likely", ev("provenance", "a record of the past"));
  if (
    isDesignRecord(from) &&
    located.nature === "path" &&
    !isPlaceholder(mention.path) &&
    /[^/.]\.\w{1,8}$/.test(mention.path)
  )
    return early("provenance", "likely", ev("provenance", "a plan or a record of finished work"));
  return undefined;
}

/** True for a folder of the past whose files lie in one other folder now. */
function movedFolder(folder: string, around: Surroundings): boolean {
  const { history, ground } = around;
  return history !== undefined && folderSuccessor(folder, ground.lookup.index, history).length === 1;
}

function bestPast(located: Located, around: Surroundings): (Past & { base: string }) | undefined {
  let best: (Past & { base: string }) | undefined;
  for (const { target, base, isOther } of located.tried) {
    const past = pastOf(target, around.ground.lookup.index, around.history);
    if (past === undefined || (past.what === "parent" && isOther === true)) continue;
    if (past.what !== "parent") return { ...past, base };
    best ??= { ...past, base };
  }
  return best;
}

function otherCase(located: Located, around: Surroundings): string | undefined {
  for (const { target } of located.tried.slice(0, 3)) {
    if (isAbove(target)) continue;
    const twins = around.ground.lookup.otherCase(target);
    if (twins.length === 1) return twins[0];
  }
  return undefined;
}

/** True behind a `cd` whose folder is missing: that mention is the defect, not this one. */
function isAfterDeadFolder(mention: Mention, located: Located, around: Surroundings): boolean {
  const { prefix, path } = mention;
  // `.` after a `cd` names that folder itself.
  if (/^\.{1,2}\/?$/.test(mention.raw) && path !== mention.raw) return true;
  if (
    prefix === undefined ||
    prefix === "" ||
    prefix.startsWith(ownName) ||
    mention.keep !== undefined ||
    !path.startsWith(`${prefix}/`)
  )
    return false;
  const rest = path.slice(prefix.length);
  const { lookup } = around.ground;
  return !located.tried.some(
    ({ target, isOther }) =>
      isOther !== true &&
      (target === rest.slice(1) ||
        (target.endsWith(rest) && lookup.find(target.slice(0, -rest.length)) !== undefined)),
  );
}
