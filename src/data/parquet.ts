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

/** Writes one Parquet file with DuckDB on one thread: with more the order of row groups would differ between runs. */
export async function writeParquet(job: ParquetJob): Promise<{ records: number }> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "300MB" });
  const connection = await instance.connect();
  try {
    const columns = Object.entries(columnsOf(job)).map(([name, type]) => `${quoted(name)}: ${quoted(type)}`);
    const files = `[${job.inputs.map(quoted).join(", ")}]`;
    const rows = `read_json(${files}, format='newline_delimited', maximum_object_size=134217728, columns={${columns.join(", ")}})`;
    const casts = "* REPLACE (CAST(labels AS VARCHAR) AS labels, CAST(provenance AS VARCHAR) AS provenance)";
    await connection.run("SET preserve_insertion_order=true");
    await connection.run(
      `COPY (SELECT ${casts} FROM ${rows}) TO ${quoted(job.output)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10000)`,
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
