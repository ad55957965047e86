import { instruments } from "./registry.data.ts";
import type { Instrument } from "./schema.ts";

export type RiskAnswer = "not asked" | "not answered" | number;

export type Score =
  | {
      ok: true;
      items: (number | null)[] | null;
      total: number | null;
      valid: boolean;
      missing: number[];
      band: string | null;
      risk: RiskAnswer;
    }
  | { ok: false; field: string; message: string };

/** The questionnaire with this id, whatever the case and with or without its hyphen (`phq9`). */
export function instrumentNamed(id: string): Instrument | undefined {
  const plain = (text: string): string => text.toUpperCase().replaceAll(/[\s_-]/g, "");
  return instruments.find((one) => plain(one.id) === plain(id));
}

/** The band of a total; null where the instrument has none. */
export function bandOf(instrument: Instrument, total: number): string | null {
  return instrument.bands.findLast((band) => total >= band.from)?.name ?? null;
}

const refuse = (field: string, message: string): Score => ({ ok: false, field, message });
const whole = (instrument: Instrument): boolean => instrument.items.max !== 10; // visual scales are read to .1

/**
 * Scores a sheet of items, or takes a total. A missing item voids the total (no instrument here has a published
 * rule that is shipped); the risk item speaks on an incomplete sheet too.
 */
export function scoreSheet(
  instrument: Instrument,
  sheet: { items?: readonly (number | null)[] | undefined; total?: number | undefined },
): Score {
  const { count, min, max, reversed } = instrument.items;
  const { total: given } = sheet;
  if (given !== undefined && (given < instrument.min || given > instrument.max))
    return refuse("total", `is outside ${instrument.min} to ${instrument.max}`);
  if (given !== undefined && whole(instrument) && !Number.isInteger(given))
    return refuse("total", "is not whole");
  if (sheet.items === undefined) {
    if (given === undefined) return refuse("items", "give items or a total");
    const risk = instrument.riskItem === null ? "not asked" : "not answered";
    return {
      ok: true,
      items: null,
      total: given,
      valid: true,
      missing: [],
      band: bandOf(instrument, given),
      risk,
    };
  }
  if (sheet.items.length > count) return refuse("items", `has more than ${count} items`);
  const items = Array.from({ length: count }, (_, index) => sheet.items?.[index] ?? null);
  for (const [index, value] of items.entries()) {
    if (value === null) continue;
    if (value < min || value > max) return refuse(`items.${index}`, `is outside ${min} to ${max}`);
    if (whole(instrument) && !Number.isInteger(value)) return refuse(`items.${index}`, "is not whole");
  }
  const missing = items.flatMap((value, index) => (value === null ? [index + 1] : []));
  const answer = instrument.riskItem === null ? undefined : items[instrument.riskItem - 1];
  const risk = answer === undefined ? "not asked" : (answer ?? "not answered");
  if (missing.length > 0) {
    if (given !== undefined) return refuse("total", "cannot be given for a sheet with missing items");
    return { ok: true, items, total: null, valid: false, missing, band: null, risk };
  }
  const sum = items.reduce<number>(
    (total, value, index) =>
      total + (reversed.includes(index + 1) ? max + min - (value as number) : (value as number)),
    0,
  );
  const total = whole(instrument) ? sum : Math.round(sum * 10) / 10;
  if (given !== undefined && given !== total) return refuse("total", "differs from the sum of the items");
  return { ok: true, items, total, valid: true, missing: [], band: bandOf(instrument, total), risk };
}
