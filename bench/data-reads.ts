// Parquet against JSON Lines per kind of read: npx tsx bench/data-reads.ts [MB, default 48] [ROUNDS, default 5]
// Builds a data set of synthetic conversations. Ways are interleaved in one process, least CPU of the rounds (user and
// system, DuckDB on one thread).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { jsonLinesScanner } from "../src/records/index.ts";
import { writeConversations } from "./data-corpus.ts";

const [megabytes = "48", rounds = "5"] = process.argv.slice(2);

const scratch = mkdtempSync(join(tmpdir(), "training-ready-reads-"));
const mega = (bytes: number): number => Math.round(bytes / 1e5) / 10;

function build(): void {
  const main = new URL("../src/cli/main.ts", import.meta.url).href;
  const script = `import(${JSON.stringify(main)}).then((m) => m.main(process.argv.slice(1)))`;
  const words = ["data", "build", "--home", scratch, "--out", join(scratch, "out"), "--workers", "1"];
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script, "--", ...words], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
    env: { ...process.env, TRAINING_READY_CACHE: join(scratch, "cache") },
  });
  if (status !== 0) throw new Error(stderr);
}

try {
  const corpus = join(scratch, "a.jsonl");
  writeConversations(corpus, Number(megabytes));
  writeFileSync(
    join(scratch, "training-ready.yaml"),
    JSON.stringify({
      data: {
        sources: [{ name: "a", uri: "a.jsonl", licence: "CC0-1.0" }],
        split: { train: 1, validation: 0, test: 0 },
        shard_records: 1e7,
        exports: ["parquet"],
      },
    }),
  );
  build();
  const lines = join(scratch, "out/train/stage1_foundation-00000.jsonl");
  const parquet = join(scratch, "out/parquet/train.parquet");
  const file = await asyncBufferFromFile(parquet);
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  const wanted = Math.floor(total * 0.7);
  const groupRows = Number(metadata.row_groups[0]?.num_rows);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const sql = async (text: string): Promise<number> =>
    (await connection.runAndReadAll(text)).getRowObjects().length;
  const json = `read_json('${lines}', format='newline_delimited', maximum_object_size=134217728)`;
  const table = `read_parquet('${parquet}')`;

  type Row = { id: string; stage: string; labels: { pii: string } };
  const allLines = (): Row[] =>
    readFileSync(lines, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Row);
  /** Reads the shard in pieces, without holding it. */
  async function scan(take: (value: Row, index: number) => boolean | void): Promise<number> {
    const scanner = jsonLinesScanner({ maxItemBytes: 2 ** 23 });
    let index = 0;
    for await (const chunk of createReadStream(lines, { highWaterMark: 2 ** 18 }))
      for (const item of scanner.push(chunk as Uint8Array))
        if (item.ok && take(item.value as Row, index++) === true) return index;
    return index;
  }
  /** Finds a line by counting line ends and parses it alone. */
  async function lineAt(number: number): Promise<Row> {
    const handle = await open(lines);
    const buffer = Buffer.alloc(2 ** 18);
    let [seen, position, start] = [0, 0, 0];
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) throw new Error("the file ends");
        for (let at = buffer.indexOf(10); at >= 0 && at < bytesRead; at = buffer.indexOf(10, at + 1)) {
          if (seen++ === number) {
            const line = Buffer.alloc(position + at - start);
            await handle.read(line, 0, line.length, start);
            return JSON.parse(line.toString()) as Row;
          }
          start = position + at + 1;
        }
        position += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }
  const rowsOf = async (rowStart: number, rowEnd: number, columns?: string[]): Promise<Row[]> =>
    (await parquetReadObjects({
      file,
      metadata,
      compressors,
      rowStart,
      rowEnd,
      ...(columns === undefined ? {} : { columns }),
    })) as Row[];
  const groupsOf = async (columns?: string[]): Promise<number> => {
    let seen = 0;
    for (let start = 0; start < total; start += groupRows)
      seen += (await rowsOf(start, Math.min(total, start + groupRows), columns)).length;
    return seen;
  };
  const labelled = (row: Row): boolean => row.labels.pii !== "";
  const labelledText = (row: Row): boolean =>
    (JSON.parse(row.labels as unknown as string) as { pii: string }).pii !== "";

  const kinds: Record<string, Record<string, () => Promise<number>>> = {
    "all records, whole": {
      "lines, load all": async () => allLines().length,
      "lines, one by one (ours)": () => scan(() => false),
      "Parquet, load all": async () => (await rowsOf(0, total)).length,
      "Parquet, by group (ours)": () => groupsOf(),
      "lines, SQL": () => sql(`SELECT * FROM ${json}`),
      "Parquet, SQL": () => sql(`SELECT * FROM ${table}`),
    },
    "two columns of all": {
      "lines, load all": async () => allLines().map(({ id, stage }) => id + stage).length,
      "lines, one by one (ours)": () => scan(({ id, stage }) => id + stage === ""),
      "Parquet, load all": async () => (await rowsOf(0, total)).length,
      "Parquet, by group (ours)": () => groupsOf(["id", "stage"]),
      "lines, SQL": () => sql(`SELECT id, stage FROM ${json}`),
      "Parquet, SQL": () => sql(`SELECT id, stage FROM ${table}`),
    },
    "one record by number": {
      "lines, load all": async () => (allLines()[wanted] as Row).id.length,
      "lines, one by one (ours)": async () => (await lineAt(wanted)).id.length,
      "Parquet, load all": async () => ((await rowsOf(0, total))[wanted] as Row).id.length,
      "Parquet, by group (ours)": async () => ((await rowsOf(wanted, wanted + 1))[0] as Row).id.length,
      "lines, SQL": () => sql(`SELECT * FROM ${json} LIMIT 1 OFFSET ${wanted}`),
      "Parquet, SQL": () =>
        sql(
          `SELECT * FROM ${table} WHERE file_row_number = ${wanted}`.replace(
            "')",
            "', file_row_number=true)",
          ),
        ),
    },
    "records with a label": {
      "lines, load all": async () => allLines().filter(labelled).length,
      "lines, one by one (ours)": async () => {
        let found = 0;
        await scan((row) => void (found += labelled(row) ? 1 : 0));
        return found;
      },
      "Parquet, load all": async () => (await rowsOf(0, total)).filter(labelledText).length,
      "Parquet, by group (ours)": async () => {
        let found = 0;
        for (let start = 0; start < total; start += groupRows) {
          const end = Math.min(total, start + groupRows);
          const hits = (await rowsOf(start, end, ["labels"])).map(labelledText);
          if (hits.includes(true)) found += (await rowsOf(start, end)).filter((_, at) => hits[at]).length;
        }
        return found;
      },
      "lines, SQL": () => sql(`SELECT * FROM ${json} WHERE labels.pii <> ''`),
      "Parquet, SQL": () => sql(`SELECT * FROM ${table} WHERE labels->>'pii' <> ''`),
    },
  };
  process.stdout.write(
    `${total} records; JSON Lines ${mega(statSync(lines).size)} MB, Parquet ${mega(statSync(parquet).size)} MB in ${metadata.row_groups.length} groups\nCPU milliseconds, least of ${rounds}\n`,
  );
  for (const [kind, ways] of Object.entries(kinds)) {
    const best: Record<string, number> = {};
    const counts = new Map<string, number>();
    for (let round = 0; round < Number(rounds); round++)
      for (const [name, way] of Object.entries(ways)) {
        const from = process.cpuUsage();
        counts.set(name, await way());
        const { user, system } = process.cpuUsage(from);
        best[name] = Math.min(best[name] ?? Infinity, Math.round((user + system) / 100) / 10);
      }
    // One record comes as the length of its id here, as one row there.
    if (kind !== "one record by number" && new Set(counts.values()).size !== 1)
      throw new Error(`${kind}: ${JSON.stringify([...counts])}`);
    process.stdout.write(`${kind} (${[...counts.values()].at(-1)})\n${JSON.stringify(best)}\n`);
  }
  connection.closeSync();
  instance.closeSync();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
