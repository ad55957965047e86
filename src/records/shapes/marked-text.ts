import { markWords, roleOf } from "../roles.ts";
import type { Message, ShapeOptions } from "../schema.ts";

const words = markWords.join("|");
const chatMl = /<\|im_start\|>\s*([\w-]+)\s*\n([\s\S]*?)(?:<\|im_end\|>|(?=<\|im_start\|>)|$)/g;
const lineMark = new RegExp(
  `(?:^|\\n)[ \\t]*(?:#{1,4} *)?[<\\[*]{0,2}(${words})[>\\]*]{0,2} ?: ?[*]{0,2}`,
  "gi",
);
const inlineMark = new RegExp(
  `(?:^|\\s)[<\\[]?(human|gpt|user|assistant|client|therapist|patient|bot|ai|system)[>\\]]? ?: `,
  "gi",
);

function cut(text: string, pattern: RegExp, options: ShapeOptions): Message[] | undefined {
  const marks = [...text.matchAll(pattern)];
  const first = marks[0];
  // Text before the first mark has no speaker: refuse rather than drop it.
  if (first === undefined || text.slice(0, first.index).trim() !== "") return undefined;
  const messages = marks.map((mark, index): Message => {
    const end = marks[index + 1]?.index ?? text.length;
    return {
      role: roleOf(mark[1] as string, options.roles) ?? "user",
      content: text.slice(mark.index + mark[0].length, end).trim(),
    };
  });
  return new Set(messages.map((message) => message.role)).size > 1 ? messages : undefined;
}

/**
 * Turns of one text with speaker marks (`human:` / `gpt:` at line starts, else inside lines, or ChatML marks), or
 * undefined if it has none.
 * @example
 * readMarkedText("human: hi\ngpt: hello", {}) // [{role: "user", content: "hi"}, {role: "assistant", …}]
 */
export function readMarkedText(text: string, options: ShapeOptions): Message[] | undefined {
  if (text.includes("<|im_start|>")) {
    const messages: Message[] = [];
    for (const [, mark, content] of text.matchAll(chatMl)) {
      const role = roleOf(mark as string, options.roles);
      if (role === undefined) return undefined;
      messages.push({ role, content: (content as string).trim() });
    }
    return messages.length > 0 ? messages : undefined;
  }
  return cut(text, lineMark, options) ?? cut(text, inlineMark, options);
}
