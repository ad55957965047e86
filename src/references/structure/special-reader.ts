import { appendAll } from "./append.ts";
import { lineCounter, utf8Of } from "../byte-text.ts";
import type { Base, BuildMention, CommandMention, Extraction, Mention } from "../schema.ts";
import {
  scanArguments,
  scanShell,
  type ShellScan,
  type ShellSession,
  type ShellStart,
} from "../shell/index.ts";
import type { Scalar } from "./scalar.ts";

type Span = { start: number; end: number };

export type PathMeaning = Pick<Mention, "kind" | "strength"> &
  Partial<Pick<Mention, "use" | "key" | "glob" | "prefix" | "encoding">> & {
    bases: readonly Base[];
    /** The path that is meant, where it is not the span's text. */
    path?: string;
  };

const holePattern = /\$\{\{[\s\S]*?\}\}|\{\{[\s\S]*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*/g;

/** A value of a structured file with its variables as holes, as UTF-8. */
export function withHoles(latin1: string): string {
  return utf8Of(latin1).replace(/\\/g, "/").replace(holePattern, "{…}");
}

/** `\\"` in a quoted text is a quote to the shell: blanked to one, so that positions stay. */
function maskEscapes(text: string, scalars: readonly Scalar[]): string {
  if (scalars.every(({ isVerbatim }) => isVerbatim)) return text;
  let out = "";
  let at = 0;
  for (const { start, end, isVerbatim } of scalars) {
    if (isVerbatim || start < at) continue;
    const inner = text
      .slice(start, end)
      .replace(/\\"/g, ' "')
      .replace(/\\[nt]/g, "  ")
      .replace(/\\\\/g, " \\");
    out += text.slice(at, start) + inner;
    at = end;
  }
  return out + text.slice(at);
}

/** Collects what a special format says, and lays it over what the generic reading of the same file found. */
export class SpecialReader {
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  readonly mentions: Mention[] = [];
  readonly commands: CommandMention[] = [];
  readonly builds: BuildMention[] = [];
  readonly writes: string[] = [];
  readonly notes: Extraction["notes"] = [];
  readonly #claimed: Span[] = [];

  constructor(text: string) {
    this.text = text;
    this.lineOf = lineCounter(text);
  }

  /** The generic reading has no say about this span. */
  claim({ start, end }: Span): void {
    this.#claimed.push({ start, end });
  }

  /** Enters a span as a path. */
  path(span: Span, { bases, path, ...meaning }: PathMeaning): Mention | undefined {
    if (span.end <= span.start) return undefined;
    this.claim(span);
    const raw = utf8Of(this.text.slice(span.start, span.end));
    const mention: Mention = {
      start: span.start,
      end: span.end,
      line: this.lineOf(span.start),
      raw,
      path: path ?? withHoles(this.text.slice(span.start, span.end)),
      bases: [...bases],
      ...meaning,
    };
    if (mention.glob === undefined && /[*?[]|\{[^{}…]*,[^{}]*\}/.test(mention.path)) mention.glob = true;
    if (mention.glob === false) delete mention.glob;
    this.mentions.push(mention);
    return mention;
  }

  /** Enters a scalar's text as a path. */
  scalar(scalar: Scalar, meaning: PathMeaning): Mention | undefined {
    return this.path(scalar, { encoding: scalar.encoding, path: withHoles(scalar.value), ...meaning });
  }

  /** Reads scalars as commands that one shell runs in turn. */
  shell(
    scalars: readonly Scalar[],
    start: ShellStart,
    options: { variables?: Record<string, string>; session?: ShellSession; cwd?: string | null } = {},
  ): ShellScan | undefined {
    for (const scalar of scalars) this.claim(scalar);
    const parts = scalars.map(({ start, end }) => ({ from: start, to: end }));
    if (parts.length === 0) return undefined;
    const masked = maskEscapes(this.text, scalars);
    const scan = scanShell(this.text, { parts, start, masked, lineOf: this.lineOf, ...options });
    appendAll(this.mentions, scan.mentions);
    appendAll(this.commands, scan.commands);
    appendAll(this.builds, scan.builds);
    appendAll(this.writes, scan.writes);
    return scan;
  }

  /** Reads a value as options and operands of a tool that runs in a folder. */
  options(scalar: Scalar, bases: readonly Base[]): void {
    this.claim(scalar);
    if (!scalar.isVerbatim) return;
    const scan = scanArguments(this.text, {
      from: scalar.start,
      to: scalar.end,
      lineOf: this.lineOf,
      start: { bases, cwdBase: "file", cwd: "" },
    });
    appendAll(this.mentions, scan.mentions);
  }

  /** Enters words that each stand as a value of their own (`["python", "a.py"]`) as one command. */
  words(
    scalars: readonly Scalar[],
    place: Pick<CommandMention, "cwdBase"> & Partial<Pick<CommandMention, "cwd" | "environment" | "build">>,
  ): void {
    const [first] = scalars;
    const last = scalars.at(-1);
    if (first === undefined || last === undefined) return;
    this.commands.push({
      start: first.start,
      end: last.end,
      line: this.lineOf(first.start),
      words: scalars.map(({ value }) => withHoles(value)),
      environment: {},
      ...place,
    });
  }

  /** Everything in order of place; of the generic reading what no special one claims. */
  done(generic?: Extraction): Extraction {
    const claimed = this.#claimed.sort((a, b) => a.start - b.start);
    const isFree = ({ start, end }: Span): boolean =>
      !claimed.some((one) => one.start < end && start < one.end);
    // Keys of a special format are its own words: `dockerfile:` names no file.
    const others = (generic?.mentions ?? []).filter((mention) => mention.kind !== "key" && isFree(mention));
    const mentions = [...this.mentions, ...others];
    mentions.sort((a, b) => a.start - b.start || a.end - b.end);
    const extraction: Extraction = {
      ...generic,
      mentions,
      commands: [...this.commands, ...(generic?.commands ?? []).filter(isFree)],
      writes: [...new Set([...this.writes, ...(generic?.writes ?? [])])],
      notes: [...(generic?.notes ?? []), ...this.notes],
    };
    if (this.builds.length > 0) extraction.builds = this.builds;
    return extraction;
  }
}
