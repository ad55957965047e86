export type Direction = "lower_better" | "higher_better";

export type Threshold = { points: number; source: string };

/** A questionnaire: how it is scored and, where published norms are settled, how change is judged. */
export type Instrument = {
  id: string;
  version: string;
  title: string;
  direction: Direction;
  items: { count: number; min: number; max: number; reversed: readonly number[] };
  /** Range of the total. */
  min: number;
  max: number;
  /** Least total of each band, ascending. */
  bands: readonly { from: number; name: string }[];
  /** Number of the item that asks about self-harm. */
  riskItem: number | null;
  /** Published reliable-change thresholds in points, ascending; empty: scored only, no verdict. */
  thresholds: readonly Threshold[];
  /** A total on the clinical side of this is clinical; it belongs to the clinical side. */
  clinicalFrom: { points: number; source: string } | null;
  /** Published numbers that are shown and never used, with what they are. */
  shownOnly?: readonly { points: string; what: string; source: string }[];
  licence: string;
  citation: string;
};
