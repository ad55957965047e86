import type { Concept, Converted } from "../schema.ts";
import { asText, fieldsOf, type Row } from "./fields.ts";

const titles = ["title", "name", "concept"];
const contents = ["content", "description", "definition"];

const list = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map(asText).filter((text) => text !== undefined)
    : typeof value === "string" && value.trim() !== ""
      ? value.split(/[;|]/).map((part) => part.trim())
      : [];

/** A psychology concept under any of its key names, or undefined if the row is something else. */
export function readConcept(row: Row): Converted | undefined {
  const fields = fieldsOf(row);
  const has = (keys: readonly string[]): string | undefined => keys.find((key) => fields.names.has(key));
  const title = has(titles);
  const content = has(contents);
  const marks = [
    "conceptid",
    "concept",
    "category",
    "type",
    "subcategory",
    "subtype",
    "relatedconcepts",
    "related",
  ];
  if (title === undefined || content === undefined) return undefined;
  if (has([...marks, "therapeuticapproaches", "approaches", "definition"]) === undefined) return undefined;
  const text = (keys: readonly string[]): string | null => {
    for (const key of keys) {
      const value = asText(fields.get(key))?.trim();
      if (value !== undefined && value !== "") return value;
    }
    return null;
  };
  const name = text(titles);
  const body = text(contents);
  if (name === null || body === null) return { kind: "refused", code: "shape.concept_incomplete" };
  const concept: Concept = {
    id: text(["id", "conceptid"]) ?? name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-"),
    title: name,
    content: body,
    category: text(["category", "type"]),
    subcategory: text(["subcategory", "subtype"]),
    related: list(fields.get("relatedconcepts") ?? fields.get("related")),
    approaches: list(fields.get("therapeuticapproaches") ?? fields.get("approaches")),
    source: text(["source"]),
  };
  return { kind: "concept", concept };
}
