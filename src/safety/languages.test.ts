import { describe, expect, it } from "vitest";
import { draftConfiguration, policySchema, resourcesSchema } from "./configuration.ts";
import { isUnderstoodQuestion, screenConversation } from "./conversation.ts";
import { textsInLanguage } from "./languages.ts";
import { isTimeZone } from "../shared/index.ts";
import { isOpenAt, isOpening } from "./opening-hours.ts";
import { protocolReply } from "./protocol.ts";
import type { Resource } from "./resource.ts";

// Synthetic: no number here is one that answers.
const line = (name: string, more: Partial<Resource> = {}): Resource => ({
  country: "XA",
  locale: null,
  kind: "suicide",
  name,
  phone: "00 0000",
  sms: null,
  url: null,
  hours: null,
  time_zone: null,
  open: null,
  languages: [],
  source: null,
  verified_at: null,
  verified_by: null,
  ...more,
});
const risk = { level: "imminent" as const, categories: ["suicide"], evidence: [], step: 0 };
const replyWith = (resources: Resource[], now: string, locale?: string): string =>
  protocolReply(
    risk,
    { country: "XA", said: [] },
    {
      texts: draftConfiguration.texts,
      resources,
      now: Date.parse(now),
      ...(locale === undefined ? {} : { locale }),
    },
  );

describe("reviewed texts by locale", () => {
  const languageOf = (locale: string | undefined) => {
    const { language, missing } = textsInLanguage(draftConfiguration, locale);
    return { language, missing };
  };

  it("are those of the longest tag that is known, whatever its case or dashes", () => {
    expect(languageOf("de")).toEqual({ language: "de" });
    expect(languageOf("de-AT")).toEqual({ language: "de" });
    expect(languageOf("ES_mx")).toEqual({ language: "es" });
    expect(languageOf("en-US")).toEqual({ language: "en" });
    expect(languageOf(undefined)).toEqual({ language: "en" });
  });

  it("fall back to the main language and say which one is missing", () => {
    expect(languageOf("th-TH")).toEqual({ language: "en", missing: "th-th" });
    expect(languageOf("deu")).toEqual({ language: "en", missing: "deu" });
  });

  it("keep a region's own texts apart from the language's", () => {
    const own = { ...draftConfiguration.texts, disclosure: "Own." };
    const languages = { ...draftConfiguration.languages, "de-CH": own };
    expect(textsInLanguage({ ...draftConfiguration, languages }, "de-CH-1996").texts.disclosure).toBe("Own.");
    expect(textsInLanguage({ ...draftConfiguration, languages }, "de-DE").language).toBe("de");
  });

  it("hold in each language that ships all that the schema asks for, with a question that is understood", () => {
    const { texts, thresholds, languages } = draftConfiguration;
    expect(policySchema.safeParse({ version: 1, thresholds, texts, languages }).error).toBeUndefined();
    expect(Object.keys(languages)).toEqual(["de", "es", "fr"]);
    for (const own of Object.values(languages)) {
      expect(own.imminent.some(isUnderstoodQuestion)).toBe(true);
      expect(own.elevated.some(isUnderstoodQuestion)).toBe(true);
      for (const text of [own.imminent, own.poisoning, own.elevated].flat())
        expect(text).not.toMatch(/\bI\b/);
    }
  });

  it("let a yes to their question count, and a no to whether somebody is safe", () => {
    const { de } = draftConfiguration.languages;
    const after = (question: string | undefined, answer: string) =>
      screenConversation([
        { role: "user", content: "hallo" },
        { role: "assistant", content: question ?? "" },
        { role: "user", content: answer },
      ]).level;
    expect(after(de?.elevated[0], "ja")).toBe("elevated");
    expect(after(de?.imminent[0], "nein")).toBe("imminent");
    expect(after("Magst du Tee?", "ja")).toBe("none");
  });

  it("are refused in the configuration where one is missing or a tag is none", () => {
    const { texts, thresholds } = draftConfiguration;
    const { disclosure: _, ...less } = texts;
    const tried = (languages: object) => policySchema.safeParse({ version: 1, thresholds, texts, languages });
    expect(tried({ it: less }).error?.issues[0]?.path).toEqual(["languages", "it", "disclosure"]);
    expect(tried({ "not a tag": texts }).success).toBe(false);
  });
});

describe("help lines' hours", () => {
  it("are read in the line's own time zone", () => {
    const open = ["mon-fri 08:00-20:00"];
    // Friday 2026-11-27: 02:45 UTC is 08:15 in Kolkata, 02:15 UTC is 07:45.
    expect(isOpenAt(open, "Asia/Kolkata", Date.parse("2026-11-27T02:45:00Z"))).toBe(true);
    expect(isOpenAt(open, "Asia/Kolkata", Date.parse("2026-11-27T02:15:00Z"))).toBe(false);
    expect(isOpenAt(open, "Asia/Kolkata", Date.parse("2026-11-27T14:30:00Z"))).toBe(false);
    expect(isOpenAt(open, "Asia/Kolkata", Date.parse("2026-11-28T05:00:00Z"))).toBe(false);
  });

  it("follow summer time", () => {
    const open = ["mon-sun 09:00-17:00"];
    expect(isOpenAt(open, "Europe/Berlin", Date.parse("2026-07-01T07:30:00Z"))).toBe(true);
    expect(isOpenAt(open, "Europe/Berlin", Date.parse("2026-12-01T07:30:00Z"))).toBe(false);
  });

  it("may go past midnight, into a day that is not named", () => {
    const open = ["fri 22:00-04:00"];
    expect(isOpenAt(open, "UTC", Date.parse("2026-11-27T23:00:00Z"))).toBe(true);
    expect(isOpenAt(open, "UTC", Date.parse("2026-11-28T03:59:00Z"))).toBe(true);
    expect(isOpenAt(open, "UTC", Date.parse("2026-11-28T04:00:00Z"))).toBe(false);
    expect(isOpenAt(open, "UTC", Date.parse("2026-11-27T03:00:00Z"))).toBe(false);
    expect(isOpenAt(["sat-mon 00:00-24:00"], "UTC", Date.parse("2026-11-29T23:59:00Z"))).toBe(true);
  });

  it("hide a closed line from a reply, and another one takes its place", () => {
    const day = line("Day line", { time_zone: "UTC", open: ["mon-sun 08:00-20:00"] });
    const night = line("Night line", { time_zone: "UTC", open: ["mon-sun 20:00-08:00"] });
    expect(replyWith([day, night], "2026-11-26T12:00:00Z")).toContain("Day line");
    expect(replyWith([day, night], "2026-11-26T22:00:00Z")).toContain("Night line");
    const text = replyWith([day], "2026-11-26T22:00:00Z");
    expect(text).not.toContain("Day line");
    expect(text).toContain("call your local emergency number.");
  });

  it("give way to a line in the person's language, while that one is open", () => {
    const main = line("Main line", { languages: ["en"] });
    const other = line("Hindi line", { languages: ["hi"], time_zone: "UTC", open: ["mon-sun 08:00-20:00"] });
    expect(replyWith([main, other], "2026-11-26T12:00:00Z", "hi-IN")).toContain("Hindi line");
    expect(replyWith([main, other], "2026-11-26T22:00:00Z", "hi-IN")).toContain("Main line");
    expect(replyWith([main, other], "2026-11-26T12:00:00Z", "fr")).toContain("Main line");
  });

  it("are refused where they are none, without a zone, or on an emergency number", () => {
    const { locale: _, ...base } = line("x");
    const issue = (more: object): PropertyKey[] | undefined =>
      resourcesSchema
        .safeParse({ version: 1, resources: [{ ...base, ...more }] })
        .error?.issues[0]?.path.slice(2);
    expect(issue({})).toBeUndefined();
    expect(issue({ open: ["mon 9-17"], time_zone: "UTC" })).toEqual(["open", 0]);
    expect(issue({ open: ["mon 09:00-17:00"] })).toEqual(["time_zone"]);
    expect(issue({ open: ["mon 09:00-17:00"], time_zone: "Mars/Base" })).toEqual(["time_zone"]);
    expect(issue({ open: ["mon 09:00-17:00"], time_zone: "UTC", kind: "emergency" })).toEqual(["open"]);
    for (const text of [
      "mon-fri",
      "mon-fri 25:00-26:00",
      "day 09:00-10:00",
      "mon 09:00-09:00",
      "mon 9:00-10:00",
    ])
      expect(isOpening(text)).toBe(false);
    expect(isTimeZone("Asia/Kolkata")).toBe(true);
    expect(isTimeZone("../x")).toBe(false);
  });
});
