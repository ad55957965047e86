import type { Severity } from "../report.ts";

export type Rule = {
  /** The severity it usually has; a finding may be milder (prose, a mere possibility). */
  severity: Severity;
  title: string;
  help: string;
};

/** Every rule of the audit: what it means and what to do about it. */
export const rules = {
  "dup-exact": {
    severity: "note",
    title: "The same bytes in several places",
    help: "Keep one copy and refer to it, unless each folder must stand alone. Only content is compared, so names may differ.",
  },
  "dup-folder": {
    severity: "note",
    title: "Two folders hold the same files",
    help: "One of them can go once nothing refers to it.",
  },
  "copy-near": {
    severity: "note",
    title: "A copy that differs a little",
    help: "The two files share most of their lines or differ in format only. Compare them before changing one.",
  },
  "copy-stale": {
    severity: "warning",
    title: "An older version of another file",
    help: "History proves that the file equals a past version of the other. Take the newer one, or note why the old one stays.",
  },
  "copy-diverged": {
    severity: "warning",
    title: "Two copies that went separate ways",
    help: "Both sides changed after they were equal. Decide by hand what each side's changes are worth; the evidence names the fork point.",
  },
  "config-diverged": {
    severity: "warning",
    title: "Two configurations of one origin with different values",
    help: "Check which values are meant. They are never merged silently.",
  },
  "file-ignored": {
    severity: "note",
    title: "Tracked files that an ignore rule names",
    help: "The files are in history, but new ones beside them are silently left out. Narrow the ignore rule or add an exception.",
  },
  "file-leftover": {
    severity: "warning",
    title: "A leftover of an editor, a merge or an operating system",
    help: "Nothing should need it. Remove it from the repository.",
  },
  "ref-stale": {
    severity: "error",
    title: "A reference to something that is gone",
    help: "The path existed, or its neighbours do, and it is read or linked from here. Point it at the new place, or remove it.",
  },
  "ref-case": {
    severity: "error",
    title: "A reference whose letter case is wrong",
    help: "It works only on file systems that ignore case. Spell it as the file is named.",
  },
  "ref-missing-data": {
    severity: "warning",
    title: "Data that was never committed",
    help: "It may be on another disk or in a bucket. Record where it is, or how it is made again.",
  },
  "ref-machine": {
    severity: "warning",
    title: "A path of one particular machine",
    help: "It works for nobody else. Make it an argument, a setting or a relative path.",
  },
  "anchor-missing": {
    severity: "note",
    title: "A link to a heading that the page does not have",
    help: "The page opens at its top. Name one of its headings as the host's anchor rule spells it, or leave the fragment out.",
  },
  "docker-source": {
    severity: "error",
    title: "COPY or ADD of something that is not in the build context",
    help: "The build stops here. Correct the source or the context.",
  },
  "import-missing": {
    severity: "error",
    title: "An import of a module that is not here",
    help: "The module is, or was, one of this repository's own, and no way of starting the program finds it.",
  },
  "import-relative": {
    severity: "error",
    title: "A relative import without a parent package",
    help: "Started as a script, the file has no package. Start it with -m, or import by the full name.",
  },
  "import-name": {
    severity: "error",
    title: "An import of a name that the module does not define",
    help: "The module loads, the name is not in it.",
  },
  "import-shadowed": {
    severity: "error",
    title: "A module that another one hides",
    help: "Two modules have one name; which one loads depends on how the program is started.",
  },
  "import-undeclared": {
    severity: "warning",
    title: "A distribution that no requirements file declares",
    help: "Add it to the requirements that govern the package, or remove the import.",
  },
  "entry-broken": {
    severity: "error",
    title: "A documented command that cannot start",
    help: "What it names is missing, or does not load when run as written.",
  },
  "manifest-mismatch": {
    severity: "warning",
    title: "A manifest that does not match its files",
    help: "Sizes, hashes or names that the manifest states differ from what is on disk.",
  },
  syntax: {
    severity: "error",
    title: "A file that cannot be parsed",
    help: "It fails when loaded. What could be read of it was read.",
  },
  secret: {
    severity: "error",
    title: "A secret in the repository",
    help: "Revoke it first: history keeps it even after the line is removed. The value is shown nowhere.",
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** A rule's entry; undefined for one that the program does not know. */
export function ruleOf(name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name as RuleName] : undefined;
}
