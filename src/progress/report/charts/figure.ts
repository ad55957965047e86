import { escapeHtml } from "../../../shared/index.ts";
import { element, frames, type Frame } from "./svg.ts";

/** A line of the key: a small drawing of a mark and what it means. */
export type KeyLine = { mark: string; text: string };

const keyWidth = 30;
const keyHeight = 12;

/** A line in the key, drawn as its class draws it. */
export const lineMark = (kind: string): string =>
  element("line", { class: kind, x1: 1, x2: keyWidth - 1, y1: keyHeight / 2, y2: keyHeight / 2 });

/** A spot in the key. */
export const dotMark = (kind: string): string =>
  element("circle", { class: kind, cx: keyWidth / 2, cy: keyHeight / 2, r: 4.2 });

/** A diamond about a place. */
export const diamond = (kind: string, x: number, y: number, within = ""): string =>
  element("path", { class: kind, d: `M${x} ${y - 5}l5 5l-5 5l-5-5z` }, within);

export const diamondMark = (kind: string): string => diamond(kind, keyWidth / 2, keyHeight / 2);

/** A filled area in the key. */
export const areaMark = (kind: string): string =>
  element("rect", { class: kind, x: 1, y: 1, width: keyWidth - 2, height: keyHeight - 2 });

/**
 * A drawing with its key: once for wide pages and paper, once for narrow ones; the style sheet shows one of the two.
 * Its numbers stand in a table beside it, so that it is one image to who does not see it.
 */
export function figure(options: {
  label: string;
  height: (frame: Frame) => number;
  draw: (frame: Frame) => string;
  key: readonly KeyLine[];
}): string {
  const drawings = frames.map((frame) =>
    element(
      "svg",
      {
        class: `chart ${frame.kind}`,
        viewBox: `0 0 ${frame.width} ${options.height(frame)}`,
        role: "img",
        "aria-label": options.label,
      },
      options.draw(frame),
    ),
  );
  const lines = options.key.map(
    (one) =>
      `<li>${element("svg", { class: "key", viewBox: `0 0 ${keyWidth} ${keyHeight}`, "aria-hidden": "true" }, one.mark)} ${escapeHtml(one.text)}</li>`,
  );
  return `<figure class="drawing">${drawings.join("")}<figcaption><ul>${lines.join("")}</ul></figcaption></figure>`;
}
