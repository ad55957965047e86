import { describe, expect, it } from "vitest";
import { allianceSection } from "./alliance-section.ts";
import { changesSection } from "./changes-section.ts";
import { checkSentences } from "./check.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1, 12);
const rated = (...totals: (number | null)[]) =>
  totals.map((total, index) => ({
    id: `r${index}`,
    at: new Date(now - (totals.length - index) * day).toISOString(),
    total,
    valid: total !== null,
    counts: total !== null,
    source: "self" as const,
    items: null,
    band: null,
  }));

describe("alliance", () => {
  it("counts ratings below 36, and those that follow a good one as possible ruptures", () => {
    const { section, said } = allianceSection(rated(38, 35, 34, 36, null, 30));
    expect(section).toEqual({ ratings: 5, latest: 30, low: 3, ruptures: 2 });
    const { dropped, kept } = checkSentences(
      said.map((one) => one.sentence),
      said.flatMap((one) => one.facts),
    );
    expect(dropped).toEqual([]);
    expect(kept[0]?.text).toContain("30 points");
    expect(allianceSection([]).section).toEqual({ ratings: 0, latest: null, low: 0, ruptures: 0 });
  });
});

describe("what changed", () => {
  it("counts the last thirty days and nothing before or after", () => {
    const at = (days: number) => ({ authoredAt: now - days * day });
    const { section, said } = changesSection(now, {
      sessions: [at(0), at(29), at(30), at(31), at(-1)],
      measures: [at(5)],
      homework: [],
      goals: [at(40), at(1)],
      milestones: [at(2)],
      risks: [
        { ...at(60), closedAt: now - 3 * day },
        { ...at(10), closedAt: null },
      ],
    });
    expect(section).toEqual({
      days: 30,
      sessions: 2,
      measures: 1,
      risk_opened: 1,
      risk_closed: 1,
      homework_set: 0,
      goals_set: 1,
      milestones: 1,
    });
    const facts = said.flatMap((one) => one.facts);
    expect(
      checkSentences(
        said.map((one) => one.sentence),
        facts,
      ).dropped,
    ).toEqual([]);
  });
});
