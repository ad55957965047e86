import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  addPrincipal,
  advanceRisks,
  authenticate,
  inferencePrincipal,
  openStore,
  riskIsWaiting,
  risks,
  storeWaitingRisk,
  turns,
  type Call,
  type Store,
} from "../../src/progress/index.ts";
import { sqliteOf } from "./sqlite.test-data.ts";

// TRAINING_READY_RISK_EVENTS=10000 is the long form.
const wanted = Number(process.env["TRAINING_READY_RISK_EVENTS"] ?? 300);

let home: string;
let store: Store;
const clock = { now: Date.UTC(2026, 5, 1) };
let state = 20_261_125;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return Math.floor(((state >>> 0) / 4_294_967_296) * limit);
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "risk-"));
  store = await openStore(home, { now: () => clock.now });
});
afterAll(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

it(
  `loses none of ${wanted} signs of risk through faults, repeats and restarts, each told of within two seconds`,
  { timeout: 3_000_000 },
  async () => {
    const clientsOfAll = 25;
    const model = addPrincipal(store, {
      tenant: "t",
      kind: "model",
      role: "model",
      clients: Array.from({ length: clientsOfAll }, (_, index) => `c${index}`),
    });
    const reported = new Map<string, number>();
    let queued = 0;
    let closedByModel = 0;
    let down = false;
    const call = (): Call => ({ store, principal: inferencePrincipal(store, "t") });
    let kept = call();
    // While the store is down nothing can be told by it; that time is not counted.
    const downs: { from: number; to: number }[] = [];
    const setDown = (next: boolean): void => {
      if (next && !down) downs.push({ from: clock.now, to: Infinity });
      const last = downs.at(-1);
      if (!next && last !== undefined && last.to === Infinity) last.to = clock.now;
      down = next;
      sqliteOf(store).pragma(`query_only = ${down ? "ON" : "OFF"}`);
    };
    // The clock that serving runs once a second.
    const tick = (): void => {
      clock.now += 1000;
      if (down) return;
      storeWaitingRisk(store);
      advanceRisks(store);
    };
    for (let index = 0; index < wanted; index += 1) {
      const client = `c${below(clientsOfAll)}`;
      const detection = turns.detectionSchema.parse({
        client_id: client,
        session_id: `s${index % 50}`,
        turn: index,
        at: new Date(clock.now).toISOString(),
        level: below(3) === 0 ? "imminent" : "elevated",
      });
      // Handed over once or more, as an outbox does.
      for (let times = 0; times <= below(3); times += 1)
        if (turns.reportDetection(kept, detection).status === "queued") queued += 1;
      reported.set(`${index}@s${index % 50}`, clock.now);
      if (below(10) === 0) setDown(!down);
      if (below(15) === 0 && !down) {
        const principal = authenticate(store, model.token);
        const found = risks.listRisks(call(), client).items[0];
        if (principal === undefined) throw new Error("it was made above");
        if (found === undefined) continue; // still waiting in the emergency file
        try {
          risks.closeRisk({ store, principal }, client, found.id, { disposition: "by a model" });
          closedByModel += 1;
        } catch {
          // refused, as it must be
        }
      }
      if (below(20) === 0 && !down) {
        // A human closes what is open; a later sign opens a new event.
        const principal = {
          id: "human",
          tenantId: kept.principal.tenantId,
          kind: "human",
          role: "clinician",
          tenantWide: true,
        } as const;
        const open = risks.listRisks(call(), client).items.find((one) => one.status !== "closed");
        if (open !== undefined)
          risks.closeRisk({ store, principal }, client, open.id, { disposition: "Synthetic" });
      }
      if (below(60) === 0) {
        store.close();
        store = await openStore(home, { now: () => clock.now });
        setDown(down);
        kept = { store, principal: kept.principal };
      }
      if (below(2) === 0) tick();
    }
    setDown(false);
    tick();
    tick();
    expect(riskIsWaiting(store)).toBe(false);
    expect(queued).toBeGreaterThan(wanted / 20);
    expect(closedByModel).toBe(0);
    const taken = store.database.prepare("SELECT count(*) AS n FROM records WHERE kind = 'detection'").get();
    expect(taken).toEqual({ n: reported.size });
    let occurrences = 0;
    let told = 0;
    for (let index = 0; index < clientsOfAll; index += 1)
      for (const one of risks.listRisks(call(), `c${index}`).items) {
        occurrences += one.occurrences.length;
        if (one.status === "closed") continue;
        expect(["notified", "escalated"]).toContain(one.status);
        const [from, to] = [Date.parse(one.clock_started_at), Date.parse(one.notified_at ?? "")];
        const away = downs.reduce(
          (sum, each) => sum + Math.max(0, Math.min(to, each.to) - Math.max(from, each.from)),
          0,
        );
        expect(to - from - away).toBeLessThanOrEqual(2000);
        told += 1;
      }
    expect(occurrences).toBe(reported.size);
    expect(told).toBeGreaterThan(5);
    expect(store.verifyLedger()).toMatchObject({ ok: true });
  },
);
