import { z } from "zod";
import { isTimeZone } from "../shared/index.ts";
import { isOpenAt, isOpening } from "./opening-hours.ts";

const line = (most: number) => z.string().trim().min(1).max(most);
const day = z.iso.date();

/** A line that people can reach; `verified_at` stays null until a named person has called it or read its own page. */
export const resourceSchema = z
  .strictObject({
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "two capital letters of ISO 3166")
      .meta({ description: "ISO 3166 country, two capital letters" }),
    locale: line(35).nullable().default(null).meta({ description: "language of the row, BCP 47" }),
    kind: z
      .enum(["emergency", "suicide", "poison", "abuse", "youth"])
      .meta({ description: "`suicide` is the crisis line" }),
    name: line(120),
    phone: line(40).nullable().default(null),
    sms: line(40).nullable().default(null),
    url: z.url().max(300).nullable().default(null),
    hours: line(120).nullable().default(null).meta({ description: "when somebody answers, in words" }),
    time_zone: line(64)
      .refine(isTimeZone, "no time zone of the IANA database")
      .nullable()
      .default(null)
      .meta({ description: "time zone of `open`, for example Asia/Kolkata" }),
    open: z
      .array(z.string().refine(isOpening, "write for example mon-fri 08:00-20:00"))
      .min(1)
      .max(14)
      .nullable()
      .default(null)
      .meta({ description: "when somebody answers: a closed line is not shown; null: always" }),
    languages: z.array(line(35)).default([]),
    source: line(300).nullable().default(null).meta({ description: "where the row was read" }),
    verified_at: day.nullable().default(null).meta({ description: "day on which it was checked" }),
    verified_by: line(120)
      .nullable()
      .default(null)
      .meta({ description: "who called it or read its own page" }),
  })
  .refine((row) => row.phone !== null || row.sms !== null || row.url !== null, {
    message: "a row needs a phone, sms or url",
    path: ["phone"],
  })
  .refine((row) => row.kind !== "emergency" || row.phone !== null, {
    message: "an emergency row needs a phone",
    path: ["phone"],
  })
  .refine((row) => row.kind !== "emergency" || row.open === null, {
    message: "an emergency number is always open",
    path: ["open"],
  })
  .refine((row) => row.open === null || row.time_zone !== null, {
    message: "open needs a time_zone",
    path: ["time_zone"],
  })
  .refine((row) => (row.verified_at === null) === (row.verified_by === null), {
    message: "verified_at and verified_by go together",
    path: ["verified_at"],
  })
  .refine((row) => row.verified_at === null || row.source !== null, {
    message: "a verified row names its source",
    path: ["source"],
  });
export type Resource = z.output<typeof resourceSchema>;

export const isVerified = ({ verified_at }: Resource): boolean => verified_at !== null;

/** Days after which a checked row counts as old: still shown, with its date. */
export const oldAfterDays = 180;

/** Whether a row was checked too long ago. */
export function isOld({ verified_at }: Resource, now: number): boolean {
  return verified_at !== null && now - Date.parse(verified_at) > oldAfterDays * 86_400_000;
}

/** Whether somebody answers now; a row without openings is always open. */
export function answersAt({ open, time_zone }: Resource, now: number): boolean {
  return open === null || time_zone === null || isOpenAt(open, time_zone, now);
}

/** How a row is reached, in words. */
export function reachOf({ phone, sms, url }: Resource): string {
  return phone ?? (sms === null ? (url as string) : `text ${sms}`);
}
