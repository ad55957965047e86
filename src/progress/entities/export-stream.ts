import { Readable } from "node:stream";
import { TrainingReadyError } from "../../shared/index.ts";
import { inTransaction, note, type Call } from "../store/act.ts";
import { openSnapshot } from "../store/snapshot.ts";

/** An export that stands in the ledger and waits to be written. */
export type Export = {
  mediaType: string;
  /** Checks all that will be written, then gives it a piece at a time; nothing before the request is committed. */
  open: () => Promise<Readable>;
};

const pieceSize = 32 * 1024;
/** A reader who takes nothing for so long loses the export: its snapshot keeps the log from shrinking. */
const longestPauseMs = 60_000;

function* gathered(pieces: Iterable<string>, onPiece: () => void): Generator<string> {
  let waiting = "";
  for (const one of pieces) {
    waiting += one;
    if (waiting.length < pieceSize) continue;
    onPiece();
    yield waiting;
    waiting = "";
  }
  yield waiting;
}

/** Streams what `compose` makes of one moment of the store; a seal that is broken is noted, nothing partial leaves. */
export async function streamedFromSnapshot(
  call: Call,
  compose: (frozen: Call) => Promise<Iterable<string>>,
): Promise<Readable> {
  const snapshot = openSnapshot(call.store);
  try {
    const pieces = await compose({ ...call, store: snapshot.store });
    let pause: NodeJS.Timeout | undefined;
    const stream = Readable.from(
      gathered(pieces, () => pause?.refresh()),
      { objectMode: false, highWaterMark: 2 * pieceSize },
    );
    pause = setTimeout(
      () => stream.destroy(new TrainingReadyError("E_STORE_BUSY", "the export was not read on")),
      longestPauseMs,
    ).unref();
    stream.once("close", () => {
      clearTimeout(pause);
      snapshot.close();
    });
    return stream;
  } catch (error) {
    snapshot.close();
    if (error instanceof TrainingReadyError && error.code === "E_SEAL_BROKEN")
      inTransaction(call.store, () => note(call, "export:read", { objectKind: "seal", outcome: "failed" }));
    throw error;
  }
}
