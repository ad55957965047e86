import {
  convertItem,
  csvScanner,
  jsonElementsScanner,
  jsonLinesScanner,
  scanItems,
  transcriptScanner,
  type Concept,
  type Draft,
  type Item,
  type ItemCode,
  type ShapeOptions,
} from "../records/index.ts";
import { jsonLine, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { locate, unpack } from "../storage/index.ts";
import { threadId } from "node:worker_threads";
import { forgottenTest } from "./forgotten.ts";
import { encodeBinding, encodeRow } from "./index-row.ts";
import type { RefusedLine, SetAsideLine, UnitCommit, UnitJob } from "./schema.ts";
import { readParquetItems } from "./parquet-items.ts";
import { readTurns } from "./read-turns.ts";
import { OutputFile, readCommit, unitFiles, unitSizes } from "./unit-files.ts";
import { clientOf, makeRecord } from "./work-record.ts";

async function* itemsOf(job: UnitJob): AsyncGenerator<Item, void> {
  const { source, range } = job;
  const { store } = locate(source.config.uri, "/");
  const maxItemBytes = job.options.max_item_bytes;
  if (range !== undefined) {
    const scanner = jsonLinesScanner({ maxItemBytes, range });
    const from = Math.max(0, range.start - 1);
    for await (const chunk of store.read(source.location, { start: from })) {
      yield* scanner.push(chunk);
      if (scanner.isDone()) break;
    }
    yield* scanner.end();
    return;
  }
  if (source.format === "parquet") {
    yield* readParquetItems(store, source, maxItemBytes);
    return;
  }
  const raw = store.read(source.location);
  const { packing } = source;
  const packed = packing === null ? undefined : unpack(raw, packing);
  const cutCode = (): ItemCode | undefined =>
    packed?.isCut() === true ? `${packing ?? "gzip"}.cut` : undefined;
  const options = { maxItemBytes, cutCode };
  const scanner =
    source.format === "jsonl"
      ? jsonLinesScanner(options)
      : source.format === "json"
        ? jsonElementsScanner(options)
        : source.format === "vtt" || source.format === "srt"
          ? transcriptScanner(options)
          : csvScanner({ ...options, ...(source.format === "tsv" ? { delimiter: "\t" } : {}) });
  yield* scanItems(packed?.chunks ?? raw, scanner);
}

function templateOf(concept: Concept): Draft {
  const { title, content, ...rest } = concept;
  return {
    shape: "concept-template",
    messages: [
      { role: "user", content: `What is ${title}?` },
      { role: "assistant", content },
    ],
    extra: { title, ...rest },
  };
}

function shapeOptions(job: UnitJob): ShapeOptions {
  const { fields, roles } = job.source.config;
  return { ...(fields === undefined ? {} : { fields }), ...(roles === undefined ? {} : { roles }) };
}

const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** A name's number in a list, where it is put if it is new. */
function numberOf(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known >= 0 ? known : names.push(name) - 1;
}

/**
 * Turns the items of one unit into records, an index of them, and a list of what gave none. Its output depends on the
 * job alone. Does nothing if the unit is finished.
 */
export async function processUnit(job: UnitJob): Promise<UnitCommit> {
  const done = await readCommit(job);
  if (done !== undefined) return done;
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
  const refuse = (line: RefusedLine): void => {
    counts.refused++;
    refused.add(jsonLine(line));
  };
  const putAside = (line: SetAsideLine): void => {
    counts.setAside++;
    setAside.add(jsonLine(line));
  };
  const isForgotten = forgottenTest(job.options.forgotten);
  let items = 0;
  try {
    for (const file of files) await file.open();
    const options = shapeOptions(job);
    for await (const item of itemsOf(job)) {
      const { offset, length } = item;
      if (items++ === job.options.limit) break;
      if (!item.ok) {
        refuse({ offset, length, code: item.code });
        continue;
      }
      const converted = convertItem(item.value, options);
      if (converted.kind === "refused") {
        refuse({ offset, length, code: converted.code });
        continue;
      }
      if (converted.kind === "concept" && !job.options.offline_templates) {
        putAside({ offset, length, reason: "concept", concept: converted.concept });
        continue;
      }
      const drafts = converted.kind === "concept" ? [templateOf(converted.concept)] : converted.drafts;
      if (isForgotten(clientOf(item.value, job.source.config.group?.client))) {
        putAside({ offset, length, reason: "forgotten" });
        continue;
      }
      if (drafts.length === 0) refuse({ offset, length, code: "turns.none" });
      for (const draft of drafts) {
        const checked = readTurns(draft);
        if (!checked.ok) {
          refuse({ offset, length, code: checked.code });
          continue;
        }
        const { messages, repairs, facts } = checked;
        const { source, surrogateKey } = job;
        const made = makeRecord({
          draft,
          item: item.value,
          messages,
          facts,
          repairs,
          source,
          surrogateKey,
          scrub: job.options.scrub,
          offset,
          length,
          container: item.container,
        });
        const start = records.offset;
        const at = [start, records.add(made.line)] as const;
        counts.records++;
        counts.hasNames ||= messages.some(({ name }) => name !== undefined);
        counts.hasTimes ||= messages.some(({ t0 }) => t0 !== undefined);
        counts.bindings += made.bindings.length;
        const stage = numberOf(counts.stages, made.stage);
        const domain = numberOf(counts.domains, made.domain);
        const { all, user, assistant } = made.analysis.shingles;
        const place = [shingles.offset / 4, all.length, user.length, assistant.length] as const;
        for (const set of [all, user, assistant]) shingles.add(bytesOf(set));
        signatures.add(bytesOf(made.analysis.signature));
        for (const binding of made.bindings) bindings.add(encodeBinding(binding));
        index.add(
          encodeRow({ ...made.index, stage, domain, at, shingles: place, bindings: made.bindings.length }),
        );
      }
      for (const file of files) if (file.isFull) await file.flush();
    }
    const now = await locate(job.source.config.uri, "/").store.stat(job.source.location);
    if (now.version !== job.source.version) {
      throw new TrainingReadyError(
        "E_DATA_SOURCE_CHANGED",
        `source ${job.source.config.name}: ${job.source.config.uri} changed while it was read`,
        { exitCode: 1 },
      );
    }
    for (const file of files) await file.commit();
    counts.sizes = await unitSizes(job);
    await writeFileAtomic(paths.commit, jsonLine(counts));
    return counts;
  } catch (error) {
    for (const file of files) await file.abandon();
    throw error;
  }
}
