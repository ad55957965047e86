import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

const head = (): number =>
  service.store.database.prepare("SELECT coalesce(max(seq), 0) FROM ledger").pluck().get() as number;
const marks = (): number[] =>
  existsSync(service.store.paths.checkpoints)
    ? readFileSync(service.store.paths.checkpoints, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { seq: number }).seq)
    : [];
/** Makes so many entries in the ledger. */
async function refusals(count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, () => service.send("tr_nobody", "GET", "/api/v1/export/nobody")),
  );
}

it("are written within a batch of each thousand entries, without any clock, and bar a cut of the tail", async () => {
  await refusals(900);
  expect(marks()).toEqual([]);
  await refusals(1300);
  expect(head()).toBe(2200);
  const [first = 0, second = 0, ...more] = marks();
  expect(first).toBeGreaterThanOrEqual(1000);
  expect(first).toBeLessThan(1000 + 128);
  expect(second - first).toBeGreaterThanOrEqual(1000);
  expect(second - first).toBeLessThan(1000 + 128);
  expect(more).toEqual([]);
  expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  service.store.database.exec(`DROP TRIGGER ledger_no_delete; DELETE FROM ledger WHERE seq > ${second - 1}`);
  expect(service.store.verifyLedger()).toMatchObject({ ok: false, firstBroken: second });
}, 90_000);

it("that cannot be written are said, harm no request, and are tried again after a thousand more", async () => {
  const { checkpoints } = service.store.paths;
  await refusals(1);
  mkdirSync(checkpoints);
  const failures = (): number => service.logged.filter((one) => one.includes("checkpoint failed")).length;
  const reply = await service.send(null, "GET", "/health");
  expect(reply.status).toBe(200);
  await refusals(1050);
  expect(head()).toBe(1051);
  expect(failures()).toBeGreaterThan(0);
  rmSync(checkpoints, { recursive: true });
  await refusals(1150);
  expect(marks()).toHaveLength(1);
}, 90_000);
