import { isAbsolute } from "node:path";
import type { DataConfig } from "../home/index.ts";
import { canonicalJson, sha256, TrainingReadyError } from "../shared/index.ts";
import { locate, publicUri } from "../storage/index.ts";
import { detectFormat } from "./detect-format.ts";
import { expandSources, isDeclaredAbsence, type FileSource } from "./expand-sources.ts";
import { indexVersion } from "./index-row.ts";
import { parquetUnits } from "./parquet-items.ts";
import { readSurrogateKey } from "./pii/key-file.ts";
import { labellerVersion } from "./labels/label.ts";
import { signatureVersion } from "./signature.ts";
import type { AbsentSource, Forgotten, PinnedSource, UnitJob } from "./schema.ts";
import { hashSource, type SourcePiece } from "./source-hash.ts";
import { isPinGood, readPins, writePins, type SourcePin } from "./source-pins.ts";

/** Version of what `process` writes; raised with every change of its output. */
const processVersion = 18;
/** Small enough that an edit costs little; from afar each unit is a request of its own. */
const [fileUnitBytes, remoteUnitBytes] = [1024 * 1024, 16 * 1024 * 1024];

async function pinSource(
  config: FileSource,
  options: {
    folder: string;
    unitBytes: number | undefined;
    known: ReadonlyMap<string, SourcePin>;
    clock: () => number;
  },
): Promise<{ pinned: PinnedSource; pin: SourcePin }> {
  const located = locate(config.place ?? config.uri, options.folder);
  const before = await located.store.stat(located.uri);
  if (before.bytes === 0) {
    throw new TrainingReadyError("E_DATA_SOURCE_EMPTY", `source ${config.name}: ${config.uri} is empty`, {
      exitCode: 1,
    });
  }
  const place = { store: located.store, uri: before.pinned ?? located.uri };
  const unitBytes = options.unitBytes ?? (isAbsolute(place.uri) ? fileUnitBytes : remoteUnitBytes);
  const asked = canonicalJson({ format: config.format, unitBytes });
  const known = options.known.get(`${place.uri}\0${asked}`);
  const beforePieces = known?.pieces;
  let pin: SourcePin;
  if (isPinGood(known, before, options.clock())) pin = known;
  else {
    const readAt = options.clock();
    const detected = await detectFormat(place, config.uri, config.format);
    const isCut = detected.format === "jsonl" && detected.packing === null;
    const hashes = await hashSource(
      place.store.read(place.uri),
      isCut ? unitBytes : undefined,
      isCut ? beforePieces : [],
    );
    const after = await place.store.stat(place.uri);
    if (after.version !== before.version || hashes.bytes !== before.bytes) {
      throw new TrainingReadyError("E_DATA_SOURCE_CHANGED", `source ${config.name}: ${config.uri} changed`, {
        exitCode: 1,
      });
    }
    const at = { store: place.store, location: place.uri, bytes: before.bytes };
    const found =
      detected.format !== "parquet"
        ? detected
        : {
            ...detected,
            rows: await parquetUnits(
              at,
              `source ${config.name}: ${config.uri}`,
              options.unitBytes ?? remoteUnitBytes,
            ),
          };
    pin = { ...hashes, location: place.uri, version: before.version, asked, found, at: readAt };
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
  /** Clients that it leaves out. */
  forgotten: Forgotten | undefined;
};

function unitsOf(
  source: PinnedSource,
  pieces: readonly SourcePiece[],
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
  const isWhole = pieces.length === 0 || more.sample !== undefined;
  const times = new Map<string, number>();
  const cut = pieces.map(({ end, hash }, number) => {
    const repeat = times.get(hash) ?? 0;
    times.set(hash, repeat + 1);
    return { hash, range: { start: pieces[number - 1]?.end ?? 0, end }, repeat };
  });
  const rowGroups: { hash: string; rows?: NonNullable<UnitJob["rows"]> }[] = [];
  if ((source.rows?.length ?? 0) > 1 && more.sample === undefined) {
    let start = 0;
    for (const count of source.rows as number[]) {
      rowGroups.push({ hash: source.sha256, rows: { start, end: start + count } });
      start += count;
    }
  } else rowGroups.push({ hash: source.sha256 });
  const parts: {
    hash: string;
    range?: NonNullable<UnitJob["range"]>;
    repeat?: number;
    rows?: NonNullable<UnitJob["rows"]>;
  }[] = isWhole ? rowGroups : cut;
  return parts.map(({ hash, repeat = 0, ...part }) => {
    const { config: said, format, packing, etag } = source;
    const key = sha256(
      canonicalJson({
        stage: "process",
        version: [processVersion, indexVersion, signatureVersion, labellerVersion],
        source: said,
        hash,
        etag,
        format,
        packing,
        // A piece depends on its own lines alone: what comes before or behind it leaves it as it is.
        isWhole,
        repeat,
        ...(part.rows === undefined ? {} : { rows: part.rows }),
        options,
        keyId: sha256(surrogateKey),
      }),
    ).slice(0, 40);
    return {
      key,
      source,
      ...part,
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
    unitsOf(source, (pins[index] as SourcePin).pieces, config, surrogateKey, options),
  );
  return { sources, units, surrogateKey, absent, forgotten: options.forgotten };
}
