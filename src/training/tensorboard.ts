import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { readRunEvents, type RunEvent } from "./events.ts";
import { checkRun, readRunRecipe, runPaths } from "./run-folder.ts";

/** CRC-32C (Castagnoli), as TFRecord frames use it. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C of bytes. */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = ((table[(value ^ byte) & 255] as number) ^ (value >>> 8)) >>> 0;
  return ~value >>> 0;
}

/** TFRecord masks its checksums: rotated right by 15 bits, plus a constant. */
function maskedCrc(bytes: Uint8Array): Buffer {
  const value = crc32c(bytes);
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

// The few protocol buffer fields that an Event needs: tensorflow/core/util/event.proto and framework/summary.proto.
const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
};
const bytesField = (field: number, data: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(data.length), data]);
const doubleField = (field: number, value: number): Buffer => {
  const data = Buffer.alloc(8);
  data.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), data]);
};
const floatField = (field: number, value: number): Buffer => {
  const data = Buffer.alloc(4);
  data.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), data]);
};

export type Scalars = { seconds: number; step: number; values: Readonly<Record<string, number>> };

/** A TensorBoard event file of scalars, its version first. */
export function eventFile(rows: readonly Scalars[]): Buffer {
  const version = Buffer.concat([
    doubleField(1, rows[0]?.seconds ?? 0),
    bytesField(3, Buffer.from("brain.Event:2")),
  ]);
  const events = rows.map(({ seconds, step, values }) => {
    const summary = Object.entries(values).map(([tag, value]) =>
      bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)])),
    );
    return Buffer.concat([
      doubleField(1, seconds),
      varint(2 * 8),
      varint(step),
      bytesField(5, Buffer.concat(summary)),
    ]);
  });
  return Buffer.concat([version, ...events].map(record));
}

type Named = [tag: string, value: number | null | undefined];

function namedValues(event: RunEvent, experts: readonly string[]): Named[] {
  switch (event.type) {
    case "step":
      return [
        ["loss/train", event.ce],
        ["loss/balance", event.aux],
        ["loss/router_z", event.z],
        ["rate", event.lr],
        ["gradient_norm", event.grad_norm],
        ["speed/tokens_per_second", event.tok_s],
        ["speed/mfu", event.mfu],
        ["memory_bytes", event.mem],
      ];
    case "moe":
      return [
        ...experts.map((expert, index): Named => {
          const of = event.load.map((layer) => layer[index] ?? 0);
          return [`load/${expert}`, of.reduce((sum, one) => sum + one, 0) / Math.max(1, of.length)];
        }),
        ["routing/entropy_bits", event.entropy],
        ["routing/information_bits", event.information],
      ];
    case "eval":
      return [
        ["loss/validation", event.loss],
        ...Object.entries(event.domains).map(([name, one]): Named => [`validation/${name}`, one.loss]),
      ];
    default:
      return [];
  }
}

/** A run's steps and evaluations as scalars, in the order of the steps: never backwards, replays once. */
export function scalarsOf(events: readonly RunEvent[], experts: readonly string[]): Scalars[] {
  return events
    .flatMap((event): Scalars[] => {
      if (event.type !== "step" && event.type !== "moe" && event.type !== "eval") return [];
      const values = Object.fromEntries(
        namedValues(event, experts).filter(
          (one): one is [string, number] => typeof one[1] === "number" && Number.isFinite(one[1]),
        ),
      );
      return Object.keys(values).length === 0
        ? []
        : [{ seconds: Date.parse(event.t) / 1000, step: event.step, values }];
    })
    .toSorted((a, b) => a.step - b.step);
}

/** Writes a run's curves as a TensorBoard log folder; the same run gives the same file. Throws `E_TRAIN_DATA`. */
export async function writeTensorBoard(run: string, out: string): Promise<{ path: string; scalars: number }> {
  checkRun(run);
  const rows = scalarsOf(readRunEvents(runPaths(run).events), readRunRecipe(run).moe.experts);
  const first = rows[0];
  if (first === undefined)
    throw new TrainingReadyError("E_TRAIN_UNFINISHED", `${run} has taken no step yet`, { exitCode: 1 });
  await mkdir(out, { recursive: true });
  const path = join(out, `events.out.tfevents.${Math.floor(first.seconds)}.training-ready`);
  await writeFileAtomic(path, eventFile(rows));
  return { path, scalars: rows.reduce((sum, one) => sum + Object.keys(one.values).length, 0) };
}
