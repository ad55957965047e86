import { threadId } from "node:worker_threads";
import type { Message } from "../records/index.ts";
import { jsonLine, writeFileAtomic } from "../shared/index.ts";
import { encodeBindings, encodeRow } from "./index-row.ts";
import type { RefusedLine, SetAsideLine, UnitCommit, UnitJob } from "./schema.ts";
import { OutputFile, unitFiles, unitSizes } from "./unit-files.ts";
import type { MadeRecord } from "./work-record.ts";

const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** A name's number in a list, where it is put if it is new. */
function numberOf(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known >= 0 ? known : names.push(name) - 1;
}

export type UnitWriter = {
  add(made: MadeRecord, messages: readonly Message[]): void;
  refuse(line: RefusedLine): void;
  setAside(line: SetAsideLine): void;
  /** Writes what has gathered, if it is much. */
  flush(): void;
  /** Gives the files their names, and the unit its commit. */
  commit(): Promise<UnitCommit>;
  abandon(): void;
};

/** Opens the files of a unit's output. */
export function openUnit(job: UnitJob): UnitWriter {
  const paths = unitFiles(job);
  const writer = `${process.pid}-${threadId}`;
  const file = (path: string): OutputFile => new OutputFile(path, writer);
  const [records, index, bindings] = [file(paths.records), file(paths.index), file(paths.bindings)];
  const [refused, setAside] = [file(paths.refused), file(paths.setAside)];
  const [signatures, shingles] = [file(paths.signatures), file(paths.shingles)];
  const files = [records, index, bindings, refused, setAside, signatures, shingles];
  const counts: UnitCommit = {
    key: job.key,
    records: 0,
    refused: 0,
    setAside: 0,
    bindings: 0,
    stages: [],
    domains: [],
    hasNames: false,
    hasTimes: false,
    sizes: {},
  };
  const abandon = (): void => {
    for (const one of files) one.abandon();
  };
  try {
    for (const one of files) one.open();
  } catch (error) {
    abandon();
    throw error;
  }
  return {
    add(made, messages) {
      counts.records++;
      for (const { name, t0 } of messages) {
        counts.hasNames ||= name !== undefined;
        counts.hasTimes ||= t0 !== undefined;
      }
      counts.bindings += made.bindings.length;
      const { all, user, assistant } = made.analysis.shingles;
      const place = {
        offset: records.offset,
        length: made.line.length,
        stage: numberOf(counts.stages, made.stage),
        domain: numberOf(counts.domains, made.domain),
        shingles: shingles.offset / 4,
        all: all.length,
        user: user.length,
        assistant: assistant.length,
        bindings: made.bindings.length,
      };
      records.add(made.line);
      shingles.add(bytesOf(all));
      shingles.add(bytesOf(user));
      shingles.add(bytesOf(assistant));
      signatures.add(bytesOf(made.analysis.signature));
      bindings.add(encodeBindings(made.bindings));
      index.add(encodeRow(made.index, place));
    },
    refuse(line) {
      counts.refused++;
      refused.add(jsonLine(line));
    },
    setAside(line) {
      counts.setAside++;
      setAside.add(jsonLine(line));
    },
    flush() {
      for (const one of files) if (one.isFull) one.flush();
    },
    async commit() {
      for (const one of files) one.commit();
      counts.sizes = unitSizes(job);
      await writeFileAtomic(paths.commit, jsonLine(counts));
      return counts;
    },
    abandon,
  };
}
