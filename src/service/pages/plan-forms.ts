import { careRecords, careRelations, goals, measures, risks, type Call } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { checked } from "../problem.ts";

type Fields = Record<string, string>;
type Form = (path: string, act: (signed: { call: Call }, fields: Fields, params: Fields) => string) => void;

const filled = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** A day of a form as a moment: today's is now, so that it never lies ahead. */
function momentOf(call: Call, day: string | undefined, field: string): string {
  const time = Date.parse(`${day ?? ""}T12:00:00Z`);
  if (day === undefined || !/^\d{4}-\d\d-\d\d$/.test(day) || !Number.isFinite(time))
    throw new TrainingReadyError("E_INPUT", `${field}: is no day`);
  const now = call.store.now();
  const isToday = day === new Date(now).toISOString().slice(0, 10);
  return new Date(isToday ? now : time).toISOString();
}

/** The forms of a client's plan. */
export function addPlanForms(form: Form): void {
  const planOf = (params: Fields): string =>
    `/app/clients/${encodeURIComponent(params["client"] ?? "")}/plan`;
  const add = (
    path: string,
    act: (call: Call, client: string, fields: Fields, params: Fields) => unknown,
  ): void =>
    form(`/app/clients/:client/${path}`, ({ call }, fields, params) => {
      act(call, params["client"] ?? "", filled(fields), params);
      return planOf(params);
    });

  add("consents", (call, client, fields) =>
    careRecords.recordConsent(call, client, checked(careRecords.consentSchema, fields, "body")),
  );
  add("homework", (call, client, fields) =>
    careRecords.recordHomework(call, client, checked(careRecords.homeworkSchema, fields, "body")),
  );
  add("homework/:id", (call, client, { revision, ...fields }, params) =>
    careRecords.changeHomework(
      call,
      client,
      params["id"] ?? "",
      checked(careRecords.homeworkChangeSchema, fields, "body"),
      Number(revision),
    ),
  );
  add("episodes", (call, client, { start, measure_every_days, ...fields }) => {
    const every = numberOf(measure_every_days);
    const input = {
      ...fields,
      start: momentOf(call, start, "start"),
      ...(every === undefined ? {} : { measure_every_days: every }),
    };
    return careRecords.recordEpisode(call, client, checked(careRecords.episodeSchema, input, "body"));
  });
  add("episodes/:id", (call, client, { revision, end, ...fields }, params) =>
    careRecords.changeEpisode(
      call,
      client,
      params["id"] ?? "",
      checked(careRecords.episodeChangeSchema, { ...fields, end: momentOf(call, end, "end") }, "body"),
      Number(revision),
    ),
  );
  add("goal-levels", (call, client, { goal = "", level }) =>
    goals.recordGoalEvent(
      call,
      client,
      goal,
      checked(goals.goalEventSchema, { level: numberOf(level) }, "body"),
    ),
  );
  add("measures", (call, client, { day, total, ...fields }) => {
    const input = {
      ...fields,
      mode: "paper",
      total: numberOf(total),
      authored_at: momentOf(call, day, "day"),
    };
    return measures.recordMeasure(call, client, checked(measures.measureSchema, input, "body"));
  });
  add("care", (call, client, { principal = "", from, until, end }) => {
    const input = {
      ...(from === undefined ? {} : { from: momentOf(call, from, "from") }),
      until: until === undefined ? null : momentOf(call, until, "until"),
      end: end === "yes",
    };
    return careRelations.changeCare(
      call,
      client,
      principal,
      checked(careRelations.careSchema, input, "body"),
    );
  });
  add("risk", (call, client, fields) =>
    risks.raiseRisk(call, client, checked(risks.riskSchema, fields, "body")),
  );
}
