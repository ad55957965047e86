import type { Readable } from "node:stream";
import { bundlePieces } from "../fhir/bundle.ts";
import { act, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { uniqueId } from "../unique-id.ts";
import { rowForms } from "./export-forms.ts";
import { exportLists, surveyOf } from "./export-rows.ts";
import { streamedFromSnapshot, type Export } from "./export-stream.ts";

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

/**
 * Everything stored about a client as it is at one moment, in one form, with counts and the SHA-256 of its canonical
 * content. Memory does not grow with the records. Erasing any client ends the exports under way.
 */
export function exportClient(call: Call, clientId: string, format: ExportFormat): Export {
  const { client, disclosure } = act(call, "export:read", clientId, (found) => ({
    client: found,
    disclosure: { id: uniqueId(call.store.now()), at: call.store.now(), principal: call.principal },
  }));
  const open = (): Promise<Readable> =>
    streamedFromSnapshot(call, async (frozen) => {
      const survey = await surveyOf(frozen, client);
      return format === "fhir"
        ? bundlePieces(frozen, client, disclosure)
        : rowForms[format](frozen, client, survey);
    });
  return { mediaType: mediaTypes[format], open };
}
