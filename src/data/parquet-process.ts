import { writeParquet, type ParquetJob } from "./parquet.ts";

// A program of its own, so that DuckDB's memory goes with it: jobs as JSON on stdin, counts as JSON on stdout.
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const jobs = JSON.parse(Buffer.concat(chunks).toString("utf8")) as ParquetJob[];
const results: { records: number }[] = [];
for (const job of jobs) results.push(await writeParquet(job));
process.stdout.write(JSON.stringify(results));
