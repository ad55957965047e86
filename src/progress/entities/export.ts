import { Readable } from "node:stream";
import { TrainingReadyError } from "../../shared/index.ts";
import { bundlePieces } from "../fhir/bundle.ts";
import { act, inTransaction, note, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { openSnapshot } from "../store/snapshot.ts";
import { uniqueId } from "../unique-id.ts";
import { rowForms } from "./export-forms.ts";
import { exportLists, surveyOf } from "./export-rows.ts";

/** Every list of an export at once, each newest first. */
export const contentOf = (call: Call, client: Client) =>
  Object.fromEntries(Object.entries(exportLists).map(([name, rows]) => [name, [...rows(call, client)]]));

/** How many an export holds of each. */
export const countsOf = (content: ReturnType<typeof contentOf>) =>
  Object.fromEntries(Object.entries(content).map(([name, list]) => [name, list.length]));

export const exportFormats = ["json", "csv", "ndjson", "fhir"] as const;
export type ExportFormat = (typeof exportFormats)[number];

const mediaTypes: Record<ExportFormat, string> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson; charset=utf-8",
  fhir: "application/fhir+json; charset=utf-8",
};

/** An export that stands in the ledger and waits to be written. */
type Export = {
  mediaType: string;
  /** Checks all that will be written, then gives it a piece at a time; nothing before `exportClient` is committed. */
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

/**
 * Everything stored about a client as it is at one moment, in one form, with counts and the SHA-256 of its canonical
 * content. Memory does not grow with the records. Erasing any client ends the exports under way.
 */
export function exportClient(call: Call, clientId: string, format: ExportFormat): Export {
  const { client, disclosure } = act(call, "export:read", clientId, (found) => ({
    client: found,
    disclosure: { id: uniqueId(call.store.now()), at: call.store.now(), principal: call.principal },
  }));
  const open = async (): Promise<Readable> => {
    const snapshot = openSnapshot(call.store);
    const frozen = { ...call, store: snapshot.store };
    try {
      const survey = await surveyOf(frozen, client);
      const pieces =
        format === "fhir"
          ? bundlePieces(frozen, client, disclosure)
          : rowForms[format](frozen, client, survey);
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
  };
  return { mediaType: mediaTypes[format], open };
}
