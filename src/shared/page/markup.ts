import { visibleText } from "../terminal-text.ts";

/** HTML that is ready: what `html` made. Everything else is text and gets escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for element content and quoted attributes; control and bidirectional characters become visible escapes. */
export function escapeHtml(text: string): string {
  return visibleText(text.toWellFormed()).replace(/[&<>"']/g, (character) => entities[character] as string);
}

function render(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(render).join("");
  return escapeHtml(String(content));
}

const folded = new WeakMap<TemplateStringsArray, string[]>();

/** A template's own text with the indentation of the source taken out; each break stays one, so words stay apart. */
function partsOf(strings: TemplateStringsArray): string[] {
  let parts = folded.get(strings);
  if (parts === undefined) {
    parts = strings.map((part) => part.replace(/\s*\n\s*/g, "\n"));
    folded.set(strings, parts);
  }
  return parts;
}

/**
 * A template whose values are escaped, unless they are markup themselves.
 * @example
 * html`<b>${"<i>"}</b>`.text // "<b>&lt;i&gt;</b>"
 */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  const parts = partsOf(strings);
  let text = parts[0] as string;
  for (const [index, value] of values.entries()) text += render(value) + (parts[index + 1] as string);
  return new Markup(text);
}

/** A report's message: what stands between its quotes is code. */
export function message(text: string): Markup {
  const parts = text
    .split("`")
    .map((part, index): Content => (index % 2 === 1 ? html`<code>${part}</code>` : part));
  return html`${parts}`;
}
