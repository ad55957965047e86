import { tool } from "../../shared/index.ts";
import { currentEpisode } from "../entities/care-records.ts";
import { goalsOf } from "../entities/goals.ts";
import { verdictsOf } from "../entities/overview.ts";
import { isoTime } from "../entities/times.ts";
import { instrumentNamed } from "../instruments/index.ts";
import { act, type Call } from "../store/act.ts";
import type { Verdict } from "../verdict/index.ts";
import { checkSentences } from "./check.ts";
import { dayFact, nameFact, numberFact, say, wordFact, type Sentence } from "./facts.ts";
import { instrumentSection, type InstrumentSection } from "./instrument-section.ts";
import { planOf, pointsOf } from "./report-inputs.ts";

type Said = ReturnType<typeof say>;

/** What a client sees of one questionnaire, and what its drawing needs: no yardstick of change but the cut-off. */
export type ClientSection = Pick<
  InstrumentSection,
  "instrument" | "title" | "min" | "max" | "bands" | "points" | "missed"
> & {
  cut_off: number | null;
  direction: Verdict["direction"];
  sentences: Sentence[];
};

/** A client's own report in plain words: no risk events, no alerts, no statistics. */
export type ClientReport = {
  version: 1;
  tool: { name: string; version: string };
  client_id: string;
  generated_at: string;
  sections: ClientSection[];
  goals: { description: string; completion: number; status: string }[];
  sentences: Sentence[];
  limits: string[];
  dropped: Sentence[];
};

const plainWords: Record<Verdict["verdict"], string> = {
  insufficient: "it is too early to say whether something has changed",
  deterioration:
    "things have become clearly harder since the start; please talk about it with your clinician",
  recovered: "things have clearly become better, and the score is now in the range of most people",
  reliable_improvement: "things have clearly become better since the start",
  not_on_track: "things go more slowly than they usually do here; please talk about it with your clinician",
  unstable: "the scores go up and down a good deal; please talk about it with your clinician",
  stable: "things have stayed about the same",
  no_change_shown: "the changes so far are within the usual ups and downs",
  no_norm: "this questionnaire has no agreed yardstick for change",
};

const limits = [
  "This page was computed from what was recorded; it is no diagnosis and no advice.",
  "If you are in danger or think of harming yourself, call your local emergency number now.",
  "Questions about it belong in your next conversation with your clinician.",
];

function plainSentences(verdict: Verdict, section: InstrumentSection): Said[] {
  const id = (name: string): string => `${verdict.instrument}.client.${name}`;
  const last = section.points.findLast((one) => one.counts && one.total !== null);
  const count = numberFact(id("n"), verdict.n, { unit: "measures" });
  if (last === undefined || last.total === null) return [say`Filled in so far: ${count}.`];
  const direction = instrumentNamed(verdict.instrument)?.direction ?? "lower_better";
  return [
    say`Filled in so far: ${count}. The last one, on ${dayFact(id("day"), last.at)}, gave ${numberFact(id("now"), last.total)} points; ${wordFact(id("direction"), direction === "lower_better" ? "lower is better" : "higher is better")}.`,
    ...(verdict.n < 5 || verdict.baseline === null || verdict.latest === null
      ? []
      : [
          say`Compared are ${numberFact(id("baseline"), verdict.baseline)} points (${wordFact(id("baseline.is"), verdict.baseline_is ?? "")}) and ${numberFact(id("latest"), verdict.latest)} points (${wordFact(id("latest.is"), verdict.latest_is ?? "")}).`,
        ]),
    say`In short: ${wordFact(id("words"), plainWords[verdict.verdict], { method: `decision table ${verdict.rule_version}` })}.`,
  ];
}

/** Composes the client edition of a report. */
export function clientReportOf(call: Call, clientId: string): ClientReport {
  return act(call, "client_report:read", clientId, (client) => {
    const dropped: Sentence[] = [];
    const settled = (said: readonly Said[]): Sentence[] => {
      const { kept, dropped: bad } = checkSentences(
        said.map((one) => one.sentence),
        said.flatMap((one) => one.facts),
      );
      dropped.push(...bad);
      return kept;
    };
    const episode = currentEpisode(call, client);
    const background = {
      plan: planOf(episode, call.store.now()),
      zone: episode?.zone ?? call.store.settings.timezone,
      course: null,
    };
    const sections = verdictsOf(call, client).map((verdict): ClientSection => {
      const people = pointsOf(call, client, verdict.instrument).filter(
        (one) => one.source !== "model_inferred",
      );
      const section = instrumentSection(verdict, people, background);
      const { instrument, title, min, max, bands, points, missed } = section;
      const { cut_off, direction } = verdict;
      const sentences = settled(plainSentences(verdict, section));
      return { instrument, title, min, max, bands, points, missed, cut_off, direction, sentences };
    });
    const goals = goalsOf(call, client).map((one) => ({
      description: one.description,
      completion: one.completion_percentage,
      status: one.status,
    }));
    const sentences = settled([
      sections.length === 0
        ? say`${nameFact("client.none", "There is no questionnaire yet")}.`
        : say`Questionnaires: ${nameFact("client.names", sections.map((one) => one.instrument).join(", "))}.`,
      say`Goals: ${numberFact("client.goals", goals.length)}.`,
    ]);
    return {
      version: 1,
      tool,
      client_id: client.external,
      generated_at: isoTime(call.store.now()),
      sections,
      goals,
      sentences,
      limits,
      dropped,
    };
  });
}
