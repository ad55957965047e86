import { spawn } from "node:child_process";
import { mkdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sha256File } from "../shared/index.ts";
import type { ParquetJob } from "./parquet.ts";
import { splitNames, type ListedFile, type Manifest } from "./schema.ts";

function programWords(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const file = fileURLToPath(
    new URL(isSource ? "./parquet-process.ts" : "./parquet-process.js", import.meta.url),
  );
  if (!isSource) return [file];
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return ["--import", loader, file];
}

function runJobs(
  jobs: readonly ParquetJob[],
): Promise<{ ok: true; records: number[] } | { ok: false; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, programWords(), { stdio: ["pipe", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.on("error", (error) => resolve({ ok: false, said: error.message }));
    child.on("close", (code) => {
      const lines = err.split("\n").filter((line) => line.trim() !== "");
      const said = lines.find((line) => line.includes("Error")) ?? lines[0] ?? `it ended with ${code}`;
      if (code !== 0) resolve({ ok: false, said });
      else
        resolve({
          ok: true,
          records: (JSON.parse(out) as { records: number }[]).map(({ records }) => records),
        });
    });
    child.stdin.on("error", () => undefined); // the reason comes by its exit
    child.stdin.end(JSON.stringify(jobs));
  });
}

/**
 * Writes `parquet/<split>.parquet` in a process of its own. Where that cannot be (no DuckDB for the platform), no
 * Parquet is written and the reason is returned as a warning.
 */
export async function exportParquet(
  folder: string,
  splits: Manifest["splits"],
  columns: { name: boolean; time: boolean },
): Promise<{ files: ListedFile[]; warning?: string }> {
  const names = splitNames.filter((split) => splits[split].records > 0);
  const jobs = names.map((split): ParquetJob => ({
    inputs: splits[split].shards.map(({ path }) => join(folder, path)),
    output: join(folder, "parquet", `${split}.parquet`),
    hasNames: columns.name,
    hasTimes: columns.time,
  }));
  if (jobs.length === 0) return { files: [] };
  await mkdir(join(folder, "parquet"), { recursive: true });
  const result = await runJobs(jobs);
  const counts = result.ok ? result.records : [];
  const isWhole = names.every((split, index) => counts[index] === splits[split].records);
  if (!result.ok || !isWhole) {
    await rm(join(folder, "parquet"), { recursive: true, force: true });
    return {
      files: [],
      warning: `parquet/ was not written: ${result.ok ? "rows are missing" : result.said}`,
    };
  }
  const files: ListedFile[] = [];
  for (const [index, split] of names.entries()) {
    const path = `parquet/${split}.parquet`;
    const { size } = await stat(join(folder, path));
    files.push({
      path,
      records: counts[index] as number,
      bytes: size,
      sha256: await sha256File(join(folder, path)),
    });
  }
  return { files };
}
