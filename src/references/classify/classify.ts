import type { History } from "../../repository/index.ts";
import { pathShape, roleOf } from "../extract/path-shape.ts";
import type { Ground, Located } from "../resolve/ground.ts";
import { hasHole, isAbsolute } from "../resolve/locate.ts";
import { folderOf, isAbove } from "../resolve/paths.ts";
import type { Confidence, Evidence, Mention, ReferenceClass } from "../schema.ts";
import { type Past, pastOf } from "./past.ts";
import { absoluteNature, dataReason, isPlaceholder, isUsuallyGenerated } from "./shapes.ts";
import { type Governing, governing } from "./words.ts";

/** A mention's class and why. `past`: what history said of the target, for the fix. */
export type Verdict = {
  class: ReferenceClass;
  confidence: Confidence;
  target?: string;
  base?: string;
  evidence: Evidence[];
  past?: Past;
};

/** What a whole repository says that a single mention cannot. */
export type Surroundings = {
  ground: Ground;
  history: History | undefined;
  /** Paths and base names that code of this repository writes. */
  written: { paths: ReadonlySet<string>; names: ReadonlySet<string> };
  /** Folders that are copies of other projects: what they say of files that were never here is no defect. */
  foreign: readonly string[];
};

/** How many of a mention's group (a tree, a list) exist. */
export type GroupFacts = { total: number; resolved: number };

const changelog =
  /(?:^|\/)(?:CHANGES?|CHANGELOG|HISTORY|RELEASE[-_ ]?NOTES?|RELEASES?|NEWS)(?:[-_.][^/]*)?$|(?:^|\/)changelogs?\/|\.log$/i;

const ev = (kind: string, text: string): Evidence => ({ kind, text });

/** The class of one mention, first match wins. */
export function classify(
  mention: Mention,
  from: string,
  located: Located,
  group: GroupFacts | undefined,
  around: Surroundings,
): Verdict {
  const words = governing(mention);
  const { evidence } = located;
  const place = {
    ...(located.target === undefined ? {} : { target: located.target }),
    ...(located.base === undefined ? {} : { base: located.base }),
  };
  const verdict = (kind: ReferenceClass, confidence: Confidence, ...more: Evidence[]): Verdict => ({
    ...place,
    class: kind,
    confidence,
    evidence: [...evidence, ...more],
  });

  const isLink = mention.kind === "link" || mention.kind === "image";
  if (words.isProvenance !== undefined && !isLink) {
    return verdict("provenance", "likely", ev("provenance", words.isProvenance));
  }
  if (changelog.test(from) && !located.found && located.nature !== "address") {
    return verdict("provenance", "likely", ev("provenance", "a record of the past"));
  }
  if (located.found) {
    return verdict("resolves", located.isGuess || mention.strength === "weak" ? "likely" : "certain");
  }
  if (located.nature === "address")
    return verdict("external", "certain", ev("address", "an address outside this repository"));
  if (words.isMissing !== undefined && located.nature !== "hole") {
    return verdict("declared-missing", "likely", ev("declared", words.isMissing));
  }
  if (located.nature === "hole") {
    if (/<[^>]*>/.test(mention.path) || isPlaceholder(mention.path.replace(/\{[^}]*\}|\$\w+/g, ""))) {
      return verdict("placeholder", "likely", ev("placeholder", "a part to be filled in"));
    }
    return verdict("dynamic", "certain", ev("hole", "a part is only known when it runs"));
  }
  if (located.nature === "submodule") return verdict("external", "certain");
  if (located.nature === "clone")
    return verdict("external", "certain", ev("clone", "a file of another repository's clone"));
  if (located.nature === "image") return verdict("external", "likely", ev("image", "a path inside an image"));
  const past = bestPast(located, around);
  if (located.nature === "module" && past === undefined)
    return verdict("external", "possible", ev("module", "a module of an installed package"));
  const found = (kind: ReferenceClass, confidence: Confidence, ...more: Evidence[]): Verdict => {
    const result = verdict(kind, confidence, ...more);
    if (past === undefined) return result;
    return { ...result, past, target: past.target, evidence: [...result.evidence, ...past.evidence] };
  };
  if (located.nature === "absolute") {
    const nature = absoluteNature(mention.path);
    if (isPlaceholder(mention.path))
      return verdict("placeholder", "likely", ev("placeholder", "a path to be replaced"));
    if (nature === "system")
      return verdict("external", "likely", ev("absolute", "a path of an image or operating system"));
    return verdict(
      "machine",
      nature === "machine" ? "certain" : "likely",
      ev("absolute", "an absolute path outside this repository"),
    );
  }
  if (located.nature === "own-address")
    return found(
      "stale",
      past === undefined ? "likely" : "certain",
      ev("address", "an address of this repository"),
    );
  if (located.nature === "route" && past === undefined)
    return verdict("external", "likely", ev("route", "a route of a site"));
  if (mention.use === "define" || mention.use === "write")
    return found("generated", "likely", ev("write", "written here"));
  const caseTwin = otherCase(located, around);
  if (caseTwin !== undefined) {
    return {
      ...found("stale", "certain", { kind: "case", text: `exists as ${caseTwin}`, path: caseTwin }),
      target: caseTwin,
    };
  }
  const isKnown = past !== undefined && past.what !== "parent";
  if (!isKnown) {
    const early = withoutPast(mention, located, words, group, around);
    if (early !== undefined) return found(early.class, early.confidence, early.evidence);
  }
  return judgeMissing(mention, from, located, words, group, around, past, found);
}

function bestPast(located: Located, around: Surroundings): Past | undefined {
  let best: Past | undefined;
  for (const { target } of located.tried) {
    const past = pastOf(target, around.ground.lookup.index, around.history);
    if (past === undefined) continue;
    if (past.what !== "parent") return past;
    best ??= past;
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

/** Classes that a path earns by what it looks like, where history does not know it. */
function withoutPast(
  mention: Mention,
  located: Located,
  words: Governing,
  group: GroupFacts | undefined,
  around: Surroundings,
): { class: ReferenceClass; confidence: Confidence; evidence: Evidence } | undefined {
  const { path } = mention;
  const isLink = mention.kind === "link" || mention.kind === "image";
  if (isPlaceholder(path))
    return {
      class: "placeholder",
      confidence: "likely",
      evidence: ev("placeholder", "a name to be replaced"),
    };
  if (words.isPlanned !== undefined && !isLink) {
    return { class: "placeholder", confidence: "likely", evidence: ev("planned", words.isPlanned) };
  }
  const writer =
    around.written.paths.has(located.target ?? "") ||
    around.written.names.has(path.slice(path.lastIndexOf("/") + 1));
  if (writer)
    return {
      class: "generated",
      confidence: "likely",
      evidence: ev("written", "code of this repository writes it"),
    };
  if (!isLink && words.isGenerated !== undefined) {
    return { class: "generated", confidence: "likely", evidence: ev("output", words.isGenerated) };
  }
  if (!isLink && isUsuallyGenerated(path)) {
    return {
      class: "generated",
      confidence: "possible",
      evidence: ev("output", "a folder that programs write"),
    };
  }
  if (!isLink && words.hasModelKey && pathShape(path) === "maybe" && path.split("/").length === 2) {
    return {
      class: "external",
      confidence: "likely",
      evidence: ev("hub", "an id under a model or data key"),
    };
  }
  const isBareGlob = mention.glob === true && !/^[^*?[{]+\//.test(path);
  const reason = mention.kind === "image" || isBareGlob ? undefined : dataReason(path, words.hasDataKey);
  if (reason !== undefined && (mention.strength !== "weak" || roleOf(path) !== undefined)) {
    return { class: "missing-data", confidence: "likely", evidence: ev("data", reason) };
  }
  if (group !== undefined && mention.kind === "tree" && group.resolved === 0) {
    return {
      class: "placeholder",
      confidence: "possible",
      evidence: ev("planned", "nothing of this tree exists here"),
    };
  }
  return undefined;
}

function isForeign(from: string, foreign: readonly string[]): string | undefined {
  return foreign.find((folder) => from.startsWith(`${folder}/`));
}

function judgeMissing(
  mention: Mention,
  from: string,
  located: Located,
  words: Governing,
  group: GroupFacts | undefined,
  around: Surroundings,
  past: Past | undefined,
  found: (kind: ReferenceClass, confidence: Confidence, ...more: Evidence[]) => Verdict,
): Verdict {
  if (past !== undefined) {
    if (past.what !== "parent") return found("stale", mention.strength === "weak" ? "likely" : "certain");
    return found("stale", mention.strength === "hard" ? "certain" : "likely");
  }
  const foreign = isForeign(from, around.foreign);
  if (foreign !== undefined)
    return found("unknown", "possible", ev("foreign", `${foreign} is a copy of another project`));
  if (words.isBorrowed)
    return found("unknown", "possible", ev("provenance", "a file that something was taken from"));
  if (located.target === undefined || isAbove(located.target)) {
    return found("unknown", "possible", ev("outside", "above the repository's root"));
  }
  if (mention.strength === "hard")
    return found("stale", "certain", ev("hard", `a ${mention.kind} that leads nowhere`));
  if (
    group !== undefined &&
    group.resolved >= 2 &&
    group.resolved >= group.total * 0.5 &&
    mention.strength === "soft"
  ) {
    return found(
      "stale",
      "likely",
      ev("siblings", `${group.resolved} of ${group.total} in the same ${mention.kind} exist`),
    );
  }
  return found("unknown", "possible");
}

/** The second look: references of several files that share a dead folder whose parent is here. */
export function sharedPrefix(target: string, around: Surroundings): string | undefined {
  const { index } = around.ground.lookup;
  if (isAbsolute(target) || isAbove(target) || hasHole(target)) return undefined;
  let dead: string | undefined;
  for (let folder = folderOf(target); folder !== ""; folder = folderOf(folder)) {
    if (index.isFolder(folder)) return dead;
    dead = folder;
  }
  return undefined;
}
