import { afterAll, beforeAll, expect, it } from "vitest";
import {
  careRecords,
  inferencePrincipal,
  measures,
  goals,
  reportOf,
  sessions,
  verifyReport,
  type Call,
  type Report,
} from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";

// TRAINING_READY_ALTERED=5000 is the long form.
const wanted = Number(process.env["TRAINING_READY_ALTERED"] ?? 300);

let service: Service;
const reports: Report[] = [];
let state = 20_261_125;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0; // Numerical Recipes' LCG
  return Math.floor(((state >>> 0) / 4_294_967_296) * limit);
};

beforeAll(async () => {
  service = await startService();
  const call: Call = { store: service.store, principal: inferencePrincipal(service.store, "clinic") };
  for (let client = 0; client < 12; client += 1) {
    const external = `c${client}`;
    for (let week = 0; week < 2 + client; week += 1) {
      const total = Math.min(27, Math.max(0, 14 + below(9) - 4 + Math.round(((client % 3) - 1) * week)));
      measures.recordMeasure(
        call,
        external,
        measures.measureSchema.parse({
          instrument: client % 2 === 0 ? "PHQ-9" : "GAD-7",
          total: client % 2 === 0 ? total : Math.min(21, total),
          authored_at: new Date(Date.UTC(2026, 1, 2 + 7 * week)).toISOString(),
        }),
      );
    }
    for (let week = 0; week < client; week += 1)
      sessions.recordSession(
        call,
        sessions.sessionSchema.parse({
          client_id: external,
          emotional_state: (below(5) - 2) as -2,
          authored_at: new Date(Date.UTC(2026, 1, 3 + 7 * week)).toISOString(),
        }),
      );
    if (client % 2 === 0)
      careRecords.recordEpisode(
        call,
        external,
        careRecords.episodeSchema.parse({ start: "2026-02-01T00:00:00Z", measure_every_days: 7 }),
      );
    goals.recordGoal(call, goals.goalSchema.parse({ client_id: external, goal_id: "g", description: "d" }));
    goals.recordGoalEvent(call, external, "g", goals.goalEventSchema.parse({ level: (client % 5) - 2 }));
    reports.push(reportOf(call, external));
  }
});
afterAll(() => service.close());

type Change = (report: Report) => boolean;
const words: [string, string][] = [
  ["better", "worse"],
  ["worse", "better"],
  ["recovered", "deterioration"],
  ["reliably", "not"],
  ["too early to tell", "reliably better"],
  ["no reliable change shown", "reliable change"],
];
const sentencesOf = (report: Report) => [
  ...report.sufficiency,
  ...report.act_now.sentences,
  ...report.instruments.flatMap((one) => one.sentences),
  ...report.mood.sentences,
  ...report.alliance.sentences,
  ...report.changed.sentences,
  ...report.goals.sentences,
  ...report.work.sentences,
  ...report.model.sentences,
];
const changes: Change[] = [
  (report) => {
    const said = sentencesOf(report);
    const one = said[below(said.length)];
    const digits = [...(one?.text.matchAll(/\d/g) ?? [])];
    const digit = digits[below(digits.length)];
    if (one === undefined || digit === undefined) return false;
    const other = String((Number(digit[0]) + 1 + below(9)) % 10);
    one.text = one.text.slice(0, digit.index) + other + one.text.slice(digit.index + 1);
    return true;
  },
  (report) => {
    const said = sentencesOf(report);
    const one = said[below(said.length)];
    const swap = words.find(([from]) => one?.text.includes(from));
    if (one === undefined || swap === undefined) return false;
    one.text = one.text.replace(...swap);
    return true;
  },
  (report) => {
    const facts = report.facts.filter((one) => typeof one.value === "number");
    const one = facts[below(facts.length)];
    if (one === undefined) return false;
    one.value = (one.value as number) + 1 + below(5);
    return true;
  },
  (report) => {
    const section = report.instruments[0];
    if (section === undefined) return false;
    const before = section.verdict.verdict;
    section.verdict.verdict = before === "deterioration" ? "recovered" : "deterioration";
    return true;
  },
  (report) => {
    const section = report.instruments[0];
    if (section === undefined || section.verdict.difference === null || section.verdict.difference === 0)
      return false;
    section.verdict.difference = -section.verdict.difference;
    return true;
  },
  (report) => {
    const xmr = report.instruments[0]?.xmr;
    if (xmr == null) return false;
    const names = ["mean", "upper", "range_limit", "signals"] as const;
    xmr[names[below(names.length)] as "mean"] += 1 + below(5);
    return true;
  },
  (report) => {
    const missed = report.instruments[0]?.missed;
    if (missed === undefined) return false;
    if (missed.length === 0) missed.push("2026-03-01T00:00:00.000Z");
    else missed.splice(below(missed.length), 1);
    return true;
  },
  (report) => {
    const one = report.mood.points[below(report.mood.points.length)];
    if (one === undefined || report.mood.points.at(-1) !== one) return false;
    one.level = one.level === 2 ? -2 : one.level + 1;
    return true;
  },
  (report) => {
    const last = report.instruments[0]?.points.at(-1);
    if (last?.total == null) return false;
    last.total = last.total > 10 ? last.total - 1 - below(9) : last.total + 1 + below(9);
    return true;
  },
];

it("lets every report pass as it was made", () => {
  expect(reports.map(verifyReport)).toEqual(reports.map(() => []));
});

it(`lets none of ${wanted} altered reports pass`, { timeout: 600_000 }, () => {
  let altered = 0;
  const passed: string[] = [];
  while (altered < wanted) {
    const report = structuredClone(reports[below(reports.length)]) as Report;
    const kind = below(changes.length);
    if (changes[kind]?.(report) !== true) continue;
    altered += 1;
    if (verifyReport(report).length === 0) passed.push(`kind ${kind}`);
  }
  expect(altered).toBe(wanted);
  expect(passed).toEqual([]);
});
