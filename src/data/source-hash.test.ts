import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashSource } from "./source-hash.ts";

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const lines = (count: number, mark = "a"): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, index) => `${mark.repeat(3 + (index % 7))}${index}\n`).join(""),
  );

describe("hashSource", () => {
  it("gives the same hashes however the bytes come", async () => {
    const bytes = lines(200);
    const wanted = await hashSource(pieces(bytes, bytes.length), 100);
    expect(wanted.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(wanted.ranges).toHaveLength(Math.ceil(bytes.length / 100));
    for (const size of [1, 7, 99, 100, 101, 1000])
      expect(await hashSource(pieces(bytes, size), 100)).toEqual(wanted);
  });

  it("keeps a range's hash when lines behind it change, and the secret when lines are appended", async () => {
    const bytes = lines(20_000);
    const before = await hashSource(pieces(bytes, 5000), 10_000);
    const after = await hashSource(pieces(Buffer.concat([bytes, lines(50, "b")]), 5000), 10_000);
    const kept = before.ranges.length - 1;
    expect(after.ranges.slice(0, kept)).toEqual(before.ranges.slice(0, kept));
    expect(after.ranges[kept]).not.toBe(before.ranges[kept]);
    expect(after.secret).toBe(before.secret);
    expect(after.sha256).not.toBe(before.sha256);
  });

  it("ends a range in which no line begins where its bytes end", async () => {
    const long = Buffer.from(`${"x".repeat(950)}\nshort\n`);
    const other = Buffer.from(long);
    other[640] = 122;
    const [a, b] = [await hashSource(pieces(long, 64), 100), await hashSource(pieces(other, 64), 100)];
    const changed = a.ranges.map((hash, at) => hash !== b.ranges[at]);
    // The line is of the first range; no other one has its bytes but the one they lie in.
    expect(changed.map(Number)).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    for (const size of [1, 99, 100, 1000]) expect(await hashSource(pieces(long, size), 100)).toEqual(a);
  });

  it("sees a change in a line that began in the range before", async () => {
    const long = Buffer.from(`${"x".repeat(250)}\nshort\n${"y".repeat(80)}\n`);
    const other = Buffer.from(long);
    other[240] = 122; // in the third range, of the line that begins in the first
    const [a, b] = [await hashSource(pieces(long, 64), 100), await hashSource(pieces(other, 64), 100)];
    expect(a.ranges[0]).not.toBe(b.ranges[0]);
    expect(a.ranges).toHaveLength(4);
    expect(a.ranges[3]).toBe(b.ranges[3]);
  });
});
