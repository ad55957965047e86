import {
  addPrincipal,
  careRecords,
  goals,
  inferencePrincipal,
  measures,
  openStore,
  reportOf,
  turns,
  type Report,
} from "../../progress/index.ts";

const dayMs = 86_400_000;

/** One exchange with the served model, as the journey had it. */
export type Exchange = {
  user: string;
  assistant: string | null;
  level?: "none" | "watch" | "elevated" | "imminent";
};

// Synthetic answers to a PHQ-9, one sheet a week; item 9 is asked and answered with 0.
const sheets = [
  [2, 2, 3, 2, 2, 2, 2, 2, 0],
  [2, 2, 2, 2, 2, 2, 2, 2, 0],
  [2, 2, 2, 2, 1, 2, 2, 1, 0],
  [2, 1, 2, 2, 1, 1, 1, 1, 0],
  [1, 1, 2, 1, 1, 1, 1, 0, 0],
  [1, 1, 1, 1, 1, 1, 0, 0, 0],
] as const;

export type SyntheticClient = {
  report: Report;
  tenant: string;
  client: string;
  turns: number;
  measures: number;
  /** Path of the client's page once the tracker is served. */
  page: string;
  /** Sign-in of a synthetic clinician, made anew each time. */
  token: string;
};

/**
 * Records exchanges as turns of a synthetic client, its consent to AI, a goal and a weekly PHQ-9 series up to now, and
 * composes its report. Run again, it adds another chat and nothing else.
 */
export async function recordSyntheticClient(options: {
  home: string;
  tenant: string;
  client: string;
  exchanges: readonly Exchange[];
  model: string | null;
}): Promise<SyntheticClient> {
  const { home, tenant, client, exchanges, model } = options;
  const store = await openStore(home);
  try {
    const call = { store, principal: inferencePrincipal(store, tenant) };
    const now = store.now();
    const session = `chat-${new Date(now).toISOString()}`;
    const today = Math.floor(now / dayMs) * dayMs;
    const known = (external: string): boolean =>
      store.database
        .prepare("SELECT 1 FROM records WHERE tenant_id = ? AND external_index = ? LIMIT 1")
        .get(call.principal.tenantId, store.keys.index(call.principal.tenantId, "measure", external)) !==
      undefined;
    goals.recordGoal(call, {
      ...goals.goalSchema.parse({
        client_id: client,
        goal_id: `${client}-walks`,
        description: "Synthetic goal: three walks a week",
        completion_percentage: 50,
      }),
    });
    const consents = careRecords.listCareRecords(call, client, "consent");
    // Its episode plans a sheet a week from the first one on.
    if (careRecords.listCareRecords(call, client, "episode").count === 0)
      careRecords.recordEpisode(
        call,
        client,
        careRecords.episodeSchema.parse({
          start: new Date(today - 7 * dayMs * (sheets.length - 1)).toISOString(),
          measure_every_days: 7,
        }),
      );
    if (consents.count === 0) careRecords.recordConsent(call, client, { purpose: "ai", status: "given" });
    for (const [turn, one] of exchanges.entries())
      turns.takeTurn(
        call,
        turns.turnSchema.parse({
          client_id: client,
          session_id: session,
          turn,
          at: new Date(now).toISOString(),
          level: one.level ?? "none",
          user: one.user,
          assistant: one.assistant,
          model,
        }),
      );
    for (const [week, items] of sheets.entries()) {
      const measure_id = `${client}-phq-9-${week + 1}`;
      if (known(measure_id)) continue;
      measures.recordMeasure(
        call,
        client,
        measures.measureSchema.parse({
          measure_id,
          instrument: "PHQ-9",
          items,
          source: "self",
          mode: "synthetic",
          authored_at: new Date(today - 7 * dayMs * (sheets.length - 1 - week)).toISOString(),
        }),
      );
    }
    const report = reportOf(call, client);
    const { token } = addPrincipal(store, {
      tenant,
      kind: "human",
      role: "clinician",
      clients: [client],
      name: "synthetic clinician",
    });
    store.checkpoint();
    const page = `/app/clients/${encodeURIComponent(client)}`;
    return { report, tenant, client, turns: exchanges.length, measures: sheets.length, page, token };
  } finally {
    store.close();
  }
}
