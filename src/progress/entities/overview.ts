import { act, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { listRecords } from "../store/records.ts";
import { instruments } from "../instruments/index.ts";
import {
  decide,
  moodDirection,
  moodTrajectory,
  residualSd,
  type MoodPoint,
  type Trajectory,
  type Verdict,
} from "../verdict/index.ts";
import { currentEpisode } from "./care-records.ts";
import { courseOf } from "./expected-courses.ts";
import { goalsOf } from "./goals.ts";
import { knownInstrument, measuresOf } from "./measures.ts";
import type { RiskValue } from "./risk.ts";
import { moodOf, type SessionValue } from "./sessions.ts";
import { isoTime } from "./times.ts";

const dayMs = 86_400_000;

/** The verdict on a client's measures of one instrument, over the current episode; or as it was at a moment. */
export function verdictOf(call: Call, client: Client, instrumentId: string, by?: number): Verdict {
  const instrument = knownInstrument(instrumentId);
  const episode = currentEpisode(call, client, by);
  const measures = measuresOf(call, client, instrument.id)
    .filter((one) => one.value.counts && one.value.total !== null && one.authoredAt <= (by ?? Infinity))
    .filter((one) => episode === null || (one.authoredAt >= episode.from && one.authoredAt <= episode.to))
    .map((one) => ({ time: one.authoredAt, total: one.value.total as number }));
  let shareMissing: number | null = null;
  if (episode?.everyDays != null) {
    const until = Math.min(by ?? call.store.now(), episode.to);
    const planned = Math.floor((until - episode.from) / dayMs / episode.everyDays) + 1;
    shareMissing = Math.max(0, 1 - measures.length / planned);
  }
  return decide(instrument, measures, {
    shareMissing,
    course: courseOf(call, client.tenantId, instrument.id),
    zone: episode?.zone ?? call.store.settings.timezone,
  });
}

/** Verdicts on every instrument that the client has been measured with, in the registry's order. */
export function verdictsOf(call: Call, client: Client, by?: number): Verdict[] {
  const used = new Set(measuresOf(call, client).map((one) => one.value.instrument));
  return instruments.filter((one) => used.has(one.id)).map((one) => verdictOf(call, client, one.id, by));
}

/** Human-rated moods of a window, ascending. */
export function moodsOf(
  call: Call,
  client: Client,
  window: { from?: number; to?: number } = {},
): MoodPoint[] {
  return listRecords<SessionValue>(call.store, client, "session", window)
    .toReversed()
    .flatMap((one) => {
      const level = one.value.kind === "ai" ? null : moodOf(one.value.emotional_state);
      return level === null ? [] : [{ time: one.authoredAt, level }];
    });
}

/** The old trajectory: by the verdicts where an instrument gives one, the worst first; else by mood. */
export function trajectoryOf(
  verdicts: readonly Verdict[],
  moods: readonly MoodPoint[],
): { trajectory: Trajectory; basis: "instrument" | "mood" } {
  const given = verdicts
    .map((one) => one.verdict)
    .filter((one) => one !== "insufficient" && one !== "no_norm");
  if (given.length === 0) return { trajectory: moodTrajectory(moods), basis: "mood" };
  const trajectory = given.includes("deterioration")
    ? "regressing"
    : given.some((one) => one === "recovered" || one === "reliable_improvement")
      ? "improving"
      : given.every((one) => one === "stable")
        ? "stable"
        : given.includes("unstable")
          ? "fluctuating"
          : "undetermined";
  return { trajectory, basis: "instrument" };
}

export type Advice = {
  rule: string;
  text: string;
  /** Whose task it is, and until when. */
  who: string;
  due: string;
};

// Drafts, to be signed off by the site's clinicians.
const tasks: Record<string, { who: string; due: string }> = {
  "open-risk": { who: "the clinician on duty", due: "now, by the event's clock" },
  alert: { who: "the clinician with a supervisor", due: "within a week" },
  deterioration: { who: "the clinician with a supervisor", due: "within a week" },
  "measure-again": { who: "the clinician", due: "at the next contact, within a week" },
};
const otherwise = { who: "the clinician", due: "at the next session" };

/** What the stored facts call for, gravest first; rules, no model text. */
export function adviceFor(facts: {
  openRisk: boolean;
  verdicts: readonly Verdict[];
  sessions: number;
  activeGoals: number;
  trajectory: Trajectory;
  now: number;
}): Advice[] {
  const advice: Pick<Advice, "rule" | "text">[] = [];
  if (facts.openRisk) advice.push({ rule: "open-risk", text: "A risk event is open: see it first." });
  for (const one of facts.verdicts) {
    if (one.alert === "alert")
      advice.push({
        rule: "alert",
        text: `${one.instrument}: two measures in a row are reliably worse than the baseline; review the treatment.`,
      });
    if (one.alert === "measure_again")
      advice.push({
        rule: "measure-again",
        text: `${one.instrument}: the last measure is worse than the baseline; measure again.`,
      });
    if (one.verdict === "deterioration" && one.alert === "none")
      advice.push({
        rule: "deterioration",
        text: `${one.instrument}: reliably worse than at the start; review the treatment.`,
      });
    if (one.verdict === "not_on_track")
      advice.push({
        rule: "not-on-track",
        text: `${one.instrument}: behind the site's usual course; talk about what hinders.`,
      });
    if (one.verdict === "unstable")
      advice.push({
        rule: "unstable",
        text: `${one.instrument}: ups and downs beyond the questionnaire's error; ask what goes with them.`,
      });
    if (one.verdict === "insufficient")
      advice.push({ rule: "insufficient", text: `${one.instrument}: too early to tell; keep measuring.` });
    if (one.verdict === "recovered")
      advice.push({ rule: "recovered", text: `${one.instrument}: recovered; consider what keeps it so.` });
  }
  if (facts.verdicts.length === 0)
    advice.push({
      rule: "no-measure",
      text: "No questionnaire yet: record one, so that change can be judged.",
    });
  if (facts.verdicts.length === 0 && facts.trajectory === "regressing")
    advice.push({ rule: "mood", text: "The recorded moods fall: look into it." });
  if (facts.sessions === 0) advice.push({ rule: "no-session", text: "No session in this window." });
  if (facts.activeGoals === 0) advice.push({ rule: "no-goal", text: "No active goal: agree on one." });
  return advice.map((one) => ({ ...one, ...(tasks[one.rule] ?? otherwise) }));
}

function hasOpenRisk(call: Call, client: Client): boolean {
  return listRecords<RiskValue>(call.store, client, "risk_event").some((one) => one.status !== "closed");
}

/** The old progress answer. The window limits what is counted; the verdict uses the episode. */
export function progressOf(call: Call, clientId: string, timeframeDays: number) {
  return act(call, "overview:read", clientId, (client) => {
    const now = call.store.now();
    const from = now - timeframeDays * dayMs;
    const sessions = listRecords<SessionValue>(call.store, client, "session", { from, to: now + dayMs });
    const goals = goalsOf(call, client);
    const verdicts = verdictsOf(call, client);
    const { trajectory, basis } = trajectoryOf(verdicts, moodsOf(call, client));
    const activeGoals = goals.filter((one) => one.status === "active").length;
    const openRisk = hasOpenRisk(call, client);
    const advice = adviceFor({ openRisk, verdicts, sessions: sessions.length, activeGoals, trajectory, now });
    const by = basis === "mood" ? "recorded mood" : verdicts.map((one) => one.instrument).join(", ");
    return {
      client_id: client.external,
      report_date: isoTime(now),
      timeframe_start: isoTime(from),
      timeframe_end: isoTime(now),
      sessions_count: sessions.length,
      goal_progress: Object.fromEntries(goals.map((one) => [one.goal_id, one.completion_percentage])),
      overall_trajectory: trajectory,
      basis,
      open_risk: openRisk,
      recommendations: advice.map((one) => one.text),
      summary: `${sessions.length} session${sessions.length === 1 ? "" : "s"} in ${timeframeDays} days, ${activeGoals} active goal${activeGoals === 1 ? "" : "s"}; trajectory ${trajectory} by ${by}.`,
      verdicts: verdicts.map(({ instrument, verdict, alert, words, n }) => ({
        instrument,
        verdict,
        alert,
        words,
        n,
      })),
    };
  });
}

/** The old trends answer: one entry for the moods of the window, none without moods. */
export function trendsOf(call: Call, clientId: string, timeframeDays: number) {
  return act(call, "overview:read", clientId, (client) => {
    const now = call.store.now();
    const from = now - timeframeDays * dayMs;
    const moods = moodsOf(call, client, { from, to: now + dayMs });
    const mean = moods.reduce((sum, one) => sum + one.level, 0) / moods.length;
    const trends =
      moods.length === 0
        ? []
        : [
            {
              period_start: isoTime(from),
              period_end: isoTime(now),
              avg_emotional_score: mean,
              trend_direction: moodDirection(moods),
              volatility: residualSd(moods),
              data_points: moods.length,
            },
          ];
    return { client_id: client.external, timeframe_days: timeframeDays, trends };
  });
}

/** The verdict document of one instrument. */
export function statisticsOf(call: Call, clientId: string, instrumentId: string) {
  return act(call, "overview:read", clientId, (client) => ({
    client_id: client.external,
    ...verdictOf(call, client, instrumentId),
  }));
}

export { hasOpenRisk };
