import { createHash } from "node:crypto";
import type { DataConfig, SourceConfig } from "../home/index.ts";
import { canonicalJson, sha256, TrainingReadyError } from "../shared/index.ts";
import { locate, publicUri } from "../storage/index.ts";
import { detectFormat } from "./detect-format.ts";
import { indexVersion } from "./index-row.ts";
import { readSurrogateKey } from "./pii/key-file.ts";
import { labellerVersion } from "./labels/label.ts";
import { signatureVersion } from "./signature.ts";
import type { AbsentSource, Forgotten, PinnedSource, UnitJob } from "./schema.ts";

/** Version of what `process` writes; raised with every change of its output. */
const processVersion = 10;

/** Hash of a source, and a second one over the same bytes that no manifest shows: the part of the surrogate key. */
type SourceHashes = { sha256: string; secret: string };

async function hashSource(chunks: AsyncIterable<Uint8Array>): Promise<SourceHashes & { bytes: number }> {
  const open = createHash("sha256");
  const secret = createHash("sha256").update("training-ready surrogate key 1\0");
  let bytes = 0;
  for await (const chunk of chunks) {
    open.update(chunk);
    secret.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: open.digest("hex"), secret: secret.digest("hex"), bytes };
}

async function pinSource(
  config: SourceConfig,
  folder: string,
): Promise<{ pinned: PinnedSource; secret: string }> {
  const located = locate(config.uri, folder);
  const before = await located.store.stat(located.uri);
  if (before.bytes === 0) {
    throw new TrainingReadyError("E_DATA_SOURCE_EMPTY", `source ${config.name}: ${config.uri} is empty`, {
      exitCode: 1,
    });
  }
  const place = { store: located.store, uri: before.pinned ?? located.uri };
  const hashes = await hashSource(place.store.read(place.uri));
  const after = await place.store.stat(place.uri);
  if (after.version !== before.version || hashes.bytes !== before.bytes) {
    throw new TrainingReadyError("E_DATA_SOURCE_CHANGED", `source ${config.name}: ${config.uri} changed`, {
      exitCode: 1,
    });
  }
  const found = await detectFormat(place, config.uri, config.format);
  const pinned: PinnedSource = {
    config,
    location: place.uri,
    bytes: before.bytes,
    version: before.version,
    etag: before.etag ?? null,
    sha256: hashes.sha256,
    ...found,
  };
  return { pinned, secret: hashes.secret };
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
  if (source.format === "jsonl" && !source.isGzip && more.sample === undefined) {
    for (let start = 0; start < source.bytes; start += config.unit_bytes) {
      ranges.push({ start, end: Math.min(source.bytes, start + config.unit_bytes) });
    }
  } else ranges.push(undefined);
  return ranges.map((range) => {
    const { config: said, sha256: hash, format, isGzip } = source;
    const key = sha256(
      canonicalJson({
        stage: "process",
        version: [processVersion, indexVersion, signatureVersion, labellerVersion],
        source: said,
        hash,
        format,
        isGzip,
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
 * by default it is drawn from the sources' contents, so that only who has them all can compute it.
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
  const secrets: string[] = [];
  const absent: AbsentSource[] = [];
  for (const source of config.sources) {
    try {
      const { pinned, secret } = await pinSource(source, options.folder);
      sources.push(pinned);
      secrets.push(secret);
    } catch (error) {
      if (!isDeclaredAbsence(error, source)) throw error;
      absent.push({ name: source.name, uri: publicUri(source.uri), licence: source.licence });
    }
  }
  if (sources.length === 0)
    throw new TrainingReadyError("E_DATA_NO_SOURCE", "every source is absent", { exitCode: 1 });
  const { key_file: keyFile } = config.pii;
  const ownKey = keyFile === undefined ? undefined : await readSurrogateKey(keyFile, options.folder);
  const surrogateKey = options.surrogateKey ?? ownKey ?? sha256(secrets.sort().join("\n"));
  const units = sources.flatMap((source) => unitsOf(source, config, surrogateKey, options));
  return { sources, units, surrogateKey, absent };
}
