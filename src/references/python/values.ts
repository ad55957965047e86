import type { Mention } from "../schema.ts";

/** A literal's content in the file, and the path before it inside the joined value. */
export type Piece = { readonly start: number; readonly end: number; readonly before: string };

/**
 * What an expression is known to be: a string or path with holes, or a container of such. Text is latin1-decoded.
 * `base`: where it starts (`file`: this file's folder; `cwd`). `self`: this very file.
 */
export type Value = {
  readonly text: string;
  readonly base: "none" | "file" | "cwd";
  readonly self?: boolean;
  readonly pieces: readonly Piece[];
  /** Made by a path function, so that a lone word in it is a path. */
  readonly isPath?: boolean;
  readonly items?: readonly (Value | undefined)[];
  readonly entries?: readonly { key: Value | undefined; value: Value | undefined }[];
  /** The mention made of it where it was defined; later uses make that one stronger. */
  mention?: Mention;
};

/** A part of a value that stays unknown; latin1-decoded bytes of `{…}`. */
export const hole = Buffer.from("{…}", "utf8").toString("latin1");

/** Stands for the name of the file that holds an expression, where its path is taken for a folder. */
export const ownName = "__file__";

export const unknownPath: Value = { text: hole, base: "none", pieces: [] };

export const isContainer = (value: Value): boolean =>
  value.items !== undefined || value.entries !== undefined;

const trimSlash = (text: string): string =>
  text.length > 1 && text.endsWith("/") ? text.slice(0, -1) : text;

function moved(pieces: readonly Piece[], before: string): Piece[] {
  return pieces.map((piece) => ({ ...piece, before: before + piece.before }));
}

/** `a / b`, `os.path.join(a, b)`. */
export function joinValues(a: Value, b: Value): Value {
  if (b.text.startsWith("/") || b.base !== "none" || b.self === true) return { ...b, isPath: true };
  // Of a file itself the first `..` leads to its folder.
  const from = a.self === true && b.text.startsWith("..") ? ownName : a.text;
  const prefix = from === "" ? "" : `${trimSlash(from)}/`;
  const start = a.text === "/" ? "/" : prefix;
  return {
    text: start + b.text,
    base: a.base,
    pieces: [...a.pieces, ...moved(b.pieces, start)],
    isPath: true,
  };
}

/** `a + b`; a known folder plus `/x` is a joined path. */
export function concatenate(a: Value, b: Value): Value | undefined {
  if (b.base !== "none" || b.self === true || a.self === true) return undefined;
  if (a.base !== "none" && a.text === "" && b.text.startsWith("/")) {
    return { text: b.text.slice(1), base: a.base, pieces: [...a.pieces, ...b.pieces], isPath: true };
  }
  return {
    text: a.text + b.text,
    base: a.base,
    pieces: [...a.pieces, ...moved(b.pieces, a.text)],
    ...(a.isPath === true ? { isPath: true } : {}),
  };
}

/** The folder above: `.parent`, `os.path.dirname`. */
export function parentOf(value: Value): Value {
  if (value.self === true) return { text: "", base: "file", pieces: [], isPath: true };
  const text = trimSlash(value.text);
  const last = text.slice(text.lastIndexOf("/") + 1);
  if (text === "" || text === "." || last === "..") {
    const above = text === "" || text === "." ? ".." : `${text}/..`;
    return { text: above, base: value.base, pieces: value.pieces, isPath: true };
  }
  const slash = text.lastIndexOf("/");
  return {
    text: slash < 0 ? "" : text.slice(0, slash),
    base: value.base,
    pieces: value.pieces.filter((piece) => piece.before.length <= slash),
    isPath: true,
  };
}

/** Placeholders of `.format` and `%` as holes. */
export function fillHoles(value: Value, pattern: RegExp): Value {
  return { ...value, text: value.text.replace(pattern, hole) };
}
