import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, runIn, scratch } from "./run-data.ts";

const talk = (subject: string): string =>
  `WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Therapist>What brings you here about the ${subject}?\n\n00:00:05.000 --> 00:00:09.000\n<v Client>It is the ${subject} that keeps me awake every single night.\n\n00:00:10.000 --> 00:00:14.000\n<v Therapist>When did the ${subject} begin to do that to you?\n`;
const files = {
  "talks/a.vtt": talk("garden"),
  "talks/2024/b c.vtt": talk("kitchen"),
  "talks/2024/b-c.vtt": talk("market"),
  "talks/.hidden.vtt": talk("secret"),
  "talks/notes.md": "no transcript",
  "rows-1.jsonl": `${JSON.stringify({ prompt: "How do I sleep?", response: "Keep the room dark." })}\n`,
  "rows-2.jsonl": `${JSON.stringify({ prompt: "How do I wake?", response: "Open the curtains." })}\nbroken\n`,
};
const voice = { name: "voice", uri: "talks", licence: "internal", stage: "stage4_voice_persona" };

describe("a source of many files", () => {
  it("is read file by file, each pinned, its records under the one name", async () => {
    const folder = scratch({
      ...files,
      "training-ready.yaml": configOf([voice], { quotas: { source: { voice: 1 } } }),
    });
    expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).code).toBe(0);
    const manifest = readManifest(join(folder, "out")) as unknown as {
      sources: { name: string; family: string; uri: string; records: number; sha256: string }[];
    };
    expect(manifest.sources.map(({ name, family, uri, records }) => [name, family, uri, records])).toEqual([
      ["voice.2024-b-c.vtt", "voice", "talks/2024/b c.vtt", 1],
      [expect.stringMatching(/^voice\.2024-b-c\.vtt-[0-9a-f]{8}$/), "voice", "talks/2024/b-c.vtt", 1],
      ["voice.a.vtt", "voice", "talks/a.vtt", 1],
    ]);
    expect(new Set(manifest.sources.map(({ sha256 }) => sha256)).size).toBe(3);
    const records = readDataSet(join(folder, "out"));
    expect(records).toHaveLength(3);
    expect(new Set(records.map(({ source, stage }) => `${source} ${stage}`))).toEqual(
      new Set(["voice stage4_voice_persona"]),
    );
    expect((await runIn(folder, "data", "status", "--out", "out")).code).toBe(0);
  });

  it("takes a pattern, and shows a broken line of the right file", async () => {
    const rows = { name: "rows", uri: "rows-*.jsonl", licence: "MIT" };
    const folder = scratch({
      ...files,
      "training-ready.yaml": configOf([rows], { quarantine: { max_share: 1 } }),
    });
    expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).code).toBe(0);
    expect(readManifest(join(folder, "out")).conservation).toMatchObject({
      read: 3,
      written: 2,
      quarantined: 1,
    });
    const shown = await runIn(folder, "data", "inspect", "--quarantine", "--text", "--out", "out");
    expect(shown.out).toContain("rows.rows-2.jsonl");
    expect(shown.out).toContain("broken");
  });

  it("is an error where it holds no file, unless it may be absent", async () => {
    const none = { ...voice, uri: "talks/*.srt" };
    const folder = scratch({ ...files, "training-ready.yaml": configOf([none]) });
    expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).err).toContain(
      "E_DATA_SOURCE_MISSING",
    );
    const rows = { name: "rows", uri: "rows-1.jsonl", licence: "MIT" };
    writeFileSync(join(folder, "training-ready.yaml"), configOf([{ ...none, optional: true }, rows]));
    expect((await runIn(folder, "data", "build", "--out", "out", "--workers", "1")).code).toBe(0);
    expect(readFileSync(join(folder, "out/manifest.json"), "utf8")).toContain('"absent"');
  });
});
