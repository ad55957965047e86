import { utf8Of } from "../byte-text.ts";
import { hole, type Base, type Mention, type MentionKind } from "../schema.ts";
import { pathTextOf } from "./string-literals.ts";
import type { Value } from "./values.ts";

type Wanted = {
  strength: Mention["strength"];
  use?: NonNullable<Mention["use"]>;
  key?: string;
  kind?: MentionKind;
  glob?: boolean;
};

const anywhere: Base[] = [{ kind: "file" }, { kind: "package" }, { kind: "root" }];
const ownFolder: Base[] = [{ kind: "file" }];
const fromWorking: Base[] = [{ kind: "package" }, { kind: "root" }, { kind: "file" }];
const ranks = { weak: 0, soft: 1, hard: 2 } as const;

/** Collects mentions of one text; a later, stronger use of the same literal upgrades its mention. */
export class MentionSink {
  readonly mentions: Mention[] = [];
  readonly writes = new Set<string>();
  readonly #text: string;
  readonly #byStart = new Map<number, Mention>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Enters a value's path. Its span is the literal that ends the path, or the one before its first hole. */
  enter(value: Value, wanted: Wanted): void {
    const path = pathTextOf(value);
    const isDynamic = path.includes(hole);
    const piece = isDynamic
      ? (value.pieces.find(({ start, end }) => this.#text.slice(start, end).includes("/")) ?? value.pieces[0])
      : value.pieces.at(-1);
    if (piece === undefined || piece.start === piece.end) {
      if (value.mention !== undefined) this.#upgrade(value.mention, wanted);
      return;
    }
    if (wanted.use === "write" || wanted.use === "define") this.writes.add(path);
    const known = this.#byStart.get(piece.start);
    if (known !== undefined) {
      if (known.path === path || value.mention === known) this.#upgrade(known, wanted);
      value.mention ??= known;
      return;
    }
    const bases = value.base === "file" ? ownFolder : value.base === "cwd" ? fromWorking : anywhere;
    const mention: Mention = {
      start: piece.start,
      end: piece.end,
      line: 0,
      raw: utf8Of(this.#text.slice(piece.start, piece.end)),
      path: value.base === "none" && path.startsWith("/") ? path : path.replace(/^\//, ""),
      kind: wanted.kind ?? "string",
      strength: wanted.strength,
      bases,
      ...(wanted.use === undefined ? {} : { use: wanted.use }),
      ...(wanted.key === undefined || wanted.key === "" ? {} : { key: utf8Of(wanted.key) }),
      ...(wanted.glob === true ? { glob: true } : {}),
      encoding: wanted.kind === "module" ? "dotted" : "python",
    };
    const keep = isDynamic ? 0 : keptBytes(mention.raw);
    if (keep > 0) mention.keep = keep;
    const prefix = utf8Of(prefixOf(piece.before, keep, mention)).replace(/\/$/, "");
    if (prefix !== "") mention.prefix = prefix;
    this.#byStart.set(piece.start, mention);
    this.mentions.push(mention);
    value.mention = mention;
  }

  #upgrade(mention: Mention, wanted: Wanted): void {
    if (ranks[wanted.strength] > ranks[mention.strength]) mention.strength = wanted.strength;
    if (wanted.use !== undefined && (mention.use === undefined || wanted.use === "write"))
      mention.use = wanted.use;
    if (wanted.glob === true) mention.glob = true;
    if (mention.key === undefined && wanted.key !== undefined && wanted.key !== "")
      mention.key = utf8Of(wanted.key);
    if (wanted.use === "write") this.writes.add(mention.path);
  }
}

/** Bytes of `{ROOT}/` at the start of an f-string whose first hole is known. */
function keptBytes(raw: string): number {
  const match = /^\{[^{}]*\}\/?/.exec(raw);
  return match === null ? 0 : Buffer.byteLength(match[0]);
}

/** The folder below the base at which the span's text after `keep` starts. */
function prefixOf(before: string, keep: number, mention: Mention): string {
  if (keep === 0) return before;
  const rest = mention.raw.slice(keep);
  return mention.path.endsWith(rest) ? mention.path.slice(0, mention.path.length - rest.length) : before;
}
