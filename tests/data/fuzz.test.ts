import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, readSidecar, runIn, scratch } from "./run-data.ts";
import { generator, syntheticPairs } from "./synthetic.ts";

/** Damages some lines of a file: bytes changed, cut out, doubled, or put in. */
function damage(text: string, random: () => number, share: number): Buffer {
  const junk = ["\0", "\ud83d", '"', "{", "}", "[", "]", "\\", ",", "NaN", "null", '{"a":', "\u2028", "\r"];
  const lines = text.split("\n").slice(0, -1);
  const out = lines.map((line) => {
    if (random() > share) return Buffer.from(line);
    const bytes = Buffer.from(line);
    const at = Math.floor(random() * bytes.length);
    const kind = Math.floor(random() * 5);
    if (kind === 0) bytes[at] = Math.floor(random() * 256);
    if (kind === 1) return bytes.subarray(0, at);
    if (kind === 2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(at / 2))]);
    if (kind === 3) {
      const piece = Buffer.from(junk[Math.floor(random() * junk.length)] as string);
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    }
    return kind === 4 ? Buffer.concat([bytes, bytes]) : bytes;
  });
  return Buffer.concat(out.map((line) => Buffer.concat([line, Buffer.from("\n")])));
}

const seed = Number(process.env["TRAINING_READY_FUZZ_SEED"] ?? 12);
/** Lines a format; `npm run proof:data-fuzz` asks for more, and damages half of them. */
const count = Number(process.env["TRAINING_READY_FUZZ_LINES"] ?? 3000);
const share = count > 3000 ? 0.5 : 0.1;

describe("damaged input", () => {
  it.each(["jsonl", "json", "csv"])(
    `is accounted for to the item, in %s (seed ${seed})`,
    async (format) => {
      const random = generator(seed);
      const pairs = syntheticPairs(count, seed);
      const rows = pairs.map((pair) => JSON.stringify(pair));
      const text =
        format === "jsonl"
          ? rows.map((row) => `${row}\n`).join("")
          : format === "json"
            ? rows
                .map(
                  (row, index) => `${index === 0 ? "[" : ""}${row}${index < rows.length - 1 ? "," : "]"}\n`,
                )
                .join("")
            : `prompt,response\n${pairs.map(({ prompt, response }) => `"${prompt}","${response}"\n`).join("")}`;
      const folder = scratch({
        "training-ready.yaml": configOf([{ name: "a", uri: `a.${format}`, licence: "MIT" }], {
          unit_bytes: 50_000,
          quarantine: { max_share: 1 },
        }),
      });
      const file = damage(text, random, share);
      writeFileSync(join(folder, `a.${format}`), file);
      const { code, err } = await runIn(folder, "data", "build", "--out", "out", "--workers", "1");
      expect(code, err).toBe(0);
      const out = join(folder, "out");
      const { conservation } = readManifest(out);
      expect(conservation.read).toBe(
        conservation.written +
          conservation.quarantined +
          conservation.deduplicated +
          conservation.notSelected,
      );
      expect(conservation.quarantined).toBeGreaterThan(20);
      const places = [
        ...readDataSet(out).map(({ provenance }) => provenance),
        ...readSidecar(out, "quarantine"),
        ...readSidecar(out, "dropped"),
      ];
      expect(places).toHaveLength(conservation.read);
      // Items lie one behind the other; in JSON Lines nothing but line ends lies between them.
      places.sort((a, b) => a.offset - b.offset);
      let end = 0;
      for (const { offset, length } of places) {
        expect(offset).toBeGreaterThanOrEqual(end);
        if (format === "jsonl") expect(file.subarray(end, offset).toString("latin1")).toMatch(/^[\s]*$/);
        end = offset + length;
      }
      expect(end).toBeLessThanOrEqual(file.length);
      if (format === "jsonl")
        expect(conservation.read).toBe(
          readFileSync(join(folder, "a.jsonl"))
            .toString("latin1")
            .split("\n")
            .filter((line) => line.trim() !== "").length,
        );
      // What no damage touched is there.
      if (format !== "csv")
        expect(conservation.read - conservation.quarantined).toBeGreaterThan(count * (0.97 - share));
    },
    120_000 + 4 * count,
  );
});
