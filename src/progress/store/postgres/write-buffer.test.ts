import { expect, it } from "vitest";
import { createWriteBuffer } from "./write-buffer.ts";

const texts = (buffer: ReturnType<typeof createWriteBuffer>): string[] =>
  buffer.take().map((one) => one.text);

it("tells the server nothing of an inner transaction that ends, or is undone, before it is sent", () => {
  const buffer = createWriteBuffer();
  buffer.add("one", []);
  const first = buffer.mark("s1");
  buffer.add("two", []);
  buffer.release(first);
  const second = buffer.mark("s1");
  buffer.add("gone", []);
  expect(buffer.undo(second)).toBe(true);
  buffer.add("three", []);
  expect(texts(buffer)).toEqual(["one", "two", "three"]);
  expect(buffer.size).toBe(0);
});

it("sets a savepoint before the first write of each that is sent half-way, and no earlier", () => {
  const buffer = createWriteBuffer();
  const outer = buffer.mark("s1");
  buffer.add("one", []);
  const inner = buffer.mark("s2");
  expect(texts(buffer)).toEqual(["SAVEPOINT s1", "one"]);
  expect([outer.isSent, inner.isSent]).toEqual([true, false]);
  buffer.add("two", []);
  expect(buffer.undo(inner)).toBe(true);
  const again = buffer.mark("s2");
  buffer.add("three", []);
  expect(texts(buffer)).toEqual(["SAVEPOINT s2", "three"]);
  buffer.add("four", []);
  expect(buffer.undo(again)).toBe(false);
  buffer.add("five", []);
  buffer.release(outer);
  expect(texts(buffer)).toEqual(["five", "RELEASE s1"]);
});

it("numbers a savepoint before what lies behind it", () => {
  const buffer = createWriteBuffer();
  buffer.add("before", []);
  const mark = buffer.mark("s1");
  buffer.add("behind", []);
  const [before, savepoint, behind] = buffer.take().map((one) => one.number);
  expect([before, savepoint, behind]).toEqual([1, mark.from, 2]);
  expect(mark.from).toBe(1);
});
