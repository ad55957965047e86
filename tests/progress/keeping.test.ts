import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../src/progress/store/migrations.ts";
import { sha256 } from "../../src/shared/index.ts";
import {
  addPrincipal,
  applyRetention,
  finishRotation,
  openStore,
  planRetention,
  proveReadable,
  rotateClients,
  rotationStart,
  type Store,
} from "../../src/progress/index.ts";
import { startService, type Service } from "./service.test-data.ts";
import { sqliteOf } from "./sqlite.test-data.ts";

let service: Service;
let key: string;
const others: Store[] = [];
beforeEach(async () => {
  service = await startService();
  key = service.token("service", "service");
  for (const client of ["a", "b", "c"]) {
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: client,
      session_id: "s",
      progress_notes: "x",
    });
    await service.send(
      key,
      "POST",
      "/api/v1/goals",
      { client_id: client, goal_id: "g", description: "d" },
      { "idempotency-key": client },
    );
    await service.send(key, "PUT", "/api/v1/goals/g", { client_id: client, completion_percentage: 10 });
  }
});
afterEach(async () => {
  for (const one of others.splice(0)) one.close();
  await service.close();
});

const read = async (client: string) =>
  (await service.send(key, "GET", `/api/v1/export/${client}`)).body["sha256"];

describe("keys rotate", () => {
  it("gives a new root key with which everything opens, and the former no longer does", async () => {
    const before = await read("a");
    const root = readFileSync(service.store.paths.rootKey, "utf8");
    expect(await service.store.rotateRoot()).toBe(1);
    expect(readFileSync(service.store.paths.rootKey, "utf8")).not.toBe(root);
    expect(await read("a")).toBe(before);
    const again = await openStore(service.home);
    others.push(again);
    expect(proveReadable(again)).toMatchObject({ clients: 3 });
    writeFileSync(service.store.paths.rootKey, root);
    const wrong = await openStore(service.home);
    others.push(wrong);
    expect(() => proveReadable(wrong)).toThrow(expect.objectContaining({ code: "E_SEAL_BROKEN" }) as Error);
  });

  it("opens after a kill on either side of its commit", async () => {
    const { rootKey } = service.store.paths;
    const before = readFileSync(rootKey, "utf8");
    await service.store.rotateRoot();
    const after = readFileSync(rootKey, "utf8");
    writeFileSync(rootKey, before); // killed between the commit and the change of the file
    writeFileSync(`${rootKey}.next`, after);
    const one = await openStore(service.home);
    others.push(one);
    expect(proveReadable(one).clients).toBe(3);
    expect(readFileSync(rootKey, "utf8")).toBe(after);
    writeFileSync(`${rootKey}.next`, `${"0".repeat(64)}\n`); // killed before the commit
    const two = await openStore(service.home);
    others.push(two);
    expect(proveReadable(two).clients).toBe(3);
  });

  it("seals every value of every client anew, and goes on where it was killed", async () => {
    const before = await Promise.all(["a", "b", "c"].map(read));
    const bodies = () =>
      (
        service.store.database
          .prepare(
            "SELECT hex(body) AS body FROM records UNION ALL SELECT hex(body) FROM record_revisions UNION ALL SELECT hex(external) FROM clients UNION ALL SELECT hex(reply) FROM idempotency",
          )
          .all() as { body: string }[]
      ).map((one) => one.body);
    const old = new Set(bodies());
    service.clock.now += 1000;
    const since = rotationStart(service.store);
    let left = 2;
    const seal = service.store.keys.renewClientKey;
    service.store.keys.renewClientKey = (...given) => {
      if (left-- === 0) throw new Error("killed");
      seal(...given);
    };
    expect(() => rotateClients(service.store, since, 1)).toThrow("killed");
    service.store.keys.renewClientKey = seal;
    service.clock.now += 1000;
    expect(rotationStart(service.store)).toBe(since);
    expect(rotateClients(service.store, since)).toEqual({ clients: 1, values: 5 });
    finishRotation(service.store);
    expect(bodies().filter((one) => old.has(one))).toEqual([]);
    expect(await Promise.all(["a", "b", "c"].map(read))).toEqual(before);
    expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  });
});

describe("erasure and legal hold", () => {
  it("a hold refuses erasure until it is lifted; the certificate is signed and names no client", async () => {
    const operator = service.token("human", "operator");
    const under = "/api/v1/clients/a";
    expect((await service.send(key, "POST", `${under}/legal-hold`, { reason: "r" })).status).toBe(404);
    expect(
      (await service.send(operator, "POST", `${under}/legal-hold`, { reason: "Synthetic case" })).status,
    ).toBe(201);
    expect(await service.send(operator, "POST", `${under}/erasure`, { confirm: true })).toMatchObject({
      status: 409,
      body: { code: "E_LEGAL_HOLD" },
    });
    expect((await service.send(operator, "POST", `${under}/legal-hold/lift`)).status).toBe(200);
    expect(await service.send(operator, "POST", `${under}/erasure`, { confirm: true })).toMatchObject({
      status: 200,
      body: { records: 2, certificate: { key: "destroyed", revisions: 1 } },
    });
    const list = await service.send(operator, "GET", "/api/v1/certificates");
    expect(list.body).toMatchObject({ count: 1, items: [{ valid: true, records: 2 }] });
    service.store.database.exec(
      "UPDATE certificates SET document = replace(document, '\"records\":2', '\"records\":3')",
    );
    expect((await service.send(operator, "GET", "/api/v1/certificates")).body).toMatchObject({
      items: [{ valid: false }],
    });
  });
});

it("leaves no key, no ciphertext and no word of an erased client in any file, before and after a restart", async () => {
  const words: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    const word = `zqcanary${index}x${"w".repeat(index % 7)}`;
    words.push(word);
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: "zqerased",
      session_id: `zqid${index}`,
      progress_notes: word,
      crisis_flags: index === 0 ? [word] : [],
    });
  }
  const sealed = () =>
    (
      service.store.database
        .prepare(
          `SELECT body FROM records WHERE client_id = @id UNION ALL SELECT body FROM record_revisions WHERE client_id = @id
           UNION ALL SELECT wrapped FROM client_keys WHERE client_id = @id UNION ALL SELECT external FROM clients WHERE id = @id`,
        )
        .all({ id: erased }) as { body: Buffer }[]
    ).map((one) => one.body);
  const { client_id: erased } = service.store.database
    .prepare("SELECT client_id FROM records WHERE kind = 'risk_event' ORDER BY recorded_at DESC, id DESC")
    .get() as { client_id: string };
  const ciphertexts = sealed();
  expect(ciphertexts.length).toBeGreaterThan(60);
  const filesHold = (): string[] => {
    const found: string[] = [];
    for (const name of readdirSync(service.store.paths.folder, { recursive: true, encoding: "utf8" })) {
      const path = join(service.store.paths.folder, name);
      if (!statSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      for (const word of [...words, "zqerased", "zqid"])
        if (bytes.includes(word)) found.push(`${name} holds a word`);
      for (const one of ciphertexts)
        if (bytes.includes(one.subarray(13, 61))) found.push(`${name} holds a ciphertext`);
    }
    return found;
  };
  expect(filesHold().filter((one) => one.endsWith("ciphertext")).length).toBeGreaterThan(60);
  expect(filesHold().filter((one) => one.endsWith("word"))).toEqual([]);
  const operator = service.token("human", "operator");
  expect(
    (await service.send(operator, "POST", "/api/v1/clients/zqerased/erasure", { confirm: true })).status,
  ).toBe(200);
  expect(filesHold()).toEqual([]);
  others.push(await openStore(service.home));
  expect(filesHold()).toEqual([]);
  expect(service.logged.join("")).not.toContain("zq");
});

describe("retention", () => {
  it("says first, then deletes by class and by client; holds and open risk win", async () => {
    const operator = service.token("human", "operator");
    await service.send(operator, "POST", "/api/v1/clients/b/legal-hold", { reason: "Synthetic case" });
    await service.send(key, "POST", "/api/v1/sessions", {
      client_id: "c",
      session_id: "flagged",
      crisis_flags: ["x"],
    });
    service.clock.now += 40 * 86_400_000;
    await service.send(key, "POST", "/api/v1/sessions", { client_id: "a", session_id: "young" });
    const rules = { sessions: 30, clients: 30 };
    const plan = planRetention(service.store, rules);
    expect(plan).toEqual({ classes: [{ name: "sessions", days: 30, records: 1 }], clients: 0, held: 1 });
    expect((await service.send(key, "GET", "/api/v1/sessions/a")).body).toMatchObject({ sessions_count: 2 });
    expect(applyRetention(service.store, rules)).toEqual(plan);
    expect((await service.send(key, "GET", "/api/v1/sessions/a")).body).toMatchObject({
      sessions: [{ session_id: "young" }],
    });
    expect((await service.send(key, "GET", "/api/v1/sessions/b")).body).toMatchObject({ sessions_count: 1 });
    expect((await service.send(key, "GET", "/api/v1/sessions/c")).body).toMatchObject({ sessions_count: 2 });
    await service.send(operator, "POST", "/api/v1/clients/b/legal-hold/lift");
    expect(applyRetention(service.store, { clients: 30 })).toMatchObject({ clients: 1 });
    expect((await service.send(key, "GET", "/api/v1/sessions/b")).status).toBe(404);
    expect(service.store.verifyLedger()).toMatchObject({ ok: true });
  });
});

it("a backup with its keys can be proved and opened elsewhere", async () => {
  const backup = join(service.home, "backup.db");
  await sqliteOf(service.store).backup(backup);
  const elsewhere = join(service.home, "elsewhere");
  mkdirSync(join(elsewhere, "progress/keys"), { recursive: true });
  for (const name of ["root.key", "ledger-signing.pem", "ledger-signing.pem.pub"])
    copyFileSync(join(service.home, "progress/keys", name), join(elsewhere, "progress/keys", name));
  copyFileSync(backup, join(elsewhere, "progress/progress.db"));
  const restored = await openStore(elsewhere, { mustExist: true });
  others.push(restored);
  expect(proveReadable(restored)).toEqual({ clients: 3, values: 15 });
  expect(restored.verifyLedger()).toMatchObject({ ok: true });
});

it("takes a store of every past schema to the newest, and stops before a newer one", async () => {
  for (const past of migrations.keys()) {
    const home = join(service.home, `past-${past}`);
    mkdirSync(join(home, "progress/keys"), { recursive: true });
    for (const name of ["root.key", "ledger-signing.pem"])
      copyFileSync(join(service.home, "progress/keys", name), join(home, "progress/keys", name));
    const raw = new Database(join(home, "progress/progress.db"));
    raw.exec(
      "CREATE TABLE migrations (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    );
    for (const [index, sql] of migrations.slice(0, past + 1).entries()) {
      raw.exec(sql);
      raw.prepare("INSERT INTO migrations VALUES (?, ?, 0)").run(index + 1, sha256(sql));
    }
    raw.close();
    const store = await openStore(home);
    others.push(store);
    addPrincipal(store, { tenant: "t", kind: "human", role: "clinician", clients: ["c"] });
    expect(proveReadable(store)).toEqual({ clients: 1, values: 1 });
  }
  const raw = new Database(service.store.paths.database);
  raw.prepare("INSERT INTO migrations VALUES (?, 'x', 0)").run(migrations.length + 1);
  raw.close();
  await expect(openStore(service.home)).rejects.toMatchObject({ code: "E_STORE_NEWER" });
});
