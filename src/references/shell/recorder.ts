import { utf8Of } from "../byte-text.ts";
import type { Base, BuildMention, CommandMention, Extraction, Mention } from "../schema.ts";
import { hole } from "../schema.ts";
import type { Word } from "./tokens.ts";
import {
  fileFolder,
  hasUnknown,
  homeFolder,
  isAnchored,
  joinValue,
  normalPath,
  rootFolder,
  scriptItself,
  splitAnchor,
  startFolder,
} from "./values.ts";

/** Where a script starts: the bases that its relative paths may have, and what commands are told about it. */
export type ShellStart = {
  bases: readonly Base[];
  cwdBase: CommandMention["cwdBase"];
  /** The folder below `cwdBase`, where it is known. */
  cwd?: string;
  /** Absolute working directory inside the image that is built; paths then are the image's. */
  image?: string;
};

/** A script alone: people run it from its folder, its package, the repository's root or a project's between. */
export const scriptStart: ShellStart = {
  bases: [{ kind: "file" }, { kind: "package" }, { kind: "root" }, { kind: "above" }],
  cwdBase: "file",
};

export type ShellScan = {
  mentions: Mention[];
  commands: CommandMention[];
  writes: string[];
  builds: BuildMention[];
  notes: Extraction["notes"];
};

/** What several texts share that run one after another: clones, files made, files tested for. */
export class ShellSession {
  readonly clones: { folder: string; url: string }[] = [];
  readonly written = new Set<string>();
  /** Paths that the script asks about before it uses them: their absence is provided for. */
  readonly tested = new Set<string>();
  /** An archive was unpacked: folders may be here that no repository holds. */
  hasUnpacked = false;

  /** True for what was made, or lies below what was made. */
  hasMade(path: string): boolean {
    if (this.written.size === 0 || path.endsWith("/")) return false;
    if (this.written.has(path)) return true;
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1))
      if (this.written.has(path.slice(0, slash))) return true;
    return false;
  }
}

export type Placed = { path: string; bases: Base[] };

/** Collects what a scan finds and turns evaluated values into paths with their bases. */
export class Recorder {
  readonly scan: ShellScan = { mentions: [], commands: [], writes: [], builds: [], notes: [] };
  readonly session: ShellSession;
  readonly text: string;
  readonly start: ShellStart;
  readonly #offsetOf: (at: number) => number;
  readonly #lineOf: (offset: number) => number;

  constructor(
    text: string,
    start: ShellStart,
    offsetOf: (at: number) => number,
    lineOf: (offset: number) => number,
    session = new ShellSession(),
  ) {
    this.session = session;
    this.text = text;
    this.start = start;
    this.#offsetOf = offsetOf;
    this.#lineOf = lineOf;
  }

  /** A value with its markers as people read them. */
  shown(value: string): string {
    if (!/[\u0001\u0002\u0080-\u00ff]/.test(value)) return value;
    const readable = value
      .replaceAll(fileFolder, "{file}")
      .replaceAll(rootFolder, "{root}")
      .replaceAll(startFolder, "{start}")
      .replaceAll(scriptItself, "{self}")
      .replaceAll(homeFolder, "~")
      .replace(/\u0001[\u0080-\u00ff]/g, "{clone}");
    return utf8Of(readable).replaceAll("\u0002", hole);
  }

  #cloneUrl(anchor: string): string | undefined {
    const code = anchor.charCodeAt(1);
    return code >= 0x80 ? this.session.clones[code - 0x80]?.url : undefined;
  }

  /** From here on `folder`, seen from `cwd`, is a clone of `url`. */
  cloned(folder: string, cwd: string, url: string): void {
    if (this.session.clones.length >= 100) return;
    this.wrote(folder, cwd);
    this.session.clones.push({ folder: joinValue(cwd, folder), url });
  }

  /** A joined value, with the folder of a clone as the anchor of what lies in it. */
  throughClone(whole: string): string {
    for (const [index, { folder }] of this.session.clones.entries()) {
      if (whole !== folder && !whole.startsWith(`${folder}/`)) continue;
      return `\u0001${String.fromCharCode(0x80 + index)}${whole.slice(folder.length)}`;
    }
    return whole;
  }

  /** The path that a value means for a command that runs in `cwd`, and where it may start. */
  place(value: string, cwd: string): Placed {
    if (cwd === startFolder && this.session.clones.length === 0 && !isAnchored(value))
      return { path: this.shown(normalPath(value)) || ".", bases: [...this.start.bases] };
    if (!isAnchored(value) && hasUnknown(cwd)) return { path: `${hole}/${this.shown(value)}`, bases: [] };
    const whole = this.throughClone(joinValue(cwd, value));
    if (whole.startsWith("/") && this.start.image !== undefined) {
      const from = isAnchored(value) ? "/" : this.shown(cwd);
      return { path: this.shown(value), bases: [{ kind: "image", path: from }] };
    }
    const { anchor, path } = splitAnchor(whole);
    const shown = this.shown(path) || ".";
    if (anchor === startFolder || anchor === "") return { path: shown, bases: [...this.start.bases] };
    if (anchor === fileFolder) return { path: shown, bases: [{ kind: "file" }] };
    if (anchor === rootFolder) return { path: shown, bases: [{ kind: "root" }] };
    if (anchor === homeFolder) return { path: `~/${shown}`, bases: [] };
    const url = this.#cloneUrl(anchor);
    // A checkout of this repository itself has no address.
    if (url === "") return { path: shown, bases: [{ kind: "folder", path: "" }] };
    if (url !== undefined) return { path: shown, bases: [{ kind: "clone", url, path: "" }] };
    return { path: anchor === "/" ? `/${shown}` : `${hole}/${shown}`, bases: [] };
  }

  /** The script tests whether this exists. */
  tested(value: string, cwd: string): void {
    if (this.session.tested.size < 10_000) this.session.tested.add(this.#identity(value, cwd));
  }

  /** Enters a span of the script as a mention. `keep`: offset up to which a rewrite leaves the span as it stands. */
  mention(
    span: { start: number; end: number },
    found: { value: string; keep: number; keptValue?: string },
    cwd: string,
    more: Pick<Mention, "kind" | "strength"> & Partial<Pick<Mention, "use" | "key" | "encoding">>,
  ): Mention {
    const { path, bases } = this.place(found.value, cwd);
    const start = this.#offsetOf(span.start);
    const mention: Mention = {
      start,
      end: this.#offsetOf(span.end),
      line: this.#lineOf(start),
      raw: utf8Of(this.text.slice(span.start, span.end)),
      path,
      kind: more.kind,
      strength:
        more.strength === "hard" && this.#isExcused(this.#identity(found.value, cwd), bases)
          ? "soft"
          : more.strength,
      bases,
      encoding: more.encoding ?? "shell",
    };
    if (more.use !== undefined) mention.use = more.use;
    if (more.key !== undefined) mention.key = more.key;
    if (/[*?[]|\{[^{}]*,[^{}]*\}/.test(found.value)) mention.glob = true;
    const prefix =
      found.keptValue === undefined
        ? isAnchored(found.value)
          ? ""
          : splitAnchor(this.throughClone(cwd)).path
        : this.place(found.keptValue, cwd).path;
    const kept = normalPath(prefix);
    if (found.keep > span.start) mention.keep = found.keep - span.start;
    if (kept !== "" && kept !== "." && bases.length > 0 && this.start.image === undefined)
      mention.prefix = this.shown(kept);
    this.scan.mentions.push(mention);
    if (more.use === "write" || more.use === "define") this.wrote(found.value, cwd);
    return mention;
  }

  /** One text for one file, however it is written. */
  #identity(value: string, cwd: string): string {
    const { path, bases } = this.place(value, cwd);
    return bases[0]?.kind === "image" ? this.shown(joinValue(cwd, value)) : path;
  }

  /** Nothing of this repository fails: the file is tested for, made before, or somebody else's. */
  #isExcused(path: string, bases: readonly Base[]): boolean {
    return (
      this.session.tested.has(path) ||
      this.session.hasMade(path) ||
      bases.some(({ kind }) => kind === "clone")
    );
  }

  /** A use that fails without the file makes its mention a hard one. */
  harden(mention: Mention): void {
    if (!this.#isExcused(mention.path, mention.bases)) mention.strength = "hard";
  }

  /** Enters an image build: its context, and its file where the command names one. */
  build(at: number, context: string, dockerfile: string | undefined, cwd: string): void {
    const { path, bases } = this.place(context, cwd);
    const build: BuildMention = { line: this.#lineOf(this.#offsetOf(at)), context: path, bases };
    if (dockerfile !== undefined) build.dockerfile = this.place(dockerfile, cwd).path;
    this.scan.builds.push(build);
  }

  /** Notes a path that the script makes: a file, a folder, a clone, a download. */
  wrote(value: string, cwd: string): void {
    if (value === "" || value.startsWith(unknownStart)) return;
    const path = this.#identity(value, cwd);
    if (path === "." || path.startsWith("/dev/") || this.session.written.has(path)) return;
    this.session.written.add(path);
    this.scan.writes.push(path);
  }

  /** Enters a command as written, its words evaluated. */
  command(
    words: readonly Word[],
    values: readonly string[],
    cwd: string,
    environment: readonly [name: string, value: string][],
  ): void {
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) return;
    const start = this.#offsetOf(first.start);
    const command: CommandMention = {
      start,
      end: this.#offsetOf(last.end),
      line: this.#lineOf(start),
      words: values.map((value) => this.shown(value)),
      cwdBase: this.start.cwdBase,
      environment: Object.fromEntries(environment.map(([name, value]) => [name, this.shown(value)])),
    };
    this.#placeCommand(command, cwd);
    this.scan.commands.push(command);
  }

  #placeCommand(command: CommandMention, cwd: string): void {
    if (this.start.image !== undefined && cwd.startsWith("/")) {
      command.cwd = this.shown(cwd);
      return;
    }
    const { anchor, path } = splitAnchor(this.throughClone(cwd));
    const shown = this.shown(path);
    if (anchor === startFolder) {
      const below = normalPath([this.start.cwd ?? "", shown].filter((one) => one !== "").join("/"));
      if (below !== "" || this.start.cwd !== undefined) command.cwd = below;
    } else if (anchor === fileFolder || anchor === rootFolder) {
      command.cwdBase = anchor === fileFolder ? "file" : "root";
      command.cwd = shown;
    } else {
      const url = this.#cloneUrl(anchor);
      command.cwdBase = "root";
      command.cwd = url === undefined ? (anchor === "/" ? `/${shown}` : hole) : shown;
      if (url !== undefined && url !== "") command.clone = url;
    }
  }
}

const unknownStart = "\u0002";
