import { numberFact, say } from "./facts.ts";

const dayMs = 86_400_000;
export const changeDays = 30;

type Dated = { authoredAt: number };

/** What happened in the last thirty days, counted. */
export type ChangesSection = {
  days: number;
  sessions: number;
  measures: number;
  risk_opened: number;
  risk_closed: number;
  homework_set: number;
  goals_set: number;
  milestones: number;
};

/** Counts of the last thirty days before `now`. */
export function changesSection(
  now: number,
  from: {
    sessions: readonly Dated[];
    measures: readonly Dated[];
    homework: readonly Dated[];
    risks: readonly (Dated & { closedAt: number | null })[];
    goals: readonly Dated[];
    milestones: readonly Dated[];
  },
): { section: ChangesSection; said: ReturnType<typeof say>[] } {
  const isRecent = (time: number | null): boolean =>
    time !== null && time > now - changeDays * dayMs && time <= now;
  const recent = (list: readonly Dated[]): number => list.filter((one) => isRecent(one.authoredAt)).length;
  const section: ChangesSection = {
    days: changeDays,
    sessions: recent(from.sessions),
    measures: recent(from.measures),
    risk_opened: recent(from.risks),
    risk_closed: from.risks.filter((one) => isRecent(one.closedAt)).length,
    homework_set: recent(from.homework),
    goals_set: recent(from.goals),
    milestones: recent(from.milestones),
  };
  const count = (name: keyof ChangesSection) => numberFact(`changed.${name}`, section[name]);
  return {
    section,
    said: [
      say`In the last ${count("days")} days: sessions ${count("sessions")}, questionnaires ${count("measures")}, homework ${count("homework_set")}, goals set ${count("goals_set")}, milestones ${count("milestones")}, risk events opened ${count("risk_opened")}, closed ${count("risk_closed")}.`,
    ],
  };
}
