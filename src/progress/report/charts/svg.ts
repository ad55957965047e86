import { escapeHtml } from "../../../shared/index.ts";

/** A number as a coordinate, to a tenth of a pixel. */
export const coordinate = (value: number): string => String(Math.round(value * 10) / 10 + 0);

/** A number as a label says it, to one digit. */
export const rounded = (value: number): string => String(Math.round(value * 10) / 10 + 0);

type Attributes = Record<string, string | number>;

/** One SVG element; numbers are coordinates, what stands within is markup already. */
export function element(name: string, attributes: Attributes, within = ""): string {
  const listed = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escapeHtml(value)}"`)
    .join("");
  return within === "" ? `<${name}${listed}/>` : `<${name}${listed}>${within}</${name}>`;
}

/** Words in a drawing. */
export const words = (text: string, attributes: Attributes): string =>
  element("text", attributes, escapeHtml(text));

/** What a pointer that rests on a mark is told. */
export const hint = (text: string): string => `<title>${escapeHtml(text)}</title>`;

/** Where a drawing lies within its frame, and how large its words are beside it. */
export type Frame = {
  kind: "wide" | "narrow";
  width: number;
  left: number;
  right: number;
};

/** A frame for desks and paper, with names in its margins, and one for telephones. */
export const frames: readonly Frame[] = [
  { kind: "wide", width: 840, left: 132, right: 116 },
  { kind: "narrow", width: 380, left: 30, right: 14 },
];

/** The frame with room at its left for names of so many letters. */
export const widened = (frame: Frame, names: readonly string[]): Frame =>
  frame.kind === "narrow"
    ? frame
    : {
        ...frame,
        left: Math.min(220, Math.max(90, 34 + 7.1 * Math.max(0, ...names.map((one) => one.length)))),
      };

/** Maps a range of values to a range of pixels. */
export const scale =
  (from: readonly [number, number], to: readonly [number, number]) =>
  (value: number): number =>
    to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);

/** Labels moved apart so that none covers another: each as near its wish as the order allows. */
export function apart<T extends { y: number }>(
  labels: readonly T[],
  least: number,
  [top, bottom]: readonly [number, number],
): T[] {
  const sorted = labels.toSorted((a, b) => a.y - b.y);
  const places: number[] = [];
  for (const [index, one] of sorted.entries())
    places.push(Math.max(one.y, index === 0 ? top : (places[index - 1] as number) + least));
  for (let index = places.length - 1; index >= 0; index -= 1) {
    const limit = index === places.length - 1 ? bottom : (places[index + 1] as number) - least;
    places[index] = Math.min(places[index] as number, limit);
  }
  return sorted.map((one, index) => ({ ...one, y: places[index] as number }));
}
