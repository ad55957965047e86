import type { DataConfig, SourceConfig } from "../home/index.ts";
import { canonicalJson, sha256, TrainingReadyError } from "../shared/index.ts";
import { locate, publicUri } from "../storage/index.ts";
import { detectFormat } from "./detect-format.ts";
import { expandSources, type FileSource } from "./expand-sources.ts";
import { indexVersion } from "./index-row.ts";
import { readSurrogateKey } from "./pii/key-file.ts";
import { labellerVersion } from "./labels/label.ts";
import { signatureVersion } from "./signature.ts";
import type { AbsentSource, Forgotten, PinnedSource, UnitJob } from "./schema.ts";
import { hashSource } from "./source-hash.ts";
import { isPinGood, readPins, writePins, type SourcePin } from "./source-pins.ts";

/** Version of what `process` writes; raised with every change of its output. */
const processVersion = 17;

async function pinSource(
  config: FileSource,
  options: { folder: string; unitBytes: number; known: ReadonlyMap<string, SourcePin>; clock: () => number },
): Promise<{ pinned: PinnedSource; pin: SourcePin }> {
  const located = locate(config.uri, options.folder);
  const before = await located.store.stat(located.uri);
  if (before.bytes === 0) {
    throw new TrainingReadyError("E_DATA_SOURCE_EMPTY", `source ${config.name}: ${config.uri} is empty`, {
      exitCode: 1,
    });
  }
  const asked = canonicalJson({ format: config.format, unitBytes: options.unitBytes });
  const place = { store: located.store, uri: before.pinned ?? located.uri };
  const known = options.known.get(`${place.uri}\0${asked}`);
  let pin: SourcePin;
  if (isPinGood(known, before)) pin = known;
  else {
    const at = options.clock();
    const hashes = await hashSource(place.store.read(place.uri), options.unitBytes);
    const after = await place.store.stat(place.uri);
    if (after.version !== before.version || hashes.bytes !== before.bytes) {
      throw new TrainingReadyError("E_DATA_SOURCE_CHANGED", `source ${config.name}: ${config.uri} changed`, {
        exitCode: 1,
      });
    }
    const found = await detectFormat(place, config.uri, config.format);
    pin = { ...hashes, location: place.uri, version: before.version, asked, found, at };
  }
  const pinned: PinnedSource = {
    config,
    location: place.uri,
    bytes: before.bytes,
    version: before.version,
    etag: before.etag ?? null,
    sha256: pin.sha256,
    ...pin.found,
  };
  return { pinned, pin };
}

export type Plan = {
  sources: PinnedSource[];
  units: UnitJob[];
  surrogateKey: string;
  /** Sources that are not there and were said to be optional. */
  absent: AbsentSource[];
};

/** Only what is not there may be absent: refused credentials or a broken file are errors all the same. */
const isDeclaredAbsence = (error: unknown, source: SourceConfig): boolean =>
  source.optional &&
  error instanceof TrainingReadyError &&
  error.code === "E_DATA_SOURCE_MISSING" &&
  / 404$|does not exist$/.test(error.message);

function unitsOf(
  source: PinnedSource,
  rangeHashes: readonly string[],
  config: DataConfig,
  surrogateKey: string,
  more: { workFolder: string; sample?: number | undefined; forgotten?: Forgotten | undefined },
): UnitJob[] {
  const options = {
    max_item_bytes: config.max_item_bytes,
    offline_templates: config.offline_templates,
    scrub: config.pii.scrub,
    ...(more.sample === undefined ? {} : { limit: more.sample }),
    ...(more.forgotten === undefined ? {} : { forgotten: more.forgotten }),
  };
  const ranges: UnitJob["range"][] = [];
  if (source.format === "jsonl" && source.packing === null && more.sample === undefined) {
    for (let start = 0; start < source.bytes; start += config.unit_bytes) {
      ranges.push({ start, end: Math.min(source.bytes, start + config.unit_bytes) });
    }
  } else ranges.push(undefined);
  return ranges.map((range, number) => {
    const { config: said, format, packing, etag } = source;
    // A range depends on its own lines alone: what is appended leaves it as it is.
    const hash = range === undefined ? source.sha256 : rangeHashes[number];
    const key = sha256(
      canonicalJson({
        stage: "process",
        version: [processVersion, indexVersion, signatureVersion, labellerVersion],
        source: said,
        hash,
        etag,
        format,
        packing,
        range,
        options,
        keyId: sha256(surrogateKey),
      }),
    ).slice(0, 40);
    return {
      key,
      source,
      ...(range === undefined ? {} : { range }),
      workFolder: more.workFolder,
      surrogateKey,
      options,
    };
  });
}

/**
 * Finds and pins every source and lists the units of work. `surrogateKey`: the key of surrogates and group hashes;
 * by default it is drawn from the beginnings of all sources, so that only who has them all can compute it.
 * Throws `E_DATA_NO_SOURCE`, `E_DATA_SOURCE_*`.
 */
export async function acquire(
  config: DataConfig,
  options: {
    folder: string;
    workFolder: string;
    surrogateKey?: string;
    sample?: number | undefined;
    forgotten?: Forgotten | undefined;
  },
): Promise<Plan> {
  if (config.sources.length === 0) {
    throw new TrainingReadyError("E_DATA_NO_SOURCE", "the config names no data source", { exitCode: 1 });
  }
  const sources: PinnedSource[] = [];
  const pins: SourcePin[] = [];
  const known = await readPins(options.workFolder);
  const how = { folder: options.folder, unitBytes: config.unit_bytes, known, clock: Date.now };
  const absent: AbsentSource[] = [];
  for (const source of await expandSources(config.sources, options.folder)) {
    try {
      const { pinned, pin } = await pinSource(source, how);
      sources.push(pinned);
      pins.push(pin);
    } catch (error) {
      if (!isDeclaredAbsence(error, source)) throw error;
      absent.push({ name: source.name, uri: publicUri(source.uri), licence: source.licence });
    }
  }
  if (sources.length === 0)
    throw new TrainingReadyError("E_DATA_NO_SOURCE", "every source is absent", { exitCode: 1 });
  if (pins.some((pin) => !known.has(`${pin.location}\0${pin.asked}`) || ![...known.values()].includes(pin)))
    await writePins(options.workFolder, pins);
  const secrets = pins.map(({ secret }) => secret).sort();
  const { key_file: keyFile } = config.pii;
  const ownKey = keyFile === undefined ? undefined : await readSurrogateKey(keyFile, options.folder);
  const surrogateKey = options.surrogateKey ?? ownKey ?? sha256(secrets.join("\n"));
  const units = sources.flatMap((source, index) =>
    unitsOf(source, (pins[index] as SourcePin).ranges, config, surrogateKey, options),
  );
  return { sources, units, surrogateKey, absent };
}
