import { didYouMean } from "../../shared/index.ts";
import { badField } from "./api-error.ts";

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Refuses text that cannot be stored or tokenised whole. */
export function checkText(value: unknown, param: string, options: { mayBeEmpty?: boolean } = {}): string {
  if (typeof value !== "string")
    throw badField("invalid_type", param, `${param} must be a string.`, "Send text as a JSON string.");
  if (options.mayBeEmpty !== true && value.trim() === "")
    throw badField("empty_text", param, `${param} is empty.`, "Send at least one visible character.");
  if (value.includes("\0"))
    throw badField("invalid_text", param, `${param} holds a NUL character.`, "Remove the NUL character.");
  if (!value.isWellFormed())
    throw badField(
      "invalid_text",
      param,
      `${param} holds half a surrogate pair.`,
      "Send valid Unicode text.",
    );
  return value;
}

/** A number within bounds, never a string that looks like one. */
export function checkNumber(
  value: unknown,
  param: string,
  bounds: { least: number; most: number; isWhole?: boolean; isAboveLeast?: boolean },
): number {
  const { least, most, isWhole = false, isAboveLeast = false } = bounds;
  if (typeof value !== "number" || !Number.isFinite(value) || (isWhole && !Number.isInteger(value)))
    throw badField(
      "invalid_type",
      param,
      `${param} must be ${isWhole ? "a whole number" : "a number"}.`,
      `Send ${param} as a JSON number, without quotes.`,
    );
  if (value > most || (isAboveLeast ? value <= least : value < least))
    throw badField(
      "out_of_range",
      param,
      `${param} is out of range.`,
      `${param} goes from ${isAboveLeast ? "above " : ""}${least} to ${most}.`,
    );
  return value;
}

export function checkBoolean(value: unknown, param: string): boolean {
  if (typeof value !== "boolean")
    throw badField("invalid_type", param, `${param} must be true or false.`, "Send a JSON boolean.");
  return value;
}

const identifier = /^[A-Za-z0-9](?:[A-Za-z0-9_@:-]|\.(?!\.)){0,127}$/;

/** An id of a client, session or user: no path, no control character. */
export function checkId(value: unknown, param: string): string {
  if (typeof value !== "string")
    throw badField("invalid_type", param, `${param} must be a string.`, "Send the id as a JSON string.");
  if (!identifier.test(value))
    throw badField(
      "invalid_id",
      param,
      `${param} is no valid id.`,
      "An id has 1 to 128 letters, digits, and . _ @ : - inside, and starts with a letter or digit.",
    );
  return value;
}

/** Refuses keys that are not known and names the nearest. `prefix` is where the object stands, with its dot. */
export function checkKeys(value: Json, known: readonly string[], prefix = ""): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const shown = /^[\w.-]{1,64}$/.test(key) ? key : "(unprintable)";
    throw badField(
      "unknown_parameter",
      `${prefix}${shown}`,
      `${prefix}${shown} is no parameter here.${didYouMean(key, known)}`,
      didYouMean(key, known).trim() || `Known here: ${known.join(", ")}.`,
    );
  }
}
