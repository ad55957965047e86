type Row = Record<string, unknown>;

const lists = ["therapeutic_goals", "techniques_used", "crisis_flags", "milestones"];
const numbers = ["session_duration_minutes", "completion_percentage"];
const texts = [
  "session_id",
  "client_id",
  "goal_id",
  "milestone_id",
  "description",
  "notes",
  "conversation_summary",
  "progress_notes",
  "therapist_observations",
  "next_session_focus",
  "homework_assigned",
];
const isTime = (key: string): boolean => key === "timestamp" || key.endsWith("_date") || key.endsWith("_at");

/** The old tracker wrote times without a zone; they were the server's, taken as UTC. Seconds since 1970 are times too. */
function timeOf(key: string, value: unknown): unknown {
  if (typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 1e11)
    return new Date(value * 1000).toISOString();
  if (typeof value !== "string") return value;
  const [, day, clock, zone = ""] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(
      value.trim(),
    ) ?? [];
  if (day === undefined) return value;
  if (clock === undefined) {
    if (zone !== "") return value;
    return key === "timestamp" || key.endsWith("_at") ? `${day}T00:00:00Z` : day;
  }
  const offset = zone === "" || zone === "UTC" ? "Z" : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  return `${day}T${clock.length === 5 ? `${clock}:00` : clock}${offset}`;
}

// Python's `str` of an enumeration is `EmotionalState.POSITIVE`.
const wordOf = (text: string): string => (text.split(".").at(-1) ?? text).trim().toLowerCase();

function moodOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  return /^[+-]?\d+(\.0+)?$/.test(text) ? Number(text) : wordOf(text);
}

function listOf(key: string, value: unknown): unknown {
  let list: unknown = value;
  if (typeof value === "string") {
    try {
      list = JSON.parse(value) as unknown;
    } catch {
      return [value]; // no JSON: kept as it stands
    }
  }
  if (list === null) return undefined;
  const items = Array.isArray(list) ? (list as unknown[]) : [list];
  return items.map((one) =>
    typeof one === "string" || (key === "milestones" && isMilestone(one)) ? one : JSON.stringify(one),
  );
}

const milestoneKeys = ["milestone_id", "goal_id", "description", "achieved_date", "significance"];
const isMilestone = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Row)["description"] === "string" &&
  Object.keys(value).every((key) => milestoneKeys.includes(key));

function metadataOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    const read = JSON.parse(value) as unknown;
    if (read === null) return undefined;
    return typeof read === "object" && !Array.isArray(read) ? read : { value: read };
  } catch {
    return { text: value };
  }
}

/**
 * A cell of the former tracker's file as today's forms take it: JSON in text, numbers and times as SQLite's loose types
 * left them. Undefined: there was nothing. What fits nowhere is given back as it is, for the form to refuse by name.
 */
export function oldValue(key: string, cell: unknown): unknown {
  const value = Buffer.isBuffer(cell) ? textOfBytes(cell) : cell;
  if (value === null || value === undefined) return undefined;
  const isBlank = typeof value === "string" && value.trim() === "";
  const isText = !lists.includes(key) && !numbers.includes(key) && !isTime(key);
  if (isBlank && (!isText || ["emotional_state", "metadata", "significance"].includes(key))) return undefined;
  if (lists.includes(key)) return listOf(key, value);
  if (key === "metadata") return metadataOf(value);
  if (key === "emotional_state") return moodOf(value);
  if (key === "significance" && typeof value === "string") return wordOf(value);
  if (isTime(key)) return timeOf(key, value);
  if (numbers.includes(key))
    return typeof value === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof value === "number" && texts.includes(key)) return String(value);
  return value;
}

function textOfBytes(bytes: Buffer): unknown {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { base64: bytes.toString("base64") }; // no text: a form that wants text refuses it
  }
}
