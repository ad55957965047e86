import { TrainingReadyError } from "../shared/index.ts";
import { packingOf, unpack, type Located, type Packing } from "../storage/index.ts";
import type { SourceFormat } from "./schema.ts";

const sampleBytes = 64 * 1024;

async function firstBytes(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= size) break;
  }
  return Buffer.concat(parts).subarray(0, size);
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refuse(uri: string, said: string, hint?: string): never {
  throw new TrainingReadyError("E_DATA_SOURCE_FORMAT", `${uri}: ${said}`, {
    exitCode: 1,
    ...(hint === undefined ? {} : { hint }),
  });
}

const shownBytes = 4096;

/** The encoding of two or four bytes a character that a text's first bytes show, by its mark or by where zeros stand. */
function wideEncoding(sample: Uint8Array): string | undefined {
  const [a, b, c, d] = sample;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32" : "UTF-16";
  if (a === 0xfe && b === 0xff) return "UTF-16";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "UTF-32";
  const zeros = [0, 0, 0, 0];
  const length = Math.min(sample.length, shownBytes) & ~3;
  for (let at = 0; at < length; at++) if (sample[at] === 0) (zeros[at & 3] as number)++;
  // Of Latin letters one byte in two is zero, or three in four: always the same ones, the others never.
  const share = zeros.map((count) => (4 * count) / length);
  const isZero = (at: number): boolean => (share[at] as number) > 0.3;
  const isFull = (at: number): boolean => (share[at] as number) < 0.02;
  if (isFull(0) && isZero(1) && isZero(2) && isZero(3)) return "UTF-32LE";
  if (isZero(0) && isZero(1) && isZero(2) && isFull(3)) return "UTF-32BE";
  if (isFull(0) && isZero(1) && isFull(2) && isZero(3)) return "UTF-16LE";
  if (isZero(0) && isFull(1) && isZero(2) && isFull(3)) return "UTF-16BE";
  return undefined;
}

/** Throws `E_DATA_SOURCE_FORMAT` for text that is not one byte a letter: no line of it could be read. */
function refuseWide(name: string, sample: Uint8Array): void {
  const encoding = wideEncoding(sample);
  if (encoding !== undefined)
    refuse(name, `the file is ${encoding}`, `Convert it: \`iconv -f ${encoding} -t UTF-8 FILE > NEW\`.`);
}

/** The format that a source's first bytes and name tell. Throws `E_DATA_SOURCE_FORMAT`. */
export function formatOf(name: string, sample: Uint8Array): SourceFormat {
  const extension = /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const magic = Buffer.from(sample.subarray(0, 4)).toString("latin1");
  if (magic === "PAR1") return "parquet";
  refuseWide(name, sample);
  const text = Buffer.from(sample)
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  const lineEnd = text.indexOf("\n");
  if (extension === "vtt" || text.startsWith("WEBVTT")) return "vtt";
  if (extension === "srt" || /^\d+\r?\n[\d:,]+ --> /.test(text)) return "srt";
  const firstLine = lineEnd < 0 ? text : text.slice(0, lineEnd);
  if (text.startsWith("["))
    return lineEnd >= 0 && isWholeJson(firstLine) && extension === "jsonl" ? "jsonl" : "json";
  if (extension === "jsonl" || extension === "ndjson") return "jsonl";
  if (text.startsWith("{") && extension !== "csv" && extension !== "tsv") {
    const rest = lineEnd < 0 ? "" : text.slice(lineEnd).trimStart();
    // A document on one line is a document: its lists may hold the items.
    const secondLine = rest.split("\n", 1)[0] as string;
    return rest.startsWith("{") && (isWholeJson(firstLine) || isWholeJson(secondLine)) ? "jsonl" : "json";
  }
  if (extension === "json") return "json";
  if (extension === "csv") return "csv";
  if (extension === "tsv" || extension === "tab") return "tsv";
  if (/[,;\t|]/.test(firstLine) && lineEnd > 0) return "csv";
  return refuse(name, "its format cannot be told");
}

/** Looks into a source: is it packed, which format does it have. */
export async function detectFormat(
  located: Located,
  name: string,
  said: SourceFormat | undefined,
): Promise<{ format: SourceFormat; packing: Packing | null }> {
  const start = await firstBytes(
    located.store.read(located.uri, { start: 0, end: sampleBytes }),
    sampleBytes,
  );
  const packing = packingOf(start);
  const sample =
    packing === null
      ? start
      : await firstBytes(unpack(located.store.read(located.uri), packing).chunks, sampleBytes);
  if (said !== undefined && said !== "parquet") refuseWide(name, sample);
  const format = said ?? formatOf(name, sample);
  // Its directory stands at the end: it is read from there, not unpacked on the way.
  if (format === "parquet" && packing !== null)
    refuse(name, "a packed Parquet file cannot be read", "Unpack it first.");
  return { format, packing };
}
