import { z } from "zod";
import { turnConsents, type TurnConsent } from "./access.ts";
import { isTimeZone } from "../shared/index.ts";
import { readSettingsFile } from "./settings-file.ts";

export const settingsSchema = z.strictObject({
  /**
   * Which consent to AI a turn with a model needs to be stored: `given` (none given, none stored), or `not_withdrawn`
   * for a site that settles consent elsewhere. Risk is told either way.
   */
  turn_consent: z.enum(turnConsents).default("given"),
  /** Where the site is: whose days and nights count for clients whose episode names no zone. */
  timezone: z.string().refine(isTimeZone, { message: "is no time zone of the IANA database" }).default("UTC"),
});

export type Settings = { turnConsent: TurnConsent; timezone: string };

/** A store's settings; the safer ones without a file. Throws `E_INPUT`, `E_FILE_UNREADABLE`. */
export function readSettings(path: string): Settings {
  const { turn_consent, timezone } = readSettingsFile(path, settingsSchema) ?? settingsSchema.parse({});
  return { turnConsent: turn_consent, timezone };
}
