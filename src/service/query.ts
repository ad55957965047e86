import { z } from "zod";

const digits = z
  .string()
  .regex(/^-?\d{1,9}$/, { message: "is no whole number" })
  .transform(Number);

/** A whole number in a query string within limits. */
export const wholeNumber = (least: number, most: number) =>
  digits.refine((value) => value >= least && value <= most, { message: `is outside ${least} to ${most}` });

/** `true` or `false` in a query string. */
export const truth = z.enum(["true", "false"]).transform((value) => value === "true");
