/** The key of a generated repository: what an audit of it must find. Paths are relative to the repository's root. */
export type AnswerKey = {
  version: 1;
  seed: number;
  flags: SampleFlags;
  /** HEAD; null without git. */
  commit: string | null;
  /** Folders, or single guides, that are training packages. */
  packages: string[];
  groups: { blob: string; bytes: number; paths: string[] }[];
  boilerplate: { groups: number; files: number };
  /** Folders with the same files and bytes. */
  folders: { a: string; b: string; identical: number }[];
  copies: CopyAnswer[];
  configs: { a: string; b: string; differences: { key: string; a?: unknown; b?: unknown }[] }[];
  references: ReferenceAnswer[];
  imports: ImportAnswer[];
  entries: EntryAnswer[];
  datasets: DatasetAnswer[];
  collisions: CollisionAnswer[];
  secrets: { path: string; line: number; start: number; end: number; kind: string }[];
  /** Files that git tracks although a rule ignores them, and rules that would swallow a file moved to `target`. */
  ignored: { tracked: string[]; swallowed: { target: string; rule: string }[] };
  plan: PlanAnswer;
};

export type SampleFlags = {
  scale: number;
  root: "above" | "at";
  git: boolean;
  shallow: boolean;
  crlf: boolean;
};

/** `a` is the older or derived one; any of `relations` is right. `commits`: where `b` was what `a` is, or where they parted. */
export type CopyAnswer = {
  a: string;
  b: string;
  relations: CopyRelation[];
  commits?: string[];
  behind?: number;
  /** Alike enough that finding the pair is no fault, and not finding it neither. */
  optional?: true;
};
export type CopyRelation = "older" | "diverged" | "similar" | "format-only";

export type ReferenceClass =
  | "provenance"
  | "resolves"
  | "declared-missing"
  | "dynamic"
  | "external"
  | "machine"
  | "placeholder"
  | "generated"
  | "missing-data"
  | "stale"
  | "unknown";

/** `accept`: other classes that are as right. `fix.to`: the file or folder that a right fix leads to. `format`: of its place. */
export type ReferenceAnswer = {
  path: string;
  line: number;
  start: number;
  end: number;
  raw: string;
  format: string;
  class: ReferenceClass;
  accept?: ReferenceClass[];
  target?: string;
  fix?: { to: string; certainty: "certain" | "likely" };
  /** The path is put together from several strings: any reference that overlaps the span will do. */
  loose?: true;
};

export type ImportClass =
  | "resolves"
  | "installed-elsewhere"
  | "undeclared"
  | "optional"
  | "internal-missing"
  | "relative-without-parent"
  | "name-missing";

/** `module` as written, leading dots included. `target`: the file that is loaded. */
export type ImportAnswer = {
  path: string;
  line: number;
  module: string;
  class: ImportClass;
  accept?: ImportClass[];
  target?: string;
};

/**
 * How something is started, whether its internal imports load, and which modules do not, also those that modules ask
 * for in turn. `nameless`: modules that are there but lack a name, `lazy`: missing ones asked for inside functions; a
 * report may list either under `missing` or not.
 */
export type EntryAnswer = {
  path: string;
  mode: "script" | "module" | "console" | "asgi";
  cwd: string;
  environment: Record<string, string>;
  loads: boolean;
  missing: string[];
  nameless?: string[];
  lazy?: string[];
};

/** `optional`: made by code here; a report may list it or not. */
export type DatasetAnswer = {
  name: string;
  state: "present" | "remote" | "missing" | "regenerable";
  pointer?: string;
  optional?: true;
  mentions: { path: string; line: number }[];
};

/** `case`: equal after case folding; `module`: one import name, several files once merged; `pypi`: named like a distribution. */
export type CollisionAnswer = { kind: "case" | "module" | "pypi"; name: string; paths: string[] };

export type PlanAnswer = {
  home: string;
  targets: { from: string; to: string }[];
  canonical: { keep: string; instead: string[]; reason: string }[];
};
