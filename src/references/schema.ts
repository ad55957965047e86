/** Why something is believed. Never quotes a secret or a data file's text. */
export type Evidence = { kind: string; text: string; path?: string; line?: number; commit?: string };

export type Confidence = "certain" | "likely" | "possible";

/** A replacement of the bytes [start, end) of the reference's file. */
export type Fix = { start: number; end: number; text: string; certainty: Confidence };

/**
 * Where a mention's path may start, first match wins. `file`: the mentioning file's folder; `root`: the repository;
 * `package`: the package that holds the file; `cwd`: the folder `path` below the repository's root (after `cd`, or
 * as documented); `folder`: the same, but a fact (build context, `working-directory`), so nothing else is tried after
 * it; `search`: an entry of a search path.
 */
export type Base =
  | { kind: "file" }
  | { kind: "root" }
  | { kind: "package" }
  | { kind: "cwd"; path: string }
  | { kind: "folder"; path: string }
  | { kind: "search"; path: string }
  /** Every folder above the file's own, nearest first: a script that its project's root runs. */
  | { kind: "above" }
  /**
   * The folder `path` (absolute; "" its WORKDIR) of the image that the mentioning Dockerfile or `build` builds: resolved
   * through its COPY lines.
   */
  | { kind: "image"; path: string; build?: BuildMention }
  /** The folder `path` of a fresh clone of `url`: this repository if the URL is its own, else somebody else's. */
  | { kind: "clone"; url: string; path: string }
  /** Each build context with which the mentioning Dockerfile is built. */
  | { kind: "context" };

/** Stands in `Mention.path`, `CommandMention.words` and `CommandMention.cwd` for what nobody knows before it runs. */
export const hole = "{…}";

/** How a mention stands in its file. Formats may add kinds; they are shown, not interpreted. */
export type MentionKind =
  | "link"
  | "image"
  | "anchor"
  | "inline-code"
  | "fence"
  | "tree"
  | "list"
  | "value"
  | "key"
  | "string"
  | "argument"
  | "command"
  | "source"
  | "redirect"
  | "copy"
  | "mount"
  | "context"
  | "include"
  | "pattern"
  | "module"
  | "url"
  | "symlink"
  | "text";

/**
 * What an extractor found: a span of a file that may name another file or folder. A pure function of the file's bytes
 * and format, so that it can be cached by blob. `start`, `end`: byte offsets on disk; the span covers the path alone,
 * without quotes, and without `#anchor` or `?query`.
 */
export type Mention = {
  start: number;
  end: number;
  line: number;
  /** The bytes of the span as text. */
  raw: string;
  /** The path that is meant: unescaped, `\` as `/`, constant variables put in. `{…}` marks a hole that stays unknown. */
  path: string;
  kind: MentionKind;
  /**
   * `hard`: something fails if the file is missing (link, COPY, source, command, a file that code opens for reading);
   * `soft`: a statement about files (inline code, prose in a fence, a tree, a list, a config value);
   * `weak`: only looks like a path.
   */
  strength: "hard" | "soft" | "weak";
  bases: Base[];
  /** How the file is used where that can be seen. `define`: this place creates it (`%%writefile`, a heredoc). */
  use?: "read" | "write" | "define" | "run" | "import";
  /** Key, function, option or column that holds it: evidence for data, output, model ids, provenance, missing lists. */
  key?: string;
  /** Has `*`, `?`, `[` or `{a,b}` that its format expands. */
  glob?: boolean;
  /** Bytes at the span's start that a rewrite keeps: a variable and its slash (`${SCRIPT_DIR}/`). The whole span: leave it. */
  keep?: number;
  /**
   * Folder below the base that the span's text after `keep` starts at (after `cd egs`, or what the kept variable stands
   * for). `path` already includes it.
   */
  prefix?: string;
  /** Of a dotted name: folders below the base where it is looked for first (after `cd`, of `PYTHONPATH`). */
  folders?: string[];
  /** Other readings of the span, tried from the same bases after `path` (a `cd` of an earlier fence). */
  otherPaths?: string[];
  /** The heading, list title or comment that governs it ("Missing files", "Copied from", "Planned structure"). */
  heading?: string;
  /** What the same line or item says about it besides ("(missing)", "# written by train.py"). */
  remark?: string;
  /** Offset where the tree, list, table or fence that holds it begins: mentions of one group are judged together. */
  group?: number;
  /** What of the span a rewrite must keep as it is: `./` prefix, trailing slash, quoting are handled by splicing. */
  encoding?:
    | "plain"
    | "percent"
    | "json"
    | "python"
    | "shell"
    | "yaml"
    | "toml"
    | "html"
    | "regex"
    | "dotted";
};

/** An `import` of a Python file, as written. `names`: those taken by `from … import`. */
export type ImportMention = {
  start: number;
  end: number;
  line: number;
  module: string;
  level: number;
  names: string[];
  star: boolean;
  /** Inside `try: … except ImportError`, under `TYPE_CHECKING`, inside a function. */
  guarded: boolean;
  typeChecking: boolean;
  lazy: boolean;
  /** The `try` (or condition on what is installed) that guards it, and which of its branches: others are alternatives. */
  attempt?: number;
  branch?: number;
  /** The code asks before whether the file is there, or expects that the import fails. */
  tested?: boolean;
  /** Below the main guard: runs only when the file is started. */
  main?: boolean;
  /** Named by a string (`importlib.import_module("a.b")`). */
  string?: boolean;
};

/** A command that starts something of this repository, as found in docs, scripts, images, jobs, project files. */
export type CommandMention = {
  start: number;
  end: number;
  line: number;
  /**
   * The command as written (`entries` unwraps launchers), constant variables put in. Folders that only the place of the
   * file tells: `{file}` its folder, `{root}` the repository, `{start}` where the script was started, `{self}` the script.
   */
  words: string[];
  /** Folder it runs in, relative to `cwdBase`, where the place says so (after `cd`, `WORKDIR`); `{…}` if unknown. */
  cwd?: string;
  /** The command runs in a fresh clone of this URL, `cwd` relative to it: this repository if the URL is its own. */
  clone?: string;
  /** The build of the image that it runs in, where the place names one. */
  build?: BuildMention;
  cwdBase: "file" | "root" | "image";
  environment: Record<string, string>;
};

/** An image build that a file asks for. Context and Dockerfile are paths that start at one of `bases`. */
export type BuildMention = { line: number; context: string; dockerfile?: string; bases: Base[] };

/** What a Dockerfile's stage puts where. Paths in the image are absolute; `{…}` where a variable is not known. */
export type ImageStage = {
  name?: string;
  /** The image or the earlier stage that it starts from. */
  from: string;
  /** In order; `source` of another stage or image is `stage`. */
  copies: { sources: string[]; target: string; stage?: string; line: number }[];
  /** Paths that its RUN lines or here-documents make. */
  made: string[];
  workdir: string;
  environment: Record<string, string>;
  entrypoint?: string[];
  command?: string[];
};

/** A link with a fragment: `start` is where its path begins, or its `#` if it stays on the page. */
export type Fragment = { start: number; end: number; line: number; to: string; anchor: string };

/** All that one file says. `notes`: what could not be understood (`utf-16`, `syntax`, `helm-template`). */
export type Extraction = {
  mentions: Mention[];
  imports?: ImportMention[];
  commands?: CommandMention[];
  /** Edits of the module search path as source expressions, already evaluated to base-relative folders where possible. */
  searchPaths?: {
    path: string | null;
    line: number;
    base: "file" | "cwd";
    position?: "first" | "last";
    lazy?: boolean;
  }[];
  /** Top-level names that a module defines; `hasMain`: it has a main guard. */
  defines?: string[];
  hasMain?: boolean;
  builds?: BuildMention[];
  /** Stages of a Dockerfile, in order. */
  stages?: ImageStage[];
  /** Files that this file writes, as evidence for the class `generated`. */
  writes?: string[];
  /** Anchors of a Markdown page, in lower case, and its links with a fragment. */
  anchors?: string[];
  fragments?: Fragment[];
  /** A Markdown page's first sentence of prose. */
  lead?: { text: string; line: number };
  /** A page that a template or other files complete. */
  isTemplate?: boolean;
  /** Distributions that a notebook's own cells install. */
  installs?: string[];
  /** It downloads or unpacks files. */
  fetches?: boolean;
  /** A script that runs things in containers, also where the command is put together. */
  startsContainers?: boolean;
  notes: { code: string; message: string; line?: number }[];
};

/**
 * One format. `text` is the file decoded as latin1 after a BOM was cut (`bomBytes` tells how many bytes to add to offsets):
 * one character is one byte, so that offsets are bytes and invalid UTF-8 survives. Convert with `utf8Of` for `raw`.
 */
export type Extractor = {
  format: string;
  /** Part of the cache key: raise it whenever the output changes. */
  version: number;
  /** By path, and for files without a telling name by their first 256 bytes. */
  matches(path: string, head: string): boolean;
  extract(text: string, path: string): Extraction;
};

export const referenceClasses = [
  "provenance",
  "resolves",
  "declared-missing",
  "dynamic",
  "external",
  "machine",
  "placeholder",
  "generated",
  "missing-data",
  "stale",
  "unknown",
] as const;
export type ReferenceClass = (typeof referenceClasses)[number];

/** A mention with its verdict, as the JSON report lists it. */
export type Reference = {
  path: string;
  line: number;
  start: number;
  end: number;
  kind: string;
  raw: string;
  class: ReferenceClass;
  /** The path looked for, `../…` above the root; also given where nothing exists. */
  target?: string;
  /** The base that made it resolve: `file`, `root`, `package`, `cwd:…`, `mount`, `image:…`, `search:…`. */
  base?: string;
  /** Of what is gone or was never committed: every place looked at, the likeliest first. */
  tried?: { base: string; target: string }[];
  confidence: Confidence;
  evidence: Evidence[];
  fix?: Fix;
};

export const importClasses = [
  "resolves",
  "installed-elsewhere",
  "undeclared",
  "optional",
  "internal-missing",
  "relative-without-parent",
  "name-missing",
] as const;
export type ImportClass = (typeof importClasses)[number];

/** An import with its verdict; `module` as written, leading dots included. The worst entry's class names the row. */
export type ImportReference = {
  path: string;
  line: number;
  /** Bytes of the module's name with its dots. */
  start: number;
  end: number;
  module: string;
  class: ImportClass;
  target?: string;
  /** The name that the module lacks, or the part of its dotted name that is not there. */
  name?: string;
  byEntry: { entry: string; class: ImportClass; target?: string }[];
  /** Entries with the same good news beyond the first twenty. */
  entriesNotListed?: number;
};

/** Something that people or jobs start. `loads`: every internal import of it resolves when run so. */
export type EntryPoint = {
  id: string;
  path: string;
  command: string;
  cwd: string;
  mode: "script" | "module" | "console" | "asgi";
  environment: Record<string, string>;
  loads: boolean;
  missing: string[];
};
