import { generateKeyPairSync, randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import {
  appendLedger,
  ledgerHead,
  ledgerSql,
  readCheckpoints,
  rootKey,
  seal,
  unseal,
  unsealJson,
  sealJson,
  verifyChain,
  writeCheckpoint,
} from "./index.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "vault-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

describe("a sealed value", () => {
  const key = randomBytes(32);

  it("opens in its own place only", () => {
    const sealed = sealJson(key, { mood: "synthetic words" }, "t|c|session|1|body|1");
    expect(unsealJson(key, sealed, "t|c|session|1|body|1")).toEqual({ mood: "synthetic words" });
    expect(() => unsealJson(key, sealed, "t|c|session|2|body|1")).toThrow(/failed its check/);
    expect(() => unsealJson(randomBytes(32), sealed, "t|c|session|1|body|1")).toThrow(/failed its check/);
    expect(sealed.includes("synthetic")).toBe(false);
  });

  it("refuses every single bit flip and every shorter tag", () => {
    const sealed = seal(key, Buffer.from("7"), "place");
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => unseal(key, flipped, "place")).toThrow(/failed its check/);
    }
    for (let cut = 1; cut < 16; cut += 1)
      expect(() => unseal(key, sealed.subarray(0, sealed.length - cut), "place")).toThrow(/failed its check/);
  });

  it("hides the length of short values", () => {
    expect(seal(key, Buffer.from("7"), "p").length).toBe(seal(key, Buffer.from("27 points"), "p").length);
  });
});

it("makes a root key once, for its owner alone, and never beside sealed data", async () => {
  const path = join(folder(), "root.key");
  await expect(rootKey(path, { mayCreate: false })).rejects.toMatchObject({ code: "E_KEY_MISSING" });
  const key = await rootKey(path, { mayCreate: true });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await rootKey(path, { mayCreate: false })).toEqual(key);
  writeFileSync(path, "short");
  await expect(rootKey(path, { mayCreate: false })).rejects.toMatchObject({ code: "E_SEAL_BROKEN" });
});

describe("the ledger", () => {
  const filled = (rows: number) => {
    const database = new Database(":memory:");
    database.exec(ledgerSql);
    for (let at = 1; at <= rows; at += 1)
      appendLedger(
        database,
        {
          tenant: "t",
          principal: `p${at}`,
          action: "sessions:read",
          objectKind: "client",
          objectId: `o${at}`,
          client: `c${at}`,
          outcome: "allowed",
          policy: "1",
        },
        at,
      );
    return database;
  };

  it("is whole as written and refuses changes", () => {
    const database = filled(5);
    expect(verifyChain(database, [])).toEqual({ ok: true, firstBroken: null, rows: 5 });
    expect(() => database.exec("UPDATE ledger SET action = 'x'")).toThrow(/append-only/);
    expect(() => database.exec("DELETE FROM ledger")).toThrow(/append-only/);
  });

  it("finds a change of any column of any row", () => {
    const columns = (
      filled(1).prepare("PRAGMA table_info(ledger)").all() as { name: string; type: string }[]
    ).map((one) => one);
    expect(columns.length).toBe(12);
    for (const { name, type } of columns)
      for (const seq of [1, 3, 5]) {
        const database = filled(5);
        database.exec("DROP TRIGGER ledger_no_update");
        const value = type === "INTEGER" ? 77 : "changed";
        database.prepare(`UPDATE ledger SET ${name} = ? WHERE seq = ?`).run(value, seq);
        expect(verifyChain(database, []), `${name} of ${seq}`).toMatchObject({ ok: false, firstBroken: seq });
      }
  });

  it("finds removed, swapped and added rows, and a cut tail by its checkpoint", () => {
    const path = join(folder(), "checkpoints.jsonl");
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const removed = filled(5);
    const head = ledgerHead(removed);
    writeCheckpoint(path, head, privateKey, "2026-01-01T00:00:00.000Z");
    const { checkpoints } = readCheckpoints(path, publicKey);
    removed.exec("DROP TRIGGER ledger_no_delete; DELETE FROM ledger WHERE seq = 3");
    expect(verifyChain(removed, checkpoints)).toMatchObject({ ok: false, firstBroken: 3 });
    const swapped = filled(5);
    swapped.exec(
      "DROP TRIGGER ledger_no_update; UPDATE ledger SET seq = 9 WHERE seq = 2; UPDATE ledger SET seq = 2 WHERE seq = 4; UPDATE ledger SET seq = 4 WHERE seq = 9",
    );
    expect(verifyChain(swapped, checkpoints)).toMatchObject({ ok: false, firstBroken: 2 });
    const cut = filled(5);
    cut.exec("DROP TRIGGER ledger_no_delete; DELETE FROM ledger WHERE seq > 3");
    expect(verifyChain(cut, [])).toMatchObject({ ok: true });
    expect(verifyChain(cut, checkpoints)).toMatchObject({ ok: false, firstBroken: 4 });
    // a chain written anew from the start has other hashes than the checkpoint
    const rewritten = filled(4);
    appendLedger(
      rewritten,
      {
        tenant: null,
        principal: null,
        action: "x",
        objectKind: null,
        objectId: null,
        client: null,
        outcome: "denied",
        policy: "1",
      },
      5,
    );
    expect(verifyChain(rewritten, checkpoints)).toMatchObject({ ok: false, firstBroken: 5 });
  });

  it("counts a forged checkpoint and passes over a torn one", () => {
    const path = join(folder(), "checkpoints.jsonl");
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    writeCheckpoint(path, { seq: 1, hash: "a" }, privateKey, "2026-01-01T00:00:00.000Z");
    appendFileSync(path, '{"seq": 2');
    expect(readCheckpoints(path, publicKey)).toMatchObject({ checkpoints: [{ seq: 1 }], bad: 0 });
    writeFileSync(path, readFileSync(path, "utf8").replace('"seq":1', '"seq":2'));
    expect(readCheckpoints(path, publicKey)).toMatchObject({ checkpoints: [], bad: 1 });
  });
});
