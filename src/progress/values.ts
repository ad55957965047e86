import { z } from "zod";

/** Text that a person wrote: any characters but NUL and lone surrogates, which no store keeps faithfully. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !value.includes("\u0000"), { message: "holds a NUL" })
    .refine((value) => value.isWellFormed(), { message: "holds half a surrogate pair" });

/** An id that a caller chose. */
export const externalId = text(200).refine((value) => value.trim() !== "", { message: "is empty" });

/** ISO 8601 with an offset. */
export const instant = z.iso.datetime({ offset: true, message: "is no ISO 8601 time with an offset" });

/** A day, or a time with an offset. */
export const dayOrInstant = z.union([z.iso.date(), instant], {
  message: "is no ISO 8601 date or time with an offset",
});

const storable = (value: unknown): boolean => {
  if (typeof value === "string") return !value.includes("\u0000") && value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => storable(key) && storable(inner));
};

/** JSON of any shape for `metadata`, without NUL or half a surrogate pair in keys or values. */
export const freeJson = z
  .record(z.string(), z.json())
  .refine(storable, { message: "holds a NUL or half a surrogate pair" });
