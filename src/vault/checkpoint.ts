import { sign, verify, type KeyObject } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { canonicalJson, syncNames } from "../shared/index.ts";
import type { LedgerHead } from "./ledger.ts";

export type Checkpoint = LedgerHead & { at: string; signature: string };

const signed = (one: Omit<Checkpoint, "signature">): Buffer =>
  Buffer.from(canonicalJson({ at: one.at, seq: one.seq, hash: one.hash }), "utf8");

/** Appends a signed head to the file of checkpoints and flushes it. */
export function writeCheckpoint(path: string, head: LedgerHead, key: KeyObject, at: string): Checkpoint {
  const unsigned = { at, seq: head.seq, hash: head.hash };
  const checkpoint = { ...unsigned, signature: sign(null, signed(unsigned), key).toString("base64") };
  const isNew = !existsSync(path);
  const torn = !isNew && !/^$|\n$/.test(readFileSync(path, "utf8").slice(-1));
  const file = openSync(path, "a", 0o600);
  try {
    writeSync(file, `${torn ? "\n" : ""}${JSON.stringify(checkpoint)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncNames(path, { folders: 1 });
  return checkpoint;
}

/** The checkpoints of a file; `bad` counts whole lines that are none or whose signature fails. */
export function readCheckpoints(path: string, key: KeyObject): { checkpoints: Checkpoint[]; bad: number } {
  if (!existsSync(path)) return { checkpoints: [], bad: 0 };
  const checkpoints: Checkpoint[] = [];
  let bad = 0;
  // What follows the last newline was torn by a crash and never acknowledged.
  for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) {
    try {
      const one = JSON.parse(line) as Checkpoint;
      if (verify(null, signed(one), key, Buffer.from(one.signature, "base64"))) checkpoints.push(one);
      else bad += 1;
    } catch {
      bad += 1;
    }
  }
  return { checkpoints, bad };
}
