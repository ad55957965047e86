import * as fc from "fast-check";
import { expect, it } from "vitest";
import { conversationId, roles, type Message } from "../records/index.ts";
import { ByteText } from "./byte-text.ts";
import { addTurns, hashOfTurns } from "./turn-bytes.ts";
import { WordBuffer } from "./words.ts";

const text = fc
  .array(
    fc.constantFrom(
      "a",
      "Words. ",
      '"',
      "\\",
      "\n",
      "\u0001",
      "\u007f",
      "é",
      "’",
      "\u2028",
      "😀",
      "北京",
      "<b>",
      "x".repeat(90),
    ),
  )
  .map((parts) => parts.join(""));
const message: fc.Arbitrary<Message> = fc
  .record({ role: fc.constantFrom(...roles), content: text, name: fc.option(text, { nil: undefined }) })
  .map(({ role, content, name }) => (name === undefined ? { role, content } : { role, content, name }));

it("writes turns as JSON.stringify does, and hashes them to their id", () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
      const words = new WordBuffer();
      const turns = messages.map(({ content }) => ({ facts: words.addText(content), words }));
      const line = new ByteText();
      line.addAscii("before ");
      addTurns(line, messages, turns);
      expect(line.view().toString()).toBe(`before ${JSON.stringify(messages)}`);
      const texts = messages.map(({ content }) => content);
      expect(hashOfTurns(messages, texts, turns)).toBe(conversationId(messages));
    }),
    { numRuns: 1000 },
  );
});
