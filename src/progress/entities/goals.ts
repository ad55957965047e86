import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { act, actOnOne, notFound, type Call } from "../store/act.ts";
import { externalOf, type Client } from "../store/clients.ts";
import {
  eachRecord,
  insertRecord,
  listRecords,
  recordNamed,
  reviseRecord,
  type StoredRecord,
} from "../store/records.ts";
import { dayOrInstant, externalId, instant, text } from "../values.ts";
import { authoredTime, isoTime } from "./times.ts";

const prose = text(100_000).nullable();
const percentage = z.number().min(0).max(100);
const significance = z.enum(["minor", "moderate", "major"]);
const goalStatus = z.enum(["active", "completed", "abandoned"]);

const innerMilestone = z.strictObject({
  milestone_id: externalId.optional(),
  goal_id: externalId.optional(),
  description: text(100_000),
  achieved_date: dayOrInstant.nullable().optional(),
  significance: significance.optional(),
});

export const goalSchema = z.strictObject({
  goal_id: externalId.optional(),
  client_id: externalId,
  description: text(100_000),
  target_date: dayOrInstant.nullable().default(null),
  completion_percentage: percentage.default(0),
  milestones: z
    .array(z.union([text(10_000), innerMilestone]))
    .max(500)
    .default([]),
  notes: prose.default(null),
  weight: z.number().positive().max(1000).optional(),
  authored_at: instant.optional(),
});

export const goalChangeSchema = z
  .strictObject({
    client_id: externalId.optional(),
    description: text(100_000).optional(),
    target_date: dayOrInstant.nullable().optional(),
    completion_percentage: percentage.optional(),
    notes: prose.optional(),
    weight: z.number().positive().max(1000).optional(),
    status: goalStatus.optional(),
  })
  .refine((change) => Object.keys(change).some((key) => key !== "client_id"), { message: "changes nothing" });

export const milestoneSchema = z.strictObject({
  milestone_id: externalId.optional(),
  client_id: externalId,
  goal_id: externalId,
  description: text(100_000),
  achieved_date: dayOrInstant.nullable().default(null),
  significance: significance.default("moderate"),
  authored_at: instant.optional(),
});

export const goalEventSchema = z.strictObject({
  level: z.int().min(-2).max(2),
  note: prose.default(null),
  authored_at: instant.optional(),
});

type GoalInput = z.output<typeof goalSchema>;
export type GoalValue = Omit<GoalInput, "goal_id" | "client_id" | "authored_at">;
export type MilestoneValue = Omit<
  z.output<typeof milestoneSchema>,
  "milestone_id" | "client_id" | "authored_at"
>;
export type GoalEventValue = Omit<z.output<typeof goalEventSchema>, "authored_at">;

const statusFor = (percent: number): z.output<typeof goalStatus> => (percent >= 100 ? "completed" : "active");

/** A milestone as the API shows it. */
export function milestoneView(record: StoredRecord<MilestoneValue>) {
  return { milestone_id: record.external, ...record.value, authored_at: isoTime(record.authoredAt) };
}

/** A client's goals with their milestones and levels, newest first. */
export function goalsOf(call: Call, client: Client) {
  const milestones = listRecords<MilestoneValue>(call.store, client, "milestone").toReversed();
  const events = listRecords<GoalEventValue>(call.store, client, "goal_event").toReversed();
  return listRecords<GoalValue>(call.store, client, "goal").map((goal) =>
    goalView(client, goal, {
      milestones: milestones.filter((one) => one.parentId === goal.id),
      events: events.filter((one) => one.parentId === goal.id),
    }),
  );
}

/** The goals of `goalsOf`, one in memory at a time. */
export function* eachGoal(call: Call, client: Client): Generator<ReturnType<typeof goalView>> {
  for (const goal of eachRecord<GoalValue>(call.store, client, "goal"))
    yield goalView(client, goal, {
      milestones: listRecords<MilestoneValue>(call.store, client, "milestone", {
        parent: goal.id,
      }).toReversed(),
      events: listRecords<GoalEventValue>(call.store, client, "goal_event", {
        parent: goal.id,
      }).toReversed(),
    });
}

/** A goal as the API shows it, with its milestones and levels, oldest first. */
function goalView(
  client: Client,
  goal: StoredRecord<GoalValue>,
  of: { milestones: StoredRecord<MilestoneValue>[]; events: StoredRecord<GoalEventValue>[] },
) {
  return {
    goal_id: goal.external,
    client_id: client.external,
    ...goal.value,
    milestones: [...goal.value.milestones, ...of.milestones.map(milestoneView)],
    status: goal.status,
    levels: of.events.map((one) => ({
      level: one.value.level,
      note: one.value.note,
      authored_at: isoTime(one.authoredAt),
    })),
    authored_at: isoTime(goal.authoredAt),
    recorded_at: isoTime(goal.recordedAt),
    revision: goal.revision,
  };
}

/** Records a goal. */
export function recordGoal(call: Call, input: GoalInput) {
  return act(
    call,
    "goals:write",
    input.client_id,
    (client) => {
      const { goal_id, client_id: _, authored_at, ...value } = input;
      const { record } = insertRecord<GoalValue>(call.store, client, "goal", {
        external: goal_id,
        authoredAt: authoredTime(authored_at, call.store.now()),
        status: statusFor(value.completion_percentage),
        value,
        content: input,
      });
      return { status: "success", message: "Goal recorded", goal_id: record.external };
    },
    { mayCreate: true },
  );
}

function candidates(call: Call, goalId: string): { clientId: string; external: string }[] {
  const { store, principal } = call;
  const rows = store.database
    .prepare("SELECT client_id FROM records WHERE tenant_id = ? AND kind = 'goal' AND external_index = ?")
    .all(principal.tenantId, store.keys.index(principal.tenantId, "goal", goalId)) as { client_id: string }[];
  return rows.map(({ client_id }) => ({
    clientId: client_id,
    external: externalOf(store, principal.tenantId, client_id),
  }));
}

/** Changes a goal, named alone or with its client; `ifMatch` is the revision the caller saw. */
export function changeGoal(
  call: Call,
  goalId: string,
  input: z.output<typeof goalChangeSchema>,
  options: { clientId?: string | undefined; ifMatch?: number | undefined } = {},
) {
  const { client_id, status, ...change } = input;
  const external = client_id ?? options.clientId;
  const work = (client: Client) => {
    const goal = recordNamed<GoalValue>(call.store, client, "goal", goalId);
    if (goal === undefined) throw notFound();
    if (options.ifMatch !== undefined && options.ifMatch !== goal.revision)
      throw new TrainingReadyError("E_STALE", `the goal is at revision ${goal.revision}`);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const value = { ...goal.value, ...given };
    const next =
      status ??
      (change.completion_percentage === undefined ? goal.status : statusFor(value.completion_percentage));
    const revised = reviseRecord(call.store, client, "goal", goal, { value, status: next });
    return {
      status: "success",
      message: "Goal updated",
      goal_id: revised.external,
      completion_percentage: revised.value.completion_percentage,
      revision: revised.revision,
    };
  };
  return external === undefined
    ? actOnOne(call, "goals:write", () => candidates(call, goalId), work)
    : act(call, "goals:write", external, work);
}

/** A client's goals; by default only those still worked on. */
export function listGoals(call: Call, clientId: string, activeOnly: boolean) {
  return act(call, "goals:read", clientId, (client) => {
    const goals = goalsOf(call, client).filter((one) => !activeOnly || one.status === "active");
    return { client_id: client.external, goals_count: goals.length, goals };
  });
}

/** Records a milestone of a goal that exists. */
export function recordMilestone(call: Call, input: z.output<typeof milestoneSchema>) {
  return act(call, "goals:write", input.client_id, (client) => {
    const goal = recordNamed<GoalValue>(call.store, client, "goal", input.goal_id);
    if (goal === undefined) throw notFound();
    const { milestone_id, client_id: _, authored_at, ...value } = input;
    const { record } = insertRecord<MilestoneValue>(call.store, client, "milestone", {
      external: milestone_id,
      parentId: goal.id,
      authoredAt: authoredTime(authored_at, call.store.now()),
      status: "recorded",
      value,
      content: input,
    });
    return { status: "success", message: "Milestone recorded", milestone_id: record.external };
  });
}

/** Records a goal attainment level (-2 … +2) of a goal. */
export function recordGoalEvent(
  call: Call,
  clientId: string,
  goalId: string,
  input: z.output<typeof goalEventSchema>,
) {
  return act(call, "goals:write", clientId, (client) => {
    const goal = recordNamed<GoalValue>(call.store, client, "goal", goalId);
    if (goal === undefined) throw notFound();
    const { authored_at, ...value } = input;
    const { record } = insertRecord<GoalEventValue>(call.store, client, "goal_event", {
      parentId: goal.id,
      authoredAt: authoredTime(authored_at, call.store.now()),
      status: "recorded",
      value,
    });
    return { status: "success", message: "Level recorded", id: record.id, goal_id: goal.external };
  });
}
