import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../records/index.ts";
import { WordBuffer } from "../words.ts";
import { personCues } from "./names.ts";
import { scrub } from "./scrub.ts";

const pieces = [
  "Anna|ANNA|Zorblatt|Anna's|Anna2|Jo-Ann|O'Brien|I|I'm|I'll|I'd|Smith|B.|Chicago|St. Louis|Will|The|McDonald|_Anna",
  "An2na|iPhone|X|Dr|MR|name|hello|hi|my|his|their|name is|named|goes by|call me|love|wishes|regards|this|i'm|i am",
  "live|in|moved to|said|and|old|with|told|years|for|knows|and I went|who|house|decided|the|only",
  ...Object.values(personCues).flat(),
].flatMap((words) => words.split("|"));
const marks = [" ", " ", " ", " ", "  ", ". ", ", ", "\n", "\n\n", "! ", " - ", "~ ", "", "'s ", ": "];
const text = fc
  .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...marks)), { maxLength: 14 })
  .map((parts) => parts.flat().join("").trim());

const readings = (messages: readonly Message[]) => {
  const words = new WordBuffer();
  return messages.map(({ content }) => ({ facts: words.addText(content), words }));
};

describe("where names may begin", () => {
  it("leaves out no place at which the rules find a name or a city", () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
        const messages = texts.map((content): Message => ({ role: "user", content }));
        const options = { key: "k", group: "g" };
        const everywhere = scrub(messages, {}, options);
        expect(scrub(messages, {}, { ...options, facts: readings(messages) })).toEqual(everywhere);
        if (Object.keys(everywhere.found).length > 0) found++;
      }),
      { numRuns: 3000 },
    );
    expect(found).toBeGreaterThan(500);
  });
});
