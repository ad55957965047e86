import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instrumentNamed, type Instrument } from "../instruments/index.ts";
import { decide, expectedCourseOf, moodDirection, moodTrajectory, placeOn } from "./index.ts";
import { perDay } from "./series.ts";

const named = (id: string): Instrument => {
  const found = instrumentNamed(id);
  if (found === undefined) throw new Error(id);
  return found;
};
const weekly = (...totals: number[]) =>
  totals.map((total, index) => ({ time: Date.UTC(2026, 0, 5 + 7 * index, 10), total }));
const phq9 = (...totals: number[]) => decide(named("PHQ-9"), weekly(...totals));

describe("the decision table", () => {
  it("is too early under five measures or three weeks", () => {
    expect(phq9()).toMatchObject({ verdict: "insufficient", alert: "none", words: "no measure yet", n: 0 });
    expect(phq9(20, 15, 10, 5)).toMatchObject({ verdict: "insufficient", words: "too early to tell" });
    const daily = [20, 18, 15, 12, 8].map((total, i) => ({ time: Date.UTC(2026, 0, 5 + i), total }));
    expect(decide(named("PHQ-9"), daily)).toMatchObject({ verdict: "insufficient", n: 5, span_days: 4 });
  });

  it("finds recovery, improvement without it, and deterioration", () => {
    expect(phq9(18, 17, 14, 10, 8, 6)).toMatchObject({ verdict: "recovered", baseline: 17.5, latest: 7 });
    expect(phq9(24, 23, 20, 18, 15, 13)).toMatchObject({ verdict: "reliable_improvement" });
    expect(phq9(8, 9, 12, 14, 17, 18)).toMatchObject({ verdict: "deterioration", alert: "alert" });
  });

  it("shows change by trend where the difference alone falls just short", () => {
    // B 18.5, L 13.5: 5 of 6 points, at least .8 T; the slope over the span reaches 6
    expect(phq9(19, 18, 17, 16, 15, 14, 13)).toMatchObject({
      verdict: "reliable_improvement",
      difference: -5,
    });
  });

  it("tells stable from not shown", () => {
    expect(phq9(14, 14, 14, 14, 14, 14)).toMatchObject({ verdict: "stable", low: 0, high: 0 });
    expect(phq9(14, 11, 17, 11, 16, 12)).toMatchObject({ verdict: "no_change_shown" });
    expect(decide(named("PHQ-9"), weekly(14, 14, 14, 14, 14, 14), { shareMissing: 0.5 }).verdict).toBe(
      "no_change_shown",
    );
  });

  it("keeps an early step out of the baseline", () => {
    expect(phq9(20, 12, 12, 11, 12, 12)).toMatchObject({ baseline: 20, verdict: "reliable_improvement" });
  });

  it("judges GAD-7 by the larger threshold and says where the smaller one differs", () => {
    const found = decide(named("GAD-7"), weekly(14, 14, 12, 11, 10, 9));
    expect(found).toMatchObject({ threshold: 6, difference: -4.5 });
    expect(decide(named("GAD-7"), weekly(14, 14, 15, 14, 10, 10)).other_norms).toEqual([
      { points: 4, verdict: "reliable_improvement" },
    ]);
  });

  it("calls ups and downs unstable that the error of measurement does not explain", () => {
    const wild = phq9(14, 6, 19, 9, 17, 11);
    expect(wild).toMatchObject({
      verdict: "unstable",
      words: "ups and downs beyond the questionnaire's error",
    });
    expect(wild.residual_sd).toBeGreaterThan(4);
    expect(wild.scatter_p).toBeLessThan(0.01);
    // change that is shown comes first, and five measures are too few to judge scatter
    expect(phq9(26, 14, 24, 9, 13, 6)).toMatchObject({ verdict: "recovered" });
    expect(phq9(14, 6, 19, 9, 17).verdict).not.toBe("unstable");
  });

  it("gives no verdict where no norm is registered", () => {
    expect(decide(named("WHO-5"), weekly(5, 6, 10, 12, 18, 20))).toMatchObject({
      verdict: "no_norm",
      threshold: null,
    });
  });
});

describe("the alert", () => {
  it("asks to measure again after one, alarms after two in a row, under any count", () => {
    expect(phq9(8, 15)).toMatchObject({ verdict: "insufficient", alert: "measure_again" });
    expect(phq9(8, 15, 16)).toMatchObject({ verdict: "insufficient", alert: "alert" });
    expect(phq9(8, 15, 9)).toMatchObject({ alert: "none" });
    expect(phq9(8, 9, 8, 15, 9, 15)).toMatchObject({ alert: "measure_again" });
  });

  it("never compares with the best score", () => {
    expect(phq9(16, 16, 6, 16, 16)).toMatchObject({ alert: "none" });
  });
});

it("counts the last measure of a day, in any order given", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(weekly(1, 2, 3, 4), { minLength: 4 }), (shuffled) => {
      const late = { time: Date.UTC(2026, 0, 5, 20), total: 9 };
      expect(perDay([late, ...shuffled]).map((one) => one.total)).toEqual([9, 2, 3, 4]);
    }),
  );
});

it("never gives a better verdict for a worse series: mirrored totals mirror the way", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 27 }), { minLength: 5, maxLength: 12 }), (totals) => {
      const here = phq9(...totals).verdict;
      const there = phq9(...totals.map((total) => 27 - total)).verdict;
      if (here === "deterioration") expect(["recovered", "reliable_improvement"]).toContain(there);
      if (here === "recovered" || here === "reliable_improvement") expect(there).toBe("deterioration");
    }),
    { numRuns: 200 },
  );
});

describe("mood", () => {
  const mood = (...levels: number[]) =>
    levels.map((level, i) => ({ time: Date.UTC(2026, 0, 5 + 7 * i), level }));
  it("calls an improving client improving and a declining one regressing", () => {
    expect(moodTrajectory(mood(-2, -1, -1, 0, 1, 1, 2))).toBe("improving");
    expect(moodTrajectory(mood(2, 1, 1, 0, -1, -1, -2))).toBe("regressing");
    expect(moodDirection(mood(-2, -1, 0, 1, 2))).toBe("improving");
    expect(moodDirection(mood(2, 1, 0, -1))).toBe("declining");
  });
  it("knows swings, calm and too little", () => {
    expect(moodTrajectory(mood(-2, 2, -2, 2, -2, 2))).toBe("fluctuating");
    expect(moodTrajectory(mood(0, 0, 0, 0, 0, 0))).toBe("stable");
    expect(moodTrajectory(mood(-2, 0, 2))).toBe("undetermined");
    expect(moodDirection(mood(1))).toBe("stable");
  });
});

describe("the site's expected course", () => {
  // Sixty synthetic courses from 20, each falling by 0 to 1.18 points a week, measured eight times.
  const site = Array.from({ length: 60 }, (_, index) =>
    weekly(...Array.from({ length: 8 }, (__, week) => 20 - week * index * 0.02)),
  );
  const course = expectedCourseOf(named("PHQ-9"), site);

  it("is the quantile band of fifty courses or more, and no curve below that", () => {
    expect(course.strata.map(({ from, to }) => [from, to])).toEqual([[20, 28]]);
    const week5 = course.strata[0]?.weeks.find((one) => one.week === 5);
    // totals 20 - 5 * .02 * i for i = 0 … 59: type 7 quantiles at ranks 5.9, 29.5 and 53.1 from below
    expect(week5?.courses).toBe(60);
    expect(week5?.worst).toBeCloseTo(20 - 0.1 * 5.9, 12);
    expect(week5?.median).toBeCloseTo(20 - 0.1 * 29.5, 12);
    expect(week5?.best).toBeCloseTo(20 - 0.1 * 53.1, 12);
    expect(expectedCourseOf(named("PHQ-9"), site.slice(0, 49)).strata).toEqual([]);
  });

  it("calls a client off track whose last two are both worse than nine tenths of the site's", () => {
    const behind = weekly(20, 20, 20, 20, 20, 20);
    expect(decide(named("PHQ-9"), behind, { course })).toMatchObject({
      verdict: "not_on_track",
      expected_course: { from: 20, to: 28, off_track: true },
    });
    expect(decide(named("PHQ-9"), behind)).toMatchObject({ verdict: "stable", expected_course: null });
    const middle = weekly(20, 19.4, 18.8, 18.2, 17.6, 17);
    expect(decide(named("PHQ-9"), middle, { course })).toMatchObject({
      verdict: "stable",
      expected_course: { off_track: false },
    });
    expect(placeOn(course, named("PHQ-9"), weekly(12, 12, 12))).toBeNull();
    expect(placeOn(course, named("PHQ-9"), weekly(20, 20, 20, 19, 19, 19, 19, 19, 19, 19))).toBeNull();
  });

  it("turns the band round where higher is better", () => {
    const rising = Array.from({ length: 50 }, (_, index) => weekly(5, 5 + index * 0.1, 5 + index * 0.2));
    const [stratum] = expectedCourseOf(named("WHO-5"), rising).strata;
    const week = stratum?.weeks[0];
    expect(week?.best).toBeGreaterThan(week?.worst ?? Infinity);
    expect(
      placeOn({ strata: stratum === undefined ? [] : [stratum] }, named("WHO-5"), weekly(5, 5, 5)),
    ).toMatchObject({
      off_track: true,
    });
  });
});
