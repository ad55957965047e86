import { createReadStream } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

/** What one call writes: the rows of some JSON Lines files, in order, to one Parquet file. */
export type ParquetJob = { inputs: string[]; output: string; hasNames: boolean; hasTimes: boolean };

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function columnsOf(job: ParquetJob): Record<string, string> {
  const turn = ["role VARCHAR", "content VARCHAR"];
  if (job.hasNames) turn.push('"name" VARCHAR');
  if (job.hasTimes) turn.push("t0 DOUBLE", "t1 DOUBLE");
  return {
    v: "BIGINT",
    id: "VARCHAR",
    messages: `STRUCT(${turn.join(", ")})[]`,
    source: "VARCHAR",
    stage: "VARCHAR",
    labels: "JSON",
    extra: "VARCHAR",
    provenance: "JSON",
  };
}

type Lines = { count: number; bytes: number; longest: number };

async function measureLines(files: readonly string[]): Promise<Lines> {
  const lines: Lines = { count: 0, bytes: 0, longest: 0 };
  for (const file of files) {
    let begun = 0;
    for await (const read of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
      const chunk = read as Buffer;
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        lines.longest = Math.max(lines.longest, begun + end + 1 - start);
        lines.count++;
        begun = 0;
        start = end + 1;
      }
      begun += chunk.length - start;
      lines.bytes += chunk.length;
    }
  }
  return lines;
}

const spareBytes = 64 * 1024;
const groupBytes = 32 * 2 ** 20;
// DuckDB works on so many rows at once: no group is smaller.
const [leastRows, mostRows] = [2048, 10_240];

/** Rows of a group: what comes to some 32 MiB, since a group is held until it is written. */
function groupRows({ count, bytes }: Lines): number {
  const wanted = (groupBytes * count) / Math.max(1, bytes);
  return Math.min(mostRows, Math.max(leastRows, Math.floor(wanted / leastRows) * leastRows));
}

const usualMegabytes = 300;

/** Memory for DuckDB, in MB: more where the smallest group of rows is larger than the usual one. */
function memoryLimit(lines: Lines): number {
  const held = (Math.min(lines.count, groupRows(lines)) * lines.bytes) / Math.max(1, lines.count);
  return usualMegabytes + Math.ceil((4 * Math.max(0, held - groupBytes)) / 1e6);
}

/** Writes one Parquet file with DuckDB on one thread: with more the order of row groups would differ between runs. */
export async function writeParquet(job: ParquetJob): Promise<{ records: number }> {
  const lines = await measureLines(job.inputs);
  const memory = `${memoryLimit(lines)}MB`;
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: memory });
  const connection = await instance.connect();
  try {
    const columns = Object.entries(columnsOf(job)).map(([name, type]) => `${quoted(name)}: ${quoted(type)}`);
    const files = `[${job.inputs.map(quoted).join(", ")}]`;
    // Twice this is set aside for reading, whatever the lines are.
    const longest = lines.longest + spareBytes;
    const rows = `read_json(${files}, format='newline_delimited', maximum_object_size=${longest}, columns={${columns.join(", ")}})`;
    const casts = "* REPLACE (CAST(labels AS VARCHAR) AS labels, CAST(provenance AS VARCHAR) AS provenance)";
    await connection.run("SET preserve_insertion_order=true");
    await connection.run(
      `COPY (SELECT ${casts} FROM ${rows}) TO ${quoted(job.output)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows(lines)})`,
    );
    const counted = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER AS n FROM read_parquet(${quoted(job.output)})`,
    );
    return { records: Number(counted.getRowObjects()[0]?.["n"]) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
