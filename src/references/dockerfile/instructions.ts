/** One instruction: its arguments are [from, to) of the file; here-documents stand behind them. */
export type Instruction = {
  keyword: string;
  start: number;
  from: number;
  to: number;
  documents: { delimiter: string; from: number; to: number }[];
};

const opening = /[ \t]*([A-Za-z]+)[ \t]+/y;
const document = /<<-?(["']?)([A-Za-z_]\w*)\1/g;

/**
 * The instructions of a Dockerfile, and its text with comment lines and line ends inside instructions blanked, so that
 * a shell reads an instruction as the one line that it is. A broken file yields the instructions that can be told.
 */
export function readInstructions(text: string): { instructions: Instruction[]; masked: string } {
  const escape = /^(?:[ \t]*#[^\n]*\n)*?[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/i.test(text) ? "`" : "\\";
  const instructions: Instruction[] = [];
  const blanks: [from: number, to: number][] = [];
  let at = 0;
  while (at < text.length) {
    const line = lineEnd(text, at);
    opening.lastIndex = at;
    const found = opening.exec(text);
    if (found === null || opening.lastIndex > line) {
      at = line + 1;
      continue;
    }
    const instruction: Instruction = {
      keyword: (found[1] as string).toUpperCase(),
      start: at + found[0].length - found[0].trimStart().length,
      from: opening.lastIndex,
      to: line,
      documents: [],
    };
    at = continued(text, instruction, escape, blanks);
    if (/^(?:RUN|COPY|ADD)$/.test(instruction.keyword)) at = documentsOf(text, instruction, at);
    instructions.push(instruction);
  }
  return { instructions, masked: blank(text, blanks) };
}

function lineEnd(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found;
}

/** Follows an instruction over its continued lines; gives where the next line begins. */
function continued(
  text: string,
  instruction: Instruction,
  escape: string,
  blanks: [number, number][],
): number {
  let end = instruction.to;
  for (;;) {
    let last = end - 1;
    while (last >= instruction.from && /[ \t\r]/.test(text.charAt(last))) last -= 1;
    if (text.charAt(last) !== escape || last < instruction.from) break;
    blanks.push([last, Math.min(end + 1, text.length)]);
    // Comments and empty lines inside do not end the instruction.
    let next = end + 1;
    while (next < text.length) {
      const stop = lineEnd(text, next);
      if (!/^[ \t\r]*(?:#|$)/.test(text.slice(next, Math.min(stop, next + 200)))) break;
      blanks.push([next, Math.min(stop + 1, text.length)]);
      next = stop + 1;
    }
    if (next >= text.length) {
      end = text.length;
      break;
    }
    end = lineEnd(text, next);
  }
  instruction.to = end;
  return end + 1;
}

function documentsOf(text: string, instruction: Instruction, at: number): number {
  let next = at;
  const line = text.slice(instruction.from, instruction.to);
  if (!line.includes("<<")) return next;
  for (const match of line.matchAll(document)) {
    const delimiter = match[2] as string;
    const from = next;
    for (let line = next; line < text.length;) {
      const stop = lineEnd(text, line);
      if (text.slice(line, Math.min(stop, line + delimiter.length + 200)).trim() === delimiter) {
        instruction.documents.push({ delimiter, from, to: line });
        next = stop + 1;
        break;
      }
      line = stop + 1;
    }
  }
  return next;
}

function blank(text: string, blanks: readonly [number, number][]): string {
  if (blanks.length === 0) return text;
  const pieces: string[] = [];
  let at = 0;
  for (const [from, to] of blanks) {
    pieces.push(text.slice(at, from), " ".repeat(to - from));
    at = to;
  }
  pieces.push(text.slice(at));
  return pieces.join("");
}
