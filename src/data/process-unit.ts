import {
  convertItem,
  csvScanner,
  jsonElementsScanner,
  jsonLinesScanner,
  transcriptScanner,
  type Concept,
  type Draft,
  type Item,
  type ItemCode,
  type ShapeOptions,
} from "../records/index.ts";
import { TrainingReadyError } from "../shared/index.ts";
import { locate, unpack } from "../storage/index.ts";
import { forgottenTest } from "./forgotten.ts";
import type { UnitCommit, UnitJob } from "./schema.ts";
import { readParquetItems } from "./parquet-items.ts";
import { readTurns } from "./read-turns.ts";
import { clientOf } from "./record-origin.ts";
import { readCommit } from "./unit-files.ts";
import { openUnit } from "./unit-writer.ts";
import { makeRecord } from "./work-record.ts";

/** A unit's items in groups: one wait for many. */
async function* itemsOf(job: UnitJob): AsyncGenerator<Item[], void> {
  const { source, range } = job;
  const { store } = locate(source.config.uri, "/");
  const maxItemBytes = job.options.max_item_bytes;
  if (range !== undefined) {
    const scanner = jsonLinesScanner({ maxItemBytes, range });
    const from = Math.max(0, range.start - 1);
    for await (const chunk of store.read(source.location, { start: from, mayReuse: true })) {
      yield scanner.push(chunk);
      if (scanner.isDone()) break;
    }
    yield scanner.end();
    return;
  }
  if (source.format === "parquet") {
    for await (const item of readParquetItems(store, source, maxItemBytes, job.rows)) yield [item];
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
  for await (const chunk of packed?.chunks ?? raw) yield scanner.push(chunk);
  yield scanner.end();
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

/**
 * Turns the items of one unit into records, an index of them, and a list of what gave none. Its output depends on the
 * job alone. Does nothing if the unit is finished.
 */
export async function processUnit(job: UnitJob): Promise<UnitCommit> {
  const done = readCommit(job);
  if (done !== undefined) return done;
  const { source, surrogateKey, options } = job;
  const shapes = shapeOptions(job);
  const isForgotten = forgottenTest(options.forgotten);
  const unit = openUnit(job);
  // Places in a piece count from its beginning: what stands before it may change.
  const base = job.range?.start ?? 0;
  const take = (item: Item): void => {
    const { length } = item;
    const offset = item.offset - base;
    if (!item.ok) return unit.refuse({ offset, length, code: item.code });
    const converted = convertItem(item.value, shapes);
    if (converted.kind === "refused") return unit.refuse({ offset, length, code: converted.code });
    if (converted.kind === "concept" && !options.offline_templates)
      return unit.setAside({ offset, length, reason: "concept", concept: converted.concept });
    const drafts = converted.kind === "concept" ? [templateOf(converted.concept)] : converted.drafts;
    if (isForgotten(clientOf(item.value, source.config.group?.client)))
      return unit.setAside({ offset, length, reason: "forgotten" });
    if (drafts.length === 0) return unit.refuse({ offset, length, code: "turns.none" });
    for (const draft of drafts) {
      const checked = readTurns(draft);
      if (!checked.ok) {
        unit.refuse({ offset, length, code: checked.code });
        continue;
      }
      const { messages, repairs, facts } = checked;
      const made = makeRecord({
        draft,
        item: item.value,
        messages,
        facts,
        repairs,
        source,
        surrogateKey,
        scrub: options.scrub,
        isUnlabelled: options.isUnlabelled,
        offset,
        length,
        container: item.container,
      });
      unit.add(made, messages);
    }
  };
  try {
    let items = 0;
    reading: for await (const group of itemsOf(job)) {
      for (const item of group) {
        if (items++ === options.limit) break reading;
        take(item);
      }
      unit.flush();
    }
    const now = await locate(source.config.uri, "/").store.stat(source.location);
    if (now.version !== source.version) {
      throw new TrainingReadyError(
        "E_DATA_SOURCE_CHANGED",
        `source ${source.config.name}: ${source.config.uri} changed while it was read`,
        { exitCode: 1 },
      );
    }
    return await unit.commit();
  } catch (error) {
    unit.abandon();
    throw error;
  }
}
