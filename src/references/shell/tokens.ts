/** How a piece of a word stands: bare, or inside single or double quotes. */
export type Quote = "" | "'" | '"';

/**
 * A piece of a word. `hole`: arithmetic, process substitution, a template expression or a placeholder, whose value
 * nobody knows; `expression`: a `${{ … }}` of a workflow with its text.
 */
export type Part =
  | { type: "text"; start: number; end: number; value: string; quote: Quote }
  | {
      type: "variable";
      start: number;
      end: number;
      name: string;
      /** What follows the name in `${name…}`: `:-`, `%`, `##`, …; "" for none. Its operand is [from, to). */
      operation: string;
      from: number;
      to: number;
      quote: Quote;
    }
  | { type: "command"; start: number; end: number; from: number; to: number; quote: Quote }
  | { type: "expression"; start: number; end: number; value: string; quote: Quote }
  | { type: "hole"; start: number; end: number; quote: Quote };

export type Word = {
  type: "word";
  start: number;
  end: number;
  parts: Part[];
  /** Its value as of the state's `version`: words are looked at many times. */
  known?: { version: number; value: string; keep: number };
};

/** A here-document: its body's bytes; `quoted` ones expand nothing. */
export type HereDocument = { from: number; to: number; quoted: boolean };

export type Operator = {
  type: "operator";
  start: number;
  end: number;
  text: string;
  /** Of `<<` and `<<-`, known once the line with the operator has ended. */
  document?: HereDocument;
};

export type Comment = { type: "comment"; start: number; end: number };

export type Token = Word | Operator | Comment;
