import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../shared/index.ts";
import type { PinnedSource } from "./schema.ts";
import type { SourceHashes } from "./source-hash.ts";

/** What was found out of a source when it was read last. */
export type SourcePin = SourceHashes & {
  location: string;
  version: string;
  /** What the hashes and the detection depend on beside the bytes. */
  asked: string;
  found: Pick<PinnedSource, "format" | "packing" | "rows">;
  /** When it was read, in milliseconds: a file that changed about then may have changed again. */
  at: number;
};

const fileName = "sources.json";
const pinsVersion = 3;
/** Times of change may be as coarse as this in a file system. */
const coarseMilliseconds = 2000;

/** The pins that an earlier run left in the work folder; none if they cannot be used. */
export async function readPins(workFolder: string): Promise<Map<string, SourcePin>> {
  try {
    const said = JSON.parse(await readFile(join(workFolder, fileName), "utf8")) as {
      version: number;
      pins: SourcePin[];
    };
    if (said.version !== pinsVersion) return new Map();
    return new Map(said.pins.map((pin) => [`${pin.location}\0${pin.asked}`, pin]));
  } catch {
    return new Map(); // every source is read again
  }
}

/** Keeps pins for the next run; only the owner may read them, for they hold the parts of the surrogate key. */
export async function writePins(workFolder: string, pins: readonly SourcePin[]): Promise<void> {
  const text = JSON.stringify({ version: pinsVersion, pins });
  await writeFileAtomic(join(workFolder, fileName), `${text}\n`, { mode: 0o600 });
}

/**
 * Whether a pin tells what a source holds now. `changedAt`: when its bytes or its entry changed last, if known. One of
 * the future was made by a clock that was ahead: it does not tell what changed since.
 */
export function isPinGood(
  pin: SourcePin | undefined,
  now: { version: string; changedAt?: number | undefined; etag?: string | undefined },
  time: number = Date.now(),
): pin is SourcePin {
  if (pin === undefined || pin.version !== now.version || pin.at > time) return false;
  if (now.changedAt === undefined) return now.etag !== undefined;
  return now.changedAt + coarseMilliseconds < pin.at;
}
