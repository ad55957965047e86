import { canonicalJson, sha256, tool } from "../../shared/index.ts";
import { fhirBundle } from "../fhir/bundle.ts";
import { act, type Call } from "../store/act.ts";
import type { Client } from "../store/clients.ts";
import { listRecords } from "../store/records.ts";
import { goalsOf, milestoneView, type MilestoneValue } from "./goals.ts";
import { measuresOf, measureView } from "./measures.ts";
import { riskView, type RiskValue } from "./risk.ts";
import { sessionView, type SessionValue } from "./sessions.ts";
import { isoTime } from "./times.ts";
import { turnView, type TurnValue } from "./turns.ts";

/** Every list of an export, each newest first. */
export function contentOf(call: Call, client: Client) {
  const plain = (kind: "homework" | "episode" | "consent") =>
    listRecords<Record<string, unknown>>(call.store, client, kind).map((one) => ({
      id: one.id,
      ...one.value,
      authored_at: isoTime(one.authoredAt),
      recorded_at: isoTime(one.recordedAt),
    }));
  return {
    sessions: listRecords<SessionValue>(call.store, client, "session").map((one) => sessionView(client, one)),
    goals: goalsOf(call, client),
    milestones: listRecords<MilestoneValue>(call.store, client, "milestone").map(milestoneView),
    measures: measuresOf(call, client).map(measureView),
    risk_events: listRecords<RiskValue>(call.store, client, "risk_event").map(riskView),
    homework: plain("homework"),
    episodes: plain("episode"),
    consents: plain("consent"),
    turns: listRecords<TurnValue>(call.store, client, "turn").map(turnView),
  };
}

export const exportFormats = ["json", "csv", "ndjson", "fhir"] as const;
export type ExportFormat = (typeof exportFormats)[number];

// A cell that a spreadsheet would run begins with one of these; an apostrophe makes it text (OWASP, CSV injection).
const formula = /^[=+\-@\t\r]/;

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const isNumber = typeof value === "number";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = !isNumber && formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

type Content = ReturnType<typeof contentOf>;
const lists = (content: Content): [string, Record<string, unknown>[]][] => Object.entries(content);
/** How many an export holds of each. */
export const countsOf = (content: Content) =>
  Object.fromEntries(lists(content).map(([name, list]) => [name, list.length]));

function csvOf(content: Content, end: Record<string, unknown>): string {
  const rows = lists(content).flatMap(([name, list]) =>
    list.map((one): Record<string, unknown> => ({ record: name, ...one })),
  );
  const columns = [
    "record",
    ...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => key !== "record"))),
  ];
  const lines = rows.map((row) => columns.map((column) => csvCell(row[column])).join(","));
  const last = [csvCell("end"), csvCell(end)].join(",");
  return `${[columns.join(","), ...lines, last].join("\r\n")}\r\n`;
}

function ndjsonOf(client: Client, content: Content, end: Record<string, unknown>): string {
  const lines = lists(content).flatMap(([name, list]) =>
    list.map((one) => JSON.stringify({ record: name, ...one })),
  );
  return `${[JSON.stringify({ record: "client", client_id: client.external }), ...lines, JSON.stringify({ record: "end", ...end })].join("\n")}\n`;
}

const mediaTypes: Record<ExportFormat, string> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson; charset=utf-8",
  fhir: "application/fhir+json; charset=utf-8",
};

/** Everything stored about a client, in one form, with counts and the SHA-256 of its canonical content. */
export function exportClient(
  call: Call,
  clientId: string,
  format: ExportFormat,
): { text: string; mediaType: string } {
  return act(call, "export:read", clientId, (client) => {
    if (format === "fhir")
      return { text: `${JSON.stringify(fhirBundle(call, client))}\n`, mediaType: mediaTypes.fhir };
    const content = contentOf(call, client);
    const end = { counts: countsOf(content), sha256: sha256(canonicalJson(content)) };
    const head = { version: 1, tool, client_id: client.external, exported_at: isoTime(call.store.now()) };
    const text =
      format === "csv"
        ? csvOf(content, end)
        : format === "ndjson"
          ? ndjsonOf(client, content, end)
          : `${JSON.stringify({ ...head, ...content, ...end })}\n`;
    return { text, mediaType: mediaTypes[format] };
  });
}
