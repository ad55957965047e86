import type { ImportClass, ReferenceAnswer, ReferenceClass } from "./answers.ts";

/** What a marked span means; places are added when the text is set down. Paths are logical: seen from above `ai/`. */
export type Meaning =
  | {
      kind: "reference";
      class: ReferenceClass;
      accept?: ReferenceClass[];
      target?: string;
      fix?: ReferenceAnswer["fix"];
      loose?: true;
      /** Class without history to prove it. */
      withoutHistory?: ReferenceClass;
      /** Class without a repository that could say what it is called. */
      withoutGit?: ReferenceClass;
      format?: string;
      /** Name of the data set that is mentioned. */
      dataset?: string;
    }
  | {
      kind: "import";
      module: string;
      class: ImportClass;
      accept?: ImportClass[];
      target?: string;
      withoutHistory?: ImportClass;
    }
  | { kind: "secret"; secret: string };

export type InkSpan = { start: number; end: number; line: number; raw: string; meaning: Meaning };

// Private-use characters that no text of the sample holds: <open>number<middle>text<close>.
const [open, middle, close] = ["\uE000", "\uE001", "\uE002"];
const mark = new RegExp(`${open}(\\d+)${middle}([^${close}]*)${close}`, "g");

/** Marks spans inside texts that are still being put together, by any kind of string building. */
export class Ink {
  readonly #meanings: Meaning[] = [];

  mark(raw: string, meaning: Meaning): string {
    this.#meanings.push(meaning);
    return `${open}${this.#meanings.length - 1}${middle}${raw}${close}`;
  }

  /** The text without marks, and each marked span with its byte offsets in UTF-8. */
  read(inked: string): { text: string; spans: InkSpan[] } {
    let text = "";
    let bytes = 0;
    let line = 1;
    let at = 0;
    const spans: InkSpan[] = [];
    const take = (piece: string): void => {
      text += piece;
      bytes += Buffer.byteLength(piece);
      for (let from = piece.indexOf("\n"); from >= 0; from = piece.indexOf("\n", from + 1)) line++;
    };
    for (const match of inked.matchAll(mark)) {
      take(inked.slice(at, match.index));
      const raw = match[2] as string;
      const span = { start: bytes, line, raw, meaning: this.#meanings[Number(match[1])] as Meaning };
      take(raw);
      spans.push({ ...span, end: bytes });
      at = match.index + match[0].length;
    }
    take(inked.slice(at));
    return { text, spans };
  }
}

/** The text alone. */
export function withoutInk(inked: string): string {
  return inked.replace(mark, "$2");
}
