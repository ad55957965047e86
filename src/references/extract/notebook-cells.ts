import { latin1Of, utf8Of } from "../byte-text.ts";

/** One cell: its source as latin1 text, and where each character stands in the file. */
export type Cell = {
  kind: string;
  text: string;
  /** File offset of a position in the text. */
  offsetOf(at: number): number;
  /** Bytes that the character at a position takes in the file: more than one for an escape. */
  widthAt(at: number): number;
};

type Piece = {
  at: number;
  offset: number;
  escapes?: { at: number; offset: number; width: number }[];
  length: number;
};

/** A JSON string's text, with the places of its escapes. */
function readString(
  text: string,
  open: number,
): { value: string; end: number; escapes: { at: number; offset: number; width: number }[] } | undefined {
  let value = "";
  const escapes: { at: number; offset: number; width: number }[] = [];
  let from = open + 1;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') return { value: value + text.slice(from, at), end: at + 1, escapes };
    if (character === "\n") return undefined;
    if (character !== "\\") continue;
    value += text.slice(from, at);
    const width = text[at + 1] === "u" ? 6 : 2;
    const piece = text.slice(at, at + width);
    let meant: string;
    try {
      meant = latin1Of(JSON.parse(`"${piece}"`) as string);
    } catch {
      return undefined;
    }
    for (let index = 0; index < meant.length; index++)
      escapes.push({ at: value.length + index, offset: at, width });
    value += meant;
    at += width - 1;
    from = at + 1;
  }
  return undefined;
}

/** The cells of a notebook's text; undefined if it is none. Reads sources and types alone, outputs are stepped over. */
export function cellsOf(text: string): Cell[] | undefined {
  if (!/^[ \t\r\n]*\{/.test(text.slice(0, 1000))) return undefined;
  const cells: Cell[] = [];
  // Keys by depth: sources are at cells[i].source, or worksheets[0].cells[i].input in version 3.
  const stack: { isObject: boolean; key: string }[] = [];
  let kind = "";
  let pieces: { offset: number; value: string; escapes: { at: number; offset: number; width: number }[] }[] =
    [];
  const inCell = (): boolean => {
    const depth = stack.length;
    return (
      depth >= 3 &&
      stack[depth - 3]?.key === "cells" &&
      stack[depth - 2]?.isObject === false &&
      stack[depth - 1]?.isObject === true
    );
  };
  for (let at = 0; at < text.length;) {
    const character = text[at];
    if (character === "{" || character === "[") {
      if (stack.length > 2000) return cells;
      stack.push({ isObject: character === "{", key: "" });
      if (character === "{" && inCell()) {
        kind = "";
        pieces = [];
      }
      at++;
    } else if (character === "}" || character === "]") {
      if (character === "}" && inCell() && pieces.length > 0) cells.push(makeCell(kind, pieces));
      stack.pop();
      const top = stack.at(-1);
      if (top?.isObject === true) top.key = "";
      at++;
    } else if (character === ",") {
      const top = stack.at(-1);
      if (top?.isObject === true) top.key = "";
      at++;
    } else if (character === '"') {
      const read = readString(text, at);
      if (read === undefined) {
        // A broken string: go on at the next line.
        const newline = text.indexOf("\n", at);
        if (newline < 0) break;
        at = newline + 1;
        continue;
      }
      const top = stack.at(-1);
      if (top?.isObject === true && top.key === "") top.key = utf8Of(read.value);
      else if (top?.isObject === true && inCell()) {
        if (top.key === "cell_type") kind = read.value;
        else if (top.key === "source" || top.key === "input") pieces.push({ offset: at + 1, ...read });
      } else if (isSourceList(stack)) pieces.push({ offset: at + 1, ...read });
      at = read.end;
    } else at++;
  }
  return cells;
}

function isSourceList(stack: readonly { isObject: boolean; key: string }[]): boolean {
  const depth = stack.length;
  const cell = stack[depth - 2];
  return (
    stack[depth - 1]?.isObject === false &&
    cell?.isObject === true &&
    (cell.key === "source" || cell.key === "input") &&
    stack[depth - 4]?.key === "cells"
  );
}

function makeCell(
  kind: string,
  parts: readonly {
    offset: number;
    value: string;
    escapes: { at: number; offset: number; width: number }[];
  }[],
): Cell {
  const pieces: Piece[] = [];
  let text = "";
  for (const { offset, value, escapes } of parts) {
    pieces.push({ at: text.length, offset, escapes, length: value.length });
    text += value;
  }
  const pieceAt = (at: number): Piece => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle] as Piece).at <= at) low = middle;
      else high = middle - 1;
    }
    return pieces[low] as Piece;
  };
  const escapeBefore = (
    piece: Piece,
    at: number,
  ): { at: number; offset: number; width: number } | undefined => {
    const list = piece.escapes ?? [];
    let low = -1;
    let high = list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((list[middle] as { at: number }).at <= at) low = middle;
      else high = middle - 1;
    }
    return low < 0 ? undefined : list[low];
  };
  return {
    kind,
    text,
    offsetOf(at) {
      const piece = pieceAt(at);
      const inside = at - piece.at;
      const escape = escapeBefore(piece, inside);
      if (escape === undefined) return piece.offset + inside;
      if (escape.at === inside) return escape.offset;
      return escape.offset + escape.width + (inside - escape.at - 1);
    },
    widthAt(at) {
      const piece = pieceAt(at);
      const inside = at - piece.at;
      const escape = escapeBefore(piece, inside);
      return escape?.at === inside ? escape.width : 1;
    },
  };
}
