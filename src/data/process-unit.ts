import { open, readFile, rename, rm, mkdir, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  checkTurns,
  convertItem,
  csvScanner,
  jsonElementsScanner,
  jsonLinesScanner,
  scanItems,
  type Concept,
  type Draft,
  type Item,
  type ShapeOptions,
} from "../records/index.ts";
import { jsonLine, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { locate, unpackGzip } from "../storage/index.ts";
import type { RefusedLine, UnitCommit, UnitJob } from "./schema.ts";
import { makeRecord } from "./work-record.ts";

/** Names of a unit's files in the work folder. */
export function unitFiles(job: Pick<UnitJob, "key" | "workFolder">) {
  const stem = join(job.workFolder, "units", job.key.slice(0, 2), job.key);
  return {
    records: `${stem}.records.jsonl`,
    index: `${stem}.index.jsonl`,
    refused: `${stem}.refused.jsonl`,
    concepts: `${stem}.concepts.jsonl`,
    commit: `${stem}.commit.json`,
  };
}

/** What a unit left when it was finished, or undefined. */
export async function readCommit(job: Pick<UnitJob, "key" | "workFolder">): Promise<UnitCommit | undefined> {
  try {
    return JSON.parse(await readFile(unitFiles(job).commit, "utf8")) as UnitCommit;
  } catch {
    return undefined;
  }
}

/** Collects lines of one output file and writes them in large pieces. */
class LineFile {
  private handle: FileHandle | undefined;
  private parts: string[] = [];
  private held = 0;
  offset = 0;
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  async open(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    this.handle = await open(`${this.path}.tmp`, "w");
  }
  /** Bytes that the line takes. */
  async add(line: string): Promise<number> {
    const length = Buffer.byteLength(line);
    this.parts.push(line);
    this.held += length;
    this.offset += length;
    if (this.held > 1024 * 1024) await this.flush();
    return length;
  }
  private async flush(): Promise<void> {
    if (this.held > 0) await this.handle?.write(this.parts.join(""));
    this.parts = [];
    this.held = 0;
  }
  async commit(): Promise<void> {
    await this.flush();
    await this.handle?.sync();
    await this.handle?.close();
    this.handle = undefined;
    await rename(`${this.path}.tmp`, this.path);
  }
  async abandon(): Promise<void> {
    await this.handle?.close().catch(() => undefined);
    await rm(`${this.path}.tmp`, { force: true });
  }
}

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
  const raw = store.read(source.location);
  const packed = source.isGzip ? unpackGzip(raw) : undefined;
  const options = { maxItemBytes, ...(packed === undefined ? {} : { isInputCut: packed.isCut }) };
  const scanner =
    source.format === "jsonl"
      ? jsonLinesScanner(options)
      : source.format === "json"
        ? jsonElementsScanner(options)
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

/**
 * Turns the items of one unit into records, an index of them, and a list of what gave none. Its output depends on the
 * job alone. Does nothing if the unit is finished.
 */
export async function processUnit(job: UnitJob): Promise<UnitCommit> {
  const done = await readCommit(job);
  if (done !== undefined) return done;
  const paths = unitFiles(job);
  const records = new LineFile(paths.records);
  const index = new LineFile(paths.index);
  const refused = new LineFile(paths.refused);
  const concepts = new LineFile(paths.concepts);
  const files = [records, index, refused, concepts];
  const counts: UnitCommit = {
    key: job.key,
    records: 0,
    refused: 0,
    concepts: 0,
    bindings: 0,
    hasNames: false,
    hasTimes: false,
  };
  const refuse = async (line: RefusedLine): Promise<void> => {
    counts.refused++;
    await refused.add(jsonLine(line));
  };
  try {
    for (const file of files) await file.open();
    const options = shapeOptions(job);
    for await (const item of itemsOf(job)) {
      const { offset, length } = item;
      if (!item.ok) {
        await refuse({ offset, length, code: item.code });
        continue;
      }
      const converted = convertItem(item.value, options);
      if (converted.kind === "refused") {
        await refuse({ offset, length, code: converted.code });
        continue;
      }
      if (converted.kind === "concept" && !job.options.offline_templates) {
        counts.concepts++;
        await concepts.add(jsonLine({ offset, length, concept: converted.concept }));
        continue;
      }
      const drafts = converted.kind === "concept" ? [templateOf(converted.concept)] : converted.drafts;
      if (drafts.length === 0) await refuse({ offset, length, code: "turns.none" });
      for (const draft of drafts) {
        const checked = checkTurns(draft);
        if (!checked.ok) {
          await refuse({ offset, length, code: checked.code });
          continue;
        }
        const { messages, repairs } = checked;
        const { source, surrogateKey } = job;
        const made = makeRecord({
          draft,
          messages,
          repairs,
          source,
          surrogateKey,
          offset,
          length,
          container: item.container,
        });
        const at: [number, number] = [records.offset, 0];
        at[1] = await records.add(jsonLine(made.record));
        counts.records++;
        counts.hasNames ||= messages.some(({ name }) => name !== undefined);
        counts.hasTimes ||= messages.some(({ t0 }) => t0 !== undefined);
        counts.bindings += made.index.bindings.length;
        await index.add(jsonLine({ ...made.index, at }));
      }
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
    await writeFileAtomic(paths.commit, jsonLine(counts));
    return counts;
  } catch (error) {
    for (const file of files) await file.abandon();
    throw error;
  }
}
