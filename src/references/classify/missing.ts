import { baseName, roleOf } from "../extract/path-shape.ts";
import { type Located, packageOf } from "../resolve/ground.ts";
import { folderOf, isAbove } from "../resolve/paths.ts";
import type { Confidence, Evidence, Mention, ReferenceClass } from "../schema.ts";
import { misspelled } from "./fixes.ts";
import { foreignOf } from "./foreign.ts";
import type { GroupFacts, Surroundings } from "./surroundings.ts";

/** What is believed of a path that is not there and never was. */
export type Judgement = {
  class: ReferenceClass;
  confidence: Confidence;
  evidence: Evidence;
  target?: string;
};

const documents = /\.(?:md|markdown|mdx|rst|txt|qmd|rmd|mkd|ipynb)$|(?:^|\/)(?:README|INSTALL|NOTES)$/i;

const unknown = (kind: string, text: string): Judgement => ({
  class: "unknown",
  confidence: "possible",
  evidence: { kind, text },
});
const stale = (confidence: Confidence, kind: string, text: string): Judgement => ({
  class: "stale",
  confidence,
  evidence: { kind, text },
});

/** True if a file of the same folder, or of one up to two levels away, fetches other repositories or builds images. */
function isFetching(from: string, around: Surroundings): boolean {
  const own = folderOf(from);
  let folder = own;
  for (let level = 0; level < 3 && folder !== ""; level++, folder = folderOf(folder))
    if (around.fetching.has(folder)) return true;
  if (own === "") return around.fetching.has("");
  for (const one of around.fetching) {
    if (one.startsWith(`${own}/`) && one.slice(own.length + 1).split("/").length <= 2) return true;
  }
  return false;
}

/** Judges a path that neither exists nor ever did: a defect only where something says that it should be there. */
export function judgeMissing(
  mention: Mention,
  from: string,
  located: Located,
  group: GroupFacts | undefined,
  around: Surroundings,
): Judgement {
  const { target } = located;
  const foreign = foreignOf(from, around.foreign);
  if (foreign !== undefined) return unknown("foreign", `${foreign} is a copy of another project`);
  if (target === undefined || isAbove(target)) return unknown("outside", "above the repository's root");
  if (mention.strength === "hard") return judgeHard(mention, from, located, target, group, around);
  const role = roleOf(target);
  if (
    mention.kind === "pattern" &&
    mention.strength === "soft" &&
    mention.glob !== true &&
    // Tools match a bare name in every folder; a source distribution takes that one file.
    (mention.path.includes("/") || /(?:^|\/)MANIFEST\.in$/.test(from)) &&
    (role === "code" || role === "document")
  ) {
    return stale("likely", "rule", "a rule for one file, which is not here");
  }
  const isList = mention.kind === "tree" || mention.kind === "list" || mention.kind === "include";
  const [least, share] = isList ? [2, 0.5] : [3, 0.75];
  if (
    (isList || mention.kind === "value") &&
    group !== undefined &&
    mention.strength === "soft" &&
    mention.glob !== true &&
    // Folders of a drawn tree are often made by a set-up.
    (role !== undefined || !isList) &&
    // `.yarnrc.yml` among others: which of many such files a tool reads.
    !/^\.[^/]*$/.test(mention.path) &&
    group.resolved >= least &&
    group.resolved >= group.total * share
  ) {
    return stale(
      "likely",
      "siblings",
      `${group.resolved} of ${group.total} in the same ${mention.kind === "value" ? "list" : mention.kind} exist`,
    );
  }
  return (
    judgeRead(mention, from, target, around) ?? unknown("unknown", "nothing says whether it should be here")
  );
}

/** Settings and sources that Python names in a folder, of which the package has one of that name elsewhere. */
function judgeRead(
  mention: Mention,
  from: string,
  target: string,
  around: Surroundings,
): Judgement | undefined {
  const role = roleOf(target);
  if (
    mention.encoding !== "python" ||
    mention.strength !== "soft" ||
    mention.use === "write" ||
    mention.glob === true
  )
    return undefined;
  if (!mention.path.includes("/") || (role !== "config" && role !== "code" && role !== "document"))
    return undefined;
  if (/(?:^|\/)(?:tests?|testing)\/|(?:^|\/)test_[^/]*$/.test(from)) return undefined;
  const home = packageOf(from, around.ground.packages);
  if (home === undefined) return undefined;
  const same = around.ground.lookup.index
    .named(baseName(target))
    .filter((path) => home === "" || path.startsWith(`${home}/`));
  if (same.length !== 1) return undefined;
  return stale("likely", "read", `named by code; the package has ${same[0] ?? ""} instead`);
}

const isHubLike = (path: string): boolean =>
  /^[A-Za-z][\w-]*\/[\w.-]*[A-Za-z][\w.-]*$/.test(path) && roleOf(path) === undefined;

/** A host shows a document's `/docs/a.md` from the repository's root; pictures and routes are rather a site's. */
function isRootLink({ path }: Mention, from: string): boolean {
  if (!/\.(?:md|markdown|rst|ipynb)$/i.test(from)) return false;
  const role = roleOf(path);
  return role !== undefined && role !== "media";
}

/** Places where something fails if the file is missing, each as sure as its working folder is. */
function judgeHard(
  mention: Mention,
  from: string,
  located: Located,
  target: string,
  group: GroupFacts | undefined,
  around: Surroundings,
): Judgement {
  const { index } = around.ground.lookup;
  const { kind } = mention;
  if (kind === "copy" && group !== undefined && group.resolved === 0 && group.total > 1) {
    return unknown("context", "nothing that this image copies is here: its build context is elsewhere");
  }
  if (kind === "copy" && located.isGuess && isFetching(from, around)) {
    return unknown("fetched", "other repositories are fetched into this folder");
  }
  if (kind === "context" && from.startsWith(".github/"))
    return unknown("context", "made by an earlier step, perhaps");
  // `[the reader](rootReadme)`: a page that a builder names, or a placeholder. Files of that kind are in capitals.
  if (kind === "link" && /^[a-z][A-Za-z0-9_-]*$/.test(mention.path))
    return unknown("word", "a word without suffix: a page that a builder names, or a placeholder");
  // `mistralai/Mistral-7B`: two words in a folder that is not here are an id rather than a path.
  if (kind === "link" && isHubLike(mention.path) && !index.isFolder(folderOf(target)))
    return unknown("hub", "an id of a hub, perhaps");
  // A role's page of a name that another documentation here has.
  if (
    kind === "link" &&
    mention.otherPaths !== undefined &&
    !mention.path.includes("/") &&
    index.named(baseName(target)).length > 0
  )
    return unknown("page", "a page of another documentation, perhaps");
  // A page of a site: its address, not its folder, is where a link starts.
  if (kind === "link" && /\.x?html?$/i.test(from) && roleOf(mention.path) === undefined)
    return unknown("route", "a page's link to a route, perhaps");
  if ((kind === "link" || kind === "image") && mention.path.startsWith("/") && !isRootLink(mention, from))
    return unknown("route", "from the root of a site, not of the repository");
  if (kind === "include" && mention.glob === true)
    return unknown("pattern", "a pattern of files that a build may make");
  if (kind === "link" || kind === "image" || kind === "symlink" || kind === "copy")
    return stale("certain", "hard", `a ${kind} that leads nowhere`);
  if (
    // A folder that is a fact, or a place of an image that a COPY of this repository should have filled.
    mention.bases.some((base) => base.kind === "folder" || base.kind === "image") ||
    (mention.encoding !== "shell" && (kind === "include" || kind === "context"))
  ) {
    return stale("certain", "hard", `${kind === "include" ? "an" : "a"} ${kind} that leads nowhere`);
  }
  if (isFetching(from, around)) return unknown("fetched", "other repositories are fetched into this folder");
  const namesakes = index.named(baseName(target));
  const isBare = !mention.path.replace(/^(?:\.\/)+/, "").includes("/");
  const runs = kind === "command" || kind === "source" || kind === "include";
  const isDocumented =
    documents.test(from) ||
    mention.encoding === "json" ||
    mention.encoding === "yaml" ||
    mention.encoding === "toml";
  if (isDocumented || isBare) {
    if (!runs || roleOf(target) !== "code")
      return unknown("documented", "the folder that this is meant from is not said");
    if (namesakes.length > 0)
      return unknown(
        "namesake",
        `${namesakes.length} of that name elsewhere; the folder that this runs in is not said`,
      );
    if (around.contained.has(from)) return unknown("container", "runs inside a container");
    // A reader's own script, or one that is brought: only a file of almost that name shows that it is this repository's.
    const [near] = misspelled(target, index);
    if (near !== undefined) return stale("likely", "hard", `a ${kind} of a file that no folder has`);
    if (!isDocumented && group !== undefined && group.resolved > 0)
      return stale("likely", "hard", `a ${kind} of a file that no folder has, beside others that are here`);
    return unknown("unknown", "written or brought by something else, perhaps");
  }
  const parent = located.tried.find(
    (one) => !isAbove(one.target) && folderOf(one.target) !== "" && index.isFolder(folderOf(one.target)),
  );
  if (parent !== undefined)
    return {
      ...stale("likely", "hard", `a ${kind} that leads nowhere; its folder is here`),
      target: parent.target,
    };
  return unknown("unknown", "neither the file nor its folder was ever here");
}
