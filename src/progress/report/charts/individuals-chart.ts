import { xmrLimits, xmrSignals } from "../../statistics/index.ts";
import { diamond, diamondMark, dotMark, figure, lineMark, type KeyLine } from "./figure.ts";
import { apart, coordinate, element, hint, rounded, scale, widened, words, type Frame } from "./svg.ts";
import { spanOf, timeAxis } from "./time-axis.ts";

export type Individual = { at: string; value: number };

const ruleWords = {
  outside: "outside the limits",
  seven_one_side: "the seventh in a row on one side",
  seven_rising: "the seventh in a row that rises",
  seven_falling: "the seventh in a row that falls",
  two_of_three: "two of three in the outer third",
} as const;

const gap = 34;
const partsOf = (frame: Frame) =>
  frame.kind === "wide"
    ? { values: { top: 26, bottom: 170 }, ranges: { top: 170 + gap, bottom: 270 }, height: 300 }
    : { values: { top: 26, bottom: 140 }, ranges: { top: 140 + gap, bottom: 226 }, height: 256 };

type Level = { value: number; kind: string; name: string };

/** Lines across a panel, their names at the right edge of a wide drawing. */
function across(levels: readonly Level[], y: (value: number) => number, frame: Frame): string {
  const right = frame.width - frame.right;
  const lines = levels.map((one) =>
    element("line", { class: one.kind, x1: frame.left, x2: right, y1: y(one.value), y2: y(one.value) }),
  );
  if (frame.kind === "narrow") return lines.join("");
  const names = apart(
    levels.map((one) => ({ ...one, y: y(one.value) + 4 })),
    14,
    [0, Infinity],
  ).map((one) => words(one.name, { x: right + 8, y: one.y }));
  return [...lines, ...names].join("");
}

/**
 * The individuals chart with its moving ranges (Wheeler 2000): a picture of what is usual for this person, no verdict.
 * Drawn from six values on; provisional under twelve.
 */
export function individualsChart(options: {
  name: string;
  values: readonly Individual[];
  /** Of the scale that the values stand on. */
  least: number;
  most: number;
  /** What stands at the left of values, if numbers say too little. */
  scaleWords?: readonly { value: number; text: string }[];
}): string {
  const { name, values, least, most } = options;
  if (values.length < 6) return "";
  const numbers = values.map((one) => one.value);
  const limits = xmrLimits(numbers);
  const signals = new Map<number, string[]>();
  for (const one of xmrSignals(numbers))
    signals.set(one.at, [...(signals.get(one.at) ?? []), ruleWords[one.rule]]);
  const ranges = numbers.slice(1).map((value, index) => Math.abs(value - (numbers[index] as number)));
  const wide = ranges.filter((one) => one > limits.range_limit).length;
  const times = values.map((one) => Date.parse(one.at));
  const span = spanOf(times);
  const key: (KeyLine | false)[] = [
    { mark: lineMark("course") + dotMark("counted"), text: "values above, steps from one to the next below" },
    { mark: lineMark("baseline"), text: "mean" },
    { mark: lineMark("threshold"), text: "limits of what is usual for this person" },
    (signals.size > 0 || wide > 0) && {
      mark: diamondMark("signal"),
      text: `beyond what is usual (values: ${signals.size}, steps: ${wide})`,
    },
  ];
  return figure({
    label: `Individuals chart of ${name} with its moving ranges: a picture, no verdict`,
    height: (frame) => partsOf(frame).height,
    key: key.filter((one) => one !== false),
    draw: (given) => {
      const frame = widened(
        given,
        (options.scaleWords ?? []).map((one) => one.text),
      );
      const parts = partsOf(frame);
      const right = frame.width - frame.right;
      const x = scale([span.from, span.to], [frame.left + 8, right - 8]);
      const low = Math.max(least, Math.floor(Math.min(limits.lower, ...numbers)) - 1);
      const high = Math.min(most, Math.ceil(Math.max(limits.upper, ...numbers)) + 1);
      const y = scale([low, high], [parts.values.bottom, parts.values.top]);
      const topRange = Math.max(limits.range_limit, ...ranges, 1);
      const yRange = scale([0, topRange], [parts.ranges.bottom, parts.ranges.top]);
      const line = (list: readonly number[], from: number, on: (value: number) => number): string =>
        element("polyline", {
          class: "course",
          points: list
            .map((value, index) => `${coordinate(x(times[index + from] as number))},${coordinate(on(value))}`)
            .join(" "),
        });
      const mark = (isSignal: boolean, at: number, on: number, text: string): string => {
        const place = x(times[at] as number);
        return isSignal
          ? diamond("signal", Number(coordinate(place)), Number(coordinate(on)), hint(text))
          : element("circle", { class: "counted", cx: place, cy: on, r: 4 }, hint(text));
      };
      const day = (at: number): string => (values[at] as Individual).at.slice(0, 10);
      const numbersAt = (list: readonly number[], on: (value: number) => number): string =>
        list
          .map(
            (value) =>
              element("line", { class: "edge", x1: frame.left, x2: right, y1: on(value), y2: on(value) }) +
              words(rounded(value), { x: frame.left - 6, y: on(value) + 4, "text-anchor": "end" }),
          )
          .join("");
      const scaleNames =
        frame.kind === "narrow"
          ? []
          : (options.scaleWords ?? [])
              .filter((one) => one.value >= low && one.value <= high)
              .map((one) =>
                words(one.text, { x: frame.left - 26, y: y(one.value) + 4, "text-anchor": "end" }),
              );
      return [
        words("Values", { class: "mark", x: frame.left, y: 15 }),
        numbersAt([low, high], y),
        ...scaleNames,
        across(
          [
            { value: limits.upper, kind: "threshold", name: `upper ${rounded(limits.upper)}` },
            { value: limits.mean, kind: "baseline", name: `mean ${rounded(limits.mean)}` },
            { value: limits.lower, kind: "threshold", name: `lower ${rounded(limits.lower)}` },
          ].filter((one) => one.value >= low && one.value <= high),
          y,
          frame,
        ),
        line(numbers, 0, y),
        ...numbers.map((value, at) => {
          const found = signals.get(at);
          const text = `${day(at)}: ${value}${found === undefined ? "" : `, ${found.join(", ")}`}`;
          return mark(found !== undefined, at, y(value), text);
        }),
        words("Steps (moving range)", { class: "mark", x: frame.left, y: parts.ranges.top - 9 }),
        numbersAt([0], yRange),
        across(
          [{ value: limits.range_limit, kind: "threshold", name: `limit ${rounded(limits.range_limit)}` }],
          yRange,
          frame,
        ),
        line(ranges, 1, yRange),
        ...ranges.map((value, index) =>
          mark(
            value > limits.range_limit,
            index + 1,
            yRange(value),
            `${day(index + 1)}: a step of ${rounded(value)}`,
          ),
        ),
        timeAxis(span, x, { y: parts.ranges.bottom, isNarrow: frame.kind === "narrow", right }),
      ].join("");
    },
  });
}
