import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alpacaRow } from "./exports.ts";
import { largestRemainder } from "./split.ts";
import { fillTable } from "./table-flow.ts";

describe("largestRemainder", () => {
  it("gives whole numbers that add up and differ from the exact shares by less than one", () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (total, shares) => {
          const sum = shares.reduce((all, one) => all + one, 0);
          const parts = largestRemainder(total, shares);
          expect(parts.reduce((all, one) => all + one, 0)).toBe(total);
          parts.forEach((part, index) =>
            expect(Math.abs(part - (total * (shares[index] as number)) / sum)).toBeLessThan(1),
          );
        },
      ),
    );
  });
});

describe("fillTable", () => {
  const sumOf = (list: readonly number[]): number => list.reduce((all, one) => all + one, 0);
  it("meets both sums within the sizes whenever a filling exists", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((columns) =>
          fc.array(fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: columns, maxLength: columns }), {
            minLength: 1,
            maxLength: 5,
          }),
        ),
        (cells) => {
          // A filling that exists by construction: the first number of each cell, of a size of both together.
          const sizes = cells.map((line) => line.map(([used, free]) => used + free));
          const rows = cells.map((line) => sumOf(line.map(([used]) => used)));
          const columns = (cells[0] ?? []).map((_, j) => sumOf(cells.map((line) => line[j]?.[0] as number)));
          const fill = fillTable(sizes, rows, columns) as number[][];
          expect(fill.map(sumOf)).toEqual(rows);
          expect(columns.map((_, j) => sumOf(fill.map((line) => line[j] as number)))).toEqual(columns);
          fill.forEach((line, i) =>
            line.forEach((value, j) => {
              expect(value).toBeGreaterThanOrEqual(0);
              expect(value).toBeLessThanOrEqual(sizes[i]?.[j] as number);
            }),
          );
        },
      ),
    );
  });
  it("says so where none exists", () => {
    expect(
      fillTable(
        [
          [1, 0],
          [5, 5],
        ],
        [2, 2],
        [2, 2],
      ),
    ).toBeUndefined();
  });
});

describe("alpacaRow", () => {
  const turn = (text: string) => {
    const [role, content] = text.split(": ") as [string, string];
    return { role, content };
  };
  const row = (...turns: string[]) => {
    const { instruction, output, history, system } = alpacaRow({
      id: "i",
      source: "s",
      stage: "t",
      messages: turns.map(turn),
    });
    return { instruction, output, history, system };
  };
  it("asks with the last user turn and keeps the exchanges before", () => {
    expect(
      row("system: s", "user: a", "assistant: b", "user: c", "user: d", "assistant: e", "user: f"),
    ).toEqual({
      system: "s",
      history: [["a", "b"]],
      instruction: "c\n\nd",
      output: "e",
    });
  });
  it("keeps a greeting of the assistant", () => {
    expect(row("assistant: hello", "user: a", "assistant: b")).toEqual({
      system: "",
      history: [["", "hello"]],
      instruction: "a",
      output: "b",
    });
  });
});
