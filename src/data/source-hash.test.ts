import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashSource, type SourceHashes } from "./source-hash.ts";

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const lines = (count: number, mark = "a"): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, index) => `${mark.repeat(3 + ((index * 7919) % 70))}${index}\n`).join(
      "",
    ),
  );
const hex = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const endsOf = (hashes: SourceHashes): number[] => hashes.pieces.map(({ end }) => end);
const cutsOf = async (bytes: Buffer): Promise<Map<string, string>> => {
  const { pieces: found } = await hashSource(pieces(bytes, 5000), 2000);
  return new Map(found.map(({ end, hash }, index) => [hash, `${(found[index - 1]?.end ?? 0) - end}`]));
};

describe("hashSource", () => {
  it("gives the same hashes and cuts however the bytes come, whatever was known", async () => {
    const bytes = lines(2000);
    const wanted = await hashSource(pieces(bytes, bytes.length), 2000);
    expect(wanted.sha256).toBe(hex(bytes));
    expect(wanted.pieces.length).toBeGreaterThan(10);
    const ends = endsOf(wanted);
    expect(ends.at(-1)).toBe(bytes.length);
    for (const [index, { end, hash, upTo }] of wanted.pieces.entries()) {
      const start = ends[index - 1] ?? 0;
      expect(bytes[end - 1]).toBe(10);
      expect(hash).toBe(hex(bytes.subarray(start, end)));
      expect(upTo).toBe(hex(bytes.subarray(0, end)));
      expect(end - start).toBeLessThan(2 * 2000 + 100);
    }
    for (const size of [1, 7, 99, 2000, 5001]) {
      expect(await hashSource(pieces(bytes, size), 2000)).toEqual(wanted);
      for (const known of [
        bytes,
        bytes.subarray(0, 30_000),
        lines(1000, "b"),
        Buffer.concat([bytes, bytes]),
      ]) {
        const before = await hashSource(pieces(known, 4096), 2000);
        expect(await hashSource(pieces(bytes, size), 2000, before.pieces)).toEqual(wanted);
      }
    }
  });

  it("moves the cuts near an edit alone, and keeps the secret when lines are appended", async () => {
    const bytes = lines(4000);
    const before = await cutsOf(bytes);
    const middle = bytes.indexOf("\n", bytes.length / 2) + 1;
    const changes = {
      edited: Buffer.concat([bytes.subarray(0, middle), lines(1, "x"), bytes.subarray(middle)]),
      cut: Buffer.concat([bytes.subarray(0, middle), bytes.subarray(bytes.indexOf("\n", middle) + 1)]),
      appended: Buffer.concat([bytes, lines(30, "b")]),
    };
    for (const changed of Object.values(changes)) {
      const after = await cutsOf(changed);
      const added = [...after.keys()].filter((hash) => !before.has(hash));
      expect(added.length).toBeGreaterThan(0);
      expect(added.length).toBeLessThanOrEqual(4);
    }
    const secret = (from: Buffer) => hashSource(pieces(from, 5000), 2000).then((found) => found.secret);
    const many = lines(8000);
    expect(await secret(Buffer.concat([many, lines(9)]))).toBe(await secret(many));
  });

  it("cuts long and equal lines too, and gives no piece of what is not asked for", async () => {
    const long = Buffer.from(`${"x".repeat(25_000)}\nshort\n${"y".repeat(9_000)}`);
    const found = await hashSource(pieces(long, 64), 2000);
    expect(endsOf(found).at(-1)).toBe(long.length);
    expect(found.pieces.length).toBeGreaterThan(1);
    const equal = Buffer.from("the same line\n".repeat(2000));
    const { pieces: same } = await hashSource(pieces(equal, 333), 2000);
    expect(same.length).toBeGreaterThan(5);
    expect((await hashSource(pieces(equal, 333))).pieces).toEqual([]);
  });
});
