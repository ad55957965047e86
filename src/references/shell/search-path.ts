import { enterValue } from "./arguments.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";

/** True for a variable that holds a list of folders to load from. */
export function isSearchPath(name: string): boolean {
  return /^(?:PYTHONPATH|MYPYPATH|NODE_PATH)$/.test(name);
}

/** `PYTHONPATH=src:$PYTHONPATH`: each entry is a folder. */
export function enterSearchPath(state: ShellState, name: string, value: Word): void {
  let parts: Word["parts"] = [];
  const enter = (): void => {
    const [first] = parts;
    const last = parts.at(-1);
    if (first !== undefined && last !== undefined)
      enterValue(
        state,
        { type: "word", start: first.start, end: last.end, parts },
        { certain: true, key: name, strength: "soft" },
      );
    parts = [];
  };
  for (const part of value.parts) {
    if (part.type !== "text" || part.end - part.start !== part.value.length) {
      parts.push(part);
      continue;
    }
    let at = part.start;
    for (const [index, piece] of part.value.split(":").entries()) {
      if (index > 0) {
        enter();
        at += 1;
      }
      if (piece !== "") parts.push({ ...part, start: at, end: at + piece.length, value: piece });
      at += piece.length;
    }
  }
  enter();
}
