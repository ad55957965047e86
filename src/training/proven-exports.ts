import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { sha256File, writeFileAtomic, type TensorType } from "../shared/index.ts";
import type { Parity } from "./export/parity.ts";
import { runPaths } from "./run-folder.ts";

/** A GGUF file of a run that llama.cpp was shown to compute as trained. */
export type ProvenExport = {
  path: string;
  type: TensorType;
  /** SHA-256 of the final weights that it was made from, and of the file itself. */
  weights: string;
  sha256: string;
  bytes: number;
  madeAt: string;
  parity: Parity;
};

const listOf = (run: string): string => join(run, "exports.json");

async function read(run: string): Promise<ProvenExport[]> {
  if (!existsSync(listOf(run))) return [];
  return (JSON.parse(await readFile(listOf(run), "utf8")) as { exports: ProvenExport[] }).exports;
}

/** Notes a proven GGUF file in the run's `exports.json`; a path inside the run is kept relative. */
export async function recordExport(
  run: string,
  made: { folder: string; type: TensorType; parity: Parity },
): Promise<void> {
  const name = (await readdir(made.folder)).find((one) => one.endsWith(".gguf"));
  if (name === undefined || !made.parity.ok) return;
  const full = resolve(made.folder, name);
  const path = full.startsWith(`${resolve(run)}/`) ? full.slice(resolve(run).length + 1) : full;
  const entry: ProvenExport = {
    path,
    type: made.type,
    weights: await sha256File(join(runPaths(run).final, "adapter.safetensors")),
    sha256: await sha256File(full),
    bytes: (await stat(full)).size,
    madeAt: new Date().toISOString(),
    parity: made.parity,
  };
  const others = (await read(run)).filter((one) => one.path !== path);
  await writeFileAtomic(
    listOf(run),
    `${JSON.stringify({ version: 1, exports: [...others, entry] }, null, 1)}\n`,
  );
}

/**
 * The newest GGUF file of a run's present final weights that was proven and is still there with the same size;
 * undefined where none is: export one.
 */
export async function newestProvenExport(run: string): Promise<ProvenExport | undefined> {
  const found = await read(run);
  if (found.length === 0) return undefined;
  const weights = await sha256File(join(runPaths(run).final, "adapter.safetensors"));
  for (const one of found.toReversed()) {
    const path = isAbsolute(one.path) ? one.path : join(run, one.path);
    if (one.weights !== weights || !existsSync(path)) continue;
    if ((await stat(path)).size === one.bytes) return { ...one, path };
  }
  return undefined;
}
