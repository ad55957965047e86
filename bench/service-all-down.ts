import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addPrincipal, careRecords, inferencePrincipal, openStore } from "../src/progress/index.ts";
import { startPostgres } from "../tests/progress/postgres.test-data.ts";
import { quantile, say } from "./figures.ts";
import { startMock, startWholeService } from "./service-processes.ts";

/** As `down`, for clients of a tracker on PostgreSQL that hangs in the middle of it: nothing but this process is left. */
export async function allDown(requests: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "alldown-"));
  const postgres = await startPostgres();
  await writeFile(join(home, "url"), await postgres.create());
  await writeFile(join(home, "training-ready.yaml"), "version: 1\nprogress:\n  database: file:url\n");
  const store = await openStore(home);
  const clients = Array.from({ length: 50 }, (_, at) => `c-${at}`);
  const { token } = addPrincipal(store, { tenant: "clinic", kind: "service", role: "service", clients: [] });
  addPrincipal(store, { tenant: "clinic", kind: "human", role: "clinician", clients });
  const clinic = { store, principal: inferencePrincipal(store, "clinic") };
  for (const client of clients) careRecords.recordConsent(clinic, client, { purpose: "ai", status: "given" });
  store.close();
  const engine = await startMock(0, 0);
  const service = await startWholeService(["--home", home, "--engine", engine.url]);
  const ask = async (at: number): Promise<{ ms: number; text: string }> => {
    const startedAt = performance.now();
    const response = await fetch(`${service.url}/api/v1/inference`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({
        user_input: "I am going to kill myself tonight",
        client_id: clients[at % clients.length],
        session_id: `s-${at}`,
        track_progress: true,
      }),
    });
    const text = await response.text();
    return { ms: performance.now() - startedAt, text };
  };
  const round = async (name: string, first: number): Promise<void> => {
    const times: number[] = [];
    const progress: Record<string, number> = {};
    let answered = 0;
    const startedAt = performance.now();
    for (let at = 0; at < requests; at++) {
      // Slow enough that the hang outlasts the limit of a statement and several tries of the outbox.
      await new Promise((wait) => setTimeout(wait, 20));
      const { ms, text } = await ask(first + at);
      times.push(ms);
      if (text.includes('"level":"imminent"')) answered++;
      const outcome = /"progress":"(\w+)"/.exec(text)?.[1] ?? "none";
      progress[outcome] = (progress[outcome] ?? 0) + 1;
    }
    say("alldown", {
      round: name,
      requests,
      answered,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      over50Ms: times.filter((one) => one > 50).length,
      longestMs: Math.max(...times),
      first: times.slice(0, 5).map(Math.round),
      seconds: Math.round((performance.now() - startedAt) / 1000),
      progress,
    });
  };
  try {
    await round("up", 0);
    await engine.stop();
    postgres.freeze();
    await round("hung", requests);
    postgres.thaw();
  } finally {
    await service.stop();
    postgres.close();
    await rm(home, { recursive: true, force: true });
  }
}
