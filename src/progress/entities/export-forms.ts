import { tool } from "../../shared/index.ts";
import type { Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { exportLists, type Survey } from "./export-rows.ts";
import { isoTime } from "./times.ts";

type Written = (call: Call, client: Client, survey: Survey) => Iterable<string>;
const endOf = ({ counts, sha256 }: Survey) => ({ counts, sha256 });

function* jsonPieces(call: Call, client: Client, survey: Survey): Generator<string> {
  const head = { version: 1, tool, client_id: client.external, exported_at: isoTime(call.store.now()) };
  yield JSON.stringify(head).slice(0, -1);
  for (const [name, rows] of Object.entries(exportLists)) {
    yield `,${JSON.stringify(name)}:[`;
    let isFirst = true;
    for (const row of rows(call, client)) {
      yield (isFirst ? "" : ",") + JSON.stringify(row);
      isFirst = false;
    }
    yield "]";
  }
  yield `,${JSON.stringify(endOf(survey)).slice(1)}\n`;
}

function* ndjsonPieces(call: Call, client: Client, survey: Survey): Generator<string> {
  yield `${JSON.stringify({ record: "client", client_id: client.external })}\n`;
  for (const [name, rows] of Object.entries(exportLists))
    for (const row of rows(call, client)) yield `${JSON.stringify({ record: name, ...row })}\n`;
  yield `${JSON.stringify({ record: "end", ...endOf(survey) })}\n`;
}

// A cell that a spreadsheet would run begins with one of these; an apostrophe makes it text (OWASP, CSV injection).
const formula = /^[=+\-@\t\r]/;

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const isNumber = typeof value === "number";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = !isNumber && formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function* csvPieces(call: Call, client: Client, survey: Survey): Generator<string> {
  const columns = ["record", ...survey.columns.filter((one) => one !== "record")];
  yield `${columns.join(",")}\r\n`;
  for (const [name, rows] of Object.entries(exportLists))
    for (const row of rows(call, client)) {
      const named: Record<string, unknown> = { record: name, ...row };
      yield `${columns.map((column) => csvCell(named[column])).join(",")}\r\n`;
    }
  yield `${csvCell("end")},${csvCell(endOf(survey))}\r\n`;
}

/** How the rows of an export are written; each gives pieces of the file. */
export const rowForms: Record<"json" | "csv" | "ndjson", Written> = {
  json: jsonPieces,
  csv: csvPieces,
  ndjson: ndjsonPieces,
};
