import { describe, expect, it } from "vitest";
import { convertItem } from "../shapes/convert.ts";
import { readTimedText } from "./cues.ts";

// Made-up talk.
const turns = (value: unknown, roles?: Record<string, "user" | "assistant">): string | string[] => {
  const converted = convertItem(value, roles === undefined ? {} : { roles });
  if (converted.kind !== "drafts") return converted.kind === "refused" ? converted.code : "concept";
  return converted.drafts.flatMap(({ messages }) =>
    messages.map(({ role, content }) => `${role}: ${content}`),
  );
};
const fromText = (text: string, roles?: Record<string, "user" | "assistant">) =>
  turns({ cues: readTimedText(text) }, roles);

describe("transcripts", () => {
  it("read WebVTT with voices, notes, styles, identifiers and hours left out", () => {
    const text = `WEBVTT - a title

STYLE
::cue { color: red }

NOTE nothing said here

intro
00:01.000 --> 00:03.500 align:start
<v Client>I cannot <i>sleep</i>.</v>

01:00:04.000 --> 01:00:06.000
<v.loud Therapist>Since &amp; until when?`;
    expect(fromText(text)).toEqual(["user: I cannot sleep.", "assistant: Since & until when?"]);
    expect(readTimedText(text).map(({ start, end }) => [start, end])).toEqual([
      [1, 3.5],
      [3604, 3606],
    ]);
  });

  it("read SRT with names before colons, a speaker going on, and Windows line ends", () => {
    const text =
      "1\r\n00:00:01,000 --> 00:00:02,000\r\nPatient: It began\r\nin spring.\r\n\r\n2\r\n00:00:02,500 --> 00:00:03,000\r\nand went on.\r\n\r\n3\r\n00:00:04,000 --> 00:00:05,000\r\nDr. Moss: I see.\r\n";
    expect(fromText(text)).toEqual(["user: It began in spring. and went on.", "assistant: I see."]);
  });

  it("take the words of rolling captions, and what recognition repeats, once", () => {
    const cue = (at: number, text: string) => ({
      start: at,
      end: at + 1,
      text,
      speaker: at < 50 ? "client" : "therapist",
    });
    const segments = [
      cue(1, "I was at home and"),
      cue(2, "I was at home and then it rang"),
      ...Array.from({ length: 9 }, (_, index) => cue(10 + index, "Thank you.")),
      cue(60, "so so so so what do you think"),
    ];
    const [client, therapist] = turns({ text: "all", segments, language: "en" }) as [string, string];
    expect(client).toContain("I was at home and then it rang");
    expect(client.match(/Thank you/g)?.length).toBeLessThan(4);
    expect(therapist).toBe("assistant: so what do you think");
  });

  it("tell numbered speakers apart by what they speak of, or by the config", () => {
    const own =
      "I feel that my days are long and I do not know what I should do with my time, I just sit and I think of my job and my mother all day.";
    const asks =
      "What do you think your days were like before? When did you first notice it, and what would you tell your friend, how do you see it now and what helps you?";
    const segments = [
      { start: 1, end: 2, text: asks, speaker: "SPEAKER_00" },
      { start: 3, end: 4, text: own, speaker: "SPEAKER_01" },
    ];
    expect(turns({ segments })).toEqual([`assistant: ${asks}`, `user: ${own}`]);
    const short = segments.map((one) => ({ ...one, text: "Well." }));
    expect(turns({ segments: short })).toBe("voice.roles_unknown");
    expect(turns({ segments: short }, { SPEAKER_00: "user", SPEAKER_01: "assistant" })).toEqual([
      "user: Well.",
      "assistant: Well.",
    ]);
  });

  it("refuse a transcript without speakers or without cues", () => {
    expect(fromText("WEBVTT\n\n00:01.000 --> 00:02.000\nHello there")).toBe("voice.roles_unknown");
    expect(fromText("WEBVTT\n\nnothing timed")).toBe("voice.cues");
  });
});
