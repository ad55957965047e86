import { lineCounter, utf8Of } from "../byte-text.ts";
import type { Base, BuildMention, CommandMention, Extraction, ImportMention, Mention } from "../schema.ts";

/** A mention without what its span already says. */
export type MentionDraft = Omit<Mention, "raw" | "line" | "path" | "bases"> & {
  /** Default: the span itself, `\` as `/`. */
  path?: string;
  bases?: readonly Base[];
};

/** Where soft statements about files may start: the file's folder, its package, the repository. */
export const proseBases: readonly Base[] = [{ kind: "file" }, { kind: "package" }, { kind: "root" }];
export const fileBase: readonly Base[] = [{ kind: "file" }];

/** Collects the mentions of one text; fills in `raw`, `line` and plain paths. */
export class MentionList {
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  readonly mentions: Mention[] = [];
  readonly notes: Extraction["notes"] = [];
  readonly commands: CommandMention[] = [];
  readonly imports: ImportMention[] = [];
  readonly writes: string[] = [];
  readonly builds: BuildMention[] = [];

  constructor(text: string) {
    this.text = text;
    this.lineOf = lineCounter(text);
  }

  add({ path, bases, ...draft }: MentionDraft): Mention | undefined {
    if (draft.end <= draft.start) return undefined;
    const raw = utf8Of(this.text.slice(draft.start, draft.end));
    const mention: Mention = {
      ...draft,
      line: this.lineOf(draft.start),
      raw,
      path: path ?? raw.replaceAll("\\", "/"),
      bases: [...(bases ?? proseBases)],
    };
    this.mentions.push(mention);
    return mention;
  }

  /** The extraction, mentions in order of place; of several for one span the first stands. */
  done(extra: Partial<Extraction> = {}): Extraction {
    const order = this.mentions.map((mention, at) => ({ mention, at }));
    order.sort((a, b) => a.mention.start - b.mention.start || a.mention.end - b.mention.end || a.at - b.at);
    const mentions: Mention[] = [];
    for (const { mention } of order) {
      const last = mentions.at(-1);
      if (last !== undefined && last.start === mention.start && last.end === mention.end) continue;
      mentions.push(mention);
    }
    return {
      ...extra,
      mentions,
      ...(this.commands.length === 0 ? {} : { commands: this.commands }),
      ...(this.builds.length === 0 ? {} : { builds: this.builds }),
      ...(this.imports.length === 0 ? {} : { imports: this.imports }),
      ...(this.writes.length === 0 ? {} : { writes: [...new Set(this.writes)] }),
      notes: this.notes,
    };
  }
}

/** What a line says around a span, at most 80 characters on either side: `before…after`. */
export function remarkAround(
  text: string,
  lineStart: number,
  lineEnd: number,
  start: number,
  end: number,
): string {
  const before = text.slice(Math.max(lineStart, start - 80), start);
  const after = text.slice(end, Math.min(lineEnd, end + 80));
  return utf8Of(`${before}\u0085${after}`.replace(/[ \t]+/g, " ")).replace(/\u0085|\ufffd/g, "…");
}

/** A link's destination as the path that it means: percent escapes resolved where they are valid UTF-8. */
export function unescapePercent(latin1: string): string {
  const text = utf8Of(latin1);
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
