import { canonicalJson, sha256, tool } from "../../shared/index.ts";
import { currentEpisode, type Homework } from "../entities/care-records.ts";
import { dueOf, outcomeOf, type Due, type Outcome } from "../entities/due.ts";
import { instrumentNamed } from "../instruments/index.ts";
import { goalsOf } from "../entities/goals.ts";
import { courseOf } from "../entities/expected-courses.ts";
import {
  adviceFor,
  hasOpenRisk,
  moodsOf,
  trajectoryOf,
  verdictsOf,
  type Advice,
} from "../entities/overview.ts";
import { riskView, type RiskValue } from "../entities/risk.ts";
import type { SessionValue } from "../entities/sessions.ts";
import { isoTime } from "../entities/times.ts";
import { act, type Call } from "../store/act.ts";
import { listRecords } from "../store/records.ts";
import { allianceSection, type AllianceSection } from "./alliance-section.ts";
import type { Phase } from "./charts/index.ts";
import { changesSection, type ChangesSection } from "./changes-section.ts";
import { checkSentences } from "./check.ts";
import { gasOf, phasesOf, planOf, pointsOf } from "./report-inputs.ts";
import { dayFact, nameFact, numberFact, say, wordFact, type Fact, type Sentence } from "./facts.ts";
import { moodSection, type MoodSection } from "./mood-section.ts";
import { modelSection, type ModelSection } from "./model-section.ts";
import { instrumentSection, type InstrumentSection } from "./instrument-section.ts";

export type GoalLine = {
  goal_id: string;
  description: string;
  completion: number;
  status: string;
  target: string | null;
  level: number | null;
};

/** A client's report: facts, the sentences that hold, and tables. */
export type Report = {
  version: 1;
  tool: { name: string; version: string };
  client_id: string;
  generated_at: string;
  input_sha256: string;
  /** Whose days count: the episode's, else the site's. */
  timezone: string;
  /** A sheet is planned every `every_days` days. */
  episode: { start: string; end: string | null; timezone: string; every_days: number | null } | null;
  /** What began or ended in between, for the charts. */
  phases: Phase[];
  due: Due;
  outcomes: { instrument: string; outcome: Outcome }[];
  trajectory: string;
  basis: string;
  sufficiency: Sentence[];
  act_now: { risk_events: ReturnType<typeof riskView>[]; sentences: Sentence[] };
  instruments: Omit<InstrumentSection, "facts">[];
  mood: MoodSection & { sentences: Sentence[] };
  goals: { lines: GoalLine[]; gas_t: number | null; sentences: Sentence[] };
  work: {
    techniques: { name: string; sessions: number }[];
    homework: { set: number; done: number };
    sentences: Sentence[];
  };
  alliance: AllianceSection & { sentences: Sentence[] };
  model: ModelSection & { sentences: Sentence[] };
  changed: ChangesSection & { sentences: Sentence[] };
  recommendations: Advice[];
  limits: string[];
  facts: Fact[];
  /** Sentences that failed their check and were left out. */
  dropped: Sentence[];
};

const limits = [
  "Thresholds and cut-offs are published norms; the site's clinicians must sign them off before they guide care.",
  "Verdicts look at the current episode; scores that a model inferred or asked for enter none of them.",
  "A questionnaire without a self-harm question says nothing about risk.",
];

/** Composes a client's report from what is stored; the store's clock is its now. */
export function reportOf(call: Call, clientId: string): Report {
  return act(call, "report:read", clientId, (client) => {
    const now = call.store.now();
    const verdicts = verdictsOf(call, client);
    const episode = currentEpisode(call, client);
    const timezone = episode?.zone ?? call.store.settings.timezone;
    const sections = verdicts.map((one) =>
      instrumentSection(one, pointsOf(call, client, one.instrument), {
        plan: planOf(episode, now),
        zone: timezone,
        course: courseOf(call, client.tenantId, one.instrument),
      }),
    );
    const sessions = listRecords<SessionValue>(call.store, client, "session");
    const homework = listRecords<Homework>(call.store, client, "homework");
    const goals = goalsOf(call, client);
    const risks = listRecords<RiskValue>(call.store, client, "risk_event").map(riskView);
    const open = risks.filter((one) => one.status !== "closed");
    const moods = moodsOf(call, client);
    const { trajectory, basis } = trajectoryOf(verdicts, moods);
    const active = goals.filter((one) => one.status === "active").length;
    const counted = verdicts.reduce((sum, one) => sum + one.n, 0);
    const gas = gasOf(goals);
    const due = dueOf(call, client);
    const hasEnded = episode !== null && episode.to <= now;
    const outcomes = !hasEnded
      ? []
      : sections.flatMap((one) => {
          const instrument = instrumentNamed(one.instrument);
          const measures = one.points.flatMap((point) => {
            const time = Date.parse(point.at);
            const inside = point.counts && point.total !== null && time >= episode.from && time <= episode.to;
            return inside ? [{ time, total: point.total as number }] : [];
          });
          return instrument === undefined
            ? []
            : [{ instrument: one.instrument, outcome: outcomeOf(instrument, measures, episode.zone) }];
        });

    const facts: Fact[] = sections.flatMap((one) => one.facts);
    const dropped: Sentence[] = [];
    const settled = (said: ReturnType<typeof say>[]): Sentence[] => {
      const own = said.flatMap((one) => one.facts);
      facts.push(...own);
      const { kept, dropped: bad } = checkSentences(
        said.map((one) => one.sentence),
        own,
      );
      dropped.push(...bad);
      return kept;
    };
    const sufficiency = settled([
      say`Sessions recorded: ${numberFact("sessions", sessions.length, { unit: "sessions" })}; measures that count: ${numberFact("measures", counted, { unit: "measures" })}.`,
      ...(due.next_due_on === null
        ? []
        : [
            say`Next questionnaire due: ${dayFact("due", due.next_due_on)}${wordFact("due.state", due.out_of_date ? " (the last one is out of date)" : due.overdue ? " (overdue)" : "")}.`,
          ]),
      ...outcomes.map(
        ({ instrument, outcome }) =>
          say`Outcome of the episode by the first and last ${nameFact(`outcome.${instrument}.name`, instrument)}: ${wordFact(`outcome.${instrument}`, outcome)}.`,
      ),
      ...(counted === 0 ? [say`${wordFact("no-measure", "No measure yet")}.`] : []),
    ]);
    const actNow = settled([
      open.length === 0
        ? say`Open risk events: ${wordFact("risk", "none recorded")}.`
        : say`Open risk events: ${numberFact("risk", open.length, { inputs: open.map((one) => one.id) })}.`,
    ]);
    const felt = moodSection(moods);
    const mood = { ...felt.section, sentences: settled(felt.said) };
    const goalSentences = settled([
      say`Goals: ${numberFact("goals", goals.length)}, of them active: ${numberFact("goals.active", active)}.`,
      ...(gas === null
        ? []
        : [say`Goal attainment T: ${numberFact("gas", gas, { method: "GAS-T, Turner-Stokes 2009" })}.`]),
    ]);
    const techniques = new Map<string, number>();
    for (const one of sessions)
      for (const name of new Set(one.value.techniques_used))
        techniques.set(name, (techniques.get(name) ?? 0) + 1);
    const done = homework.filter((one) => one.status === "done").length;
    const work = settled([
      say`Homework records: ${numberFact("homework", homework.length)}, done: ${numberFact("homework.done", done)}.`,
    ]);
    const rated = allianceSection(sections.find((one) => one.instrument === "SRS")?.points ?? []);
    const alliance = { ...rated.section, sentences: settled(rated.said) };
    const happened = changesSection(now, {
      sessions,
      homework,
      measures: listRecords(call.store, client, "measure"),
      goals: listRecords(call.store, client, "goal"),
      milestones: listRecords(call.store, client, "milestone"),
      risks: listRecords<RiskValue>(call.store, client, "risk_event").map((one) => ({
        authoredAt: one.authoredAt,
        closedAt: one.value.closedAt,
      })),
    });
    const changed = { ...happened.section, sentences: settled(happened.said) };
    const withModel = modelSection(call, client);
    const model = { ...withModel.section, sentences: settled(withModel.said) };
    const instruments = sections.map(({ facts: own, ...section }) => {
      const { kept, dropped: bad } = checkSentences(section.sentences, own);
      dropped.push(...bad);
      return { ...section, sentences: kept };
    });
    const inputs = [sessions, homework, goals, risks, sections.map((one) => one.points), withModel.section];
    return {
      version: 1,
      tool,
      client_id: client.external,
      generated_at: isoTime(now),
      input_sha256: sha256(canonicalJson(inputs)),
      timezone,
      episode: episode && {
        start: isoTime(episode.from),
        end: episode.to === Infinity ? null : isoTime(episode.to),
        timezone: episode.zone,
        every_days: episode.everyDays,
      },
      phases: phasesOf(call, client),
      due,
      outcomes,
      trajectory,
      basis,
      sufficiency,
      act_now: { risk_events: open, sentences: actNow },
      instruments,
      mood,
      goals: {
        lines: goals.map((one) => ({
          goal_id: one.goal_id,
          description: one.description,
          completion: one.completion_percentage,
          status: one.status,
          target: one.target_date,
          level: one.levels.at(-1)?.level ?? null,
        })),
        gas_t: gas,
        sentences: goalSentences,
      },
      work: {
        techniques: [...techniques]
          .map(([name, count]) => ({ name, sessions: count }))
          .toSorted((a, b) => b.sessions - a.sessions || (a.name < b.name ? -1 : 1)),
        homework: { set: homework.length, done },
        sentences: work,
      },
      alliance,
      model,
      changed,
      recommendations: adviceFor({
        openRisk: hasOpenRisk(call, client),
        verdicts,
        sessions: sessions.length,
        activeGoals: active,
        trajectory,
        now,
      }),
      limits,
      facts,
      dropped,
    };
  });
}
