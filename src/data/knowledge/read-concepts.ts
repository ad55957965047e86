import { convertItem, jsonElementsScanner, jsonLinesScanner, scanItems } from "../../records/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { locate } from "../../storage/index.ts";
import type { NamedConcept } from "./concept.ts";

export type ReadConcepts = {
  concepts: NamedConcept[];
  /** Items that are no concept, by code. */
  refused: Record<string, number>;
};

const names = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string" && one.trim() !== "")
    : typeof value === "string"
      ? value.split(/[;|]/).flatMap((one) => (one.trim() === "" ? [] : [one.trim()]))
      : [];

/**
 * Concepts of a JSON list, `{concepts: []}`, `{knowledge: []}` or JSON Lines, under any of their key names. Throws
 * `E_DATA_SOURCE_*`, `E_DATA_SOURCE_EMPTY` where none is in it.
 */
export async function readConcepts(uri: string, folder: string): Promise<ReadConcepts> {
  const { store, uri: place } = locate(uri, folder);
  const options = { maxItemBytes: 1024 * 1024 };
  const scanner = /\.(?:jsonl|ndjson)$/i.test(uri) ? jsonLinesScanner(options) : jsonElementsScanner(options);
  const read: ReadConcepts = { concepts: [], refused: {} };
  const refuse = (code: string): void => void (read.refused[code] = (read.refused[code] ?? 0) + 1);
  for await (const item of scanItems(store.read(place), scanner)) {
    if (!item.ok) {
      refuse(item.code);
      continue;
    }
    const converted = convertItem(item.value);
    if (converted.kind === "concept") {
      const row = item.value as Record<string, unknown>;
      const aliases = names(row["aliases"] ?? row["synonyms"] ?? row["also_known_as"]);
      read.concepts.push({ ...converted.concept, aliases });
    } else refuse(converted.kind === "refused" ? converted.code : "shape.no_concept");
  }
  if (read.concepts.length === 0)
    throw new TrainingReadyError("E_DATA_SOURCE_EMPTY", `${uri} holds no concept`, { exitCode: 1 });
  return read;
}
