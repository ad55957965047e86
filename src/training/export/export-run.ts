import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { drain, TrainingReadyError, type TensorType } from "../../shared/index.ts";
import { runWorker, type RunOptions } from "../launcher.ts";
import { modelCard } from "../model-card.ts";
import { recordExport } from "../proven-exports.ts";
import { readRunRecipe, runPaths, runStatus } from "../run-folder.ts";
import { convertToGguf } from "./gguf-model.ts";
import { checkParity, type Parity } from "./parity.ts";

export const exportFormats = ["hf", "dense", "adapters", "gguf"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type ExportResult = {
  format: ExportFormat;
  out: string;
  files: { path: string; bytes: number }[];
  quantize: TensorType | null;
  parity: Parity | null;
};

function refuse(message: string, hint?: string): never {
  throw new TrainingReadyError("E_TRAIN_OUT_EXISTS", message, { exitCode: 1, ...(hint ? { hint } : {}) });
}

async function work(options: RunOptions, command: string, words: readonly string[]): Promise<void> {
  const threads = readRunRecipe(options.run).threads ?? 1;
  const end = await drain(runWorker({ ...options, command, words, threads }));
  if (end.error !== undefined) throw end.error;
}

async function listed(folder: string): Promise<{ path: string; bytes: number }[]> {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(
    names.map(async (path) => ({ path, facts: await stat(join(folder, path)) })),
  );
  return found
    .filter(({ facts }) => facts.isFile())
    .map(({ path, facts }) => ({ path, bytes: facts.size }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

// What the Hugging Face folder behind a GGUF file is written in: enough for the type, no more than the base has.
const between: Readonly<Record<TensorType, readonly string[]>> = {
  F32: ["--dtype", "F32"],
  F16: ["--dtype", "F32"],
  BF16: ["--dtype", "BF16"],
  Q8_0: ["--dtype", "F32"],
};

async function exportGguf(options: RunOptions, out: string, type: TensorType): Promise<Parity> {
  const scratch = await mkdtemp(join(dirname(out), `.${basename(out)}-`));
  try {
    const folder = join(scratch, "hf");
    await work(options, "export", ["--form", "mixture", "--out", folder, ...between[type]]);
    const made = join(scratch, `${basename(options.run)}-${type}.gguf`);
    await convertToGguf(folder, made, type);
    const scores = join(scratch, "scores.json");
    await work(options, "score", ["--out", scores, "--count", "2000"]);
    const parity = await checkParity(made, scores, type);
    // An fp32 file that computes something else is wrong, whatever the reason; a rounded one is reported.
    if (parity.positions === 0)
      throw new TrainingReadyError(
        "E_TRAIN_PARITY",
        "no held-out position could be compared: the router is undecided from the first token on, or there is no text",
        { exitCode: 2, hint: "Train longer, or with more validation conversations." },
      );
    if (!parity.ok && (type === "F32" || parity.tokenizerEqual < parity.tokenizerTexts)) {
      const said = `${parity.tokenizerEqual} of ${parity.tokenizerTexts} texts give the same tokens, largest difference of a probability ${parity.maxDifference} over ${parity.positions} positions`;
      throw new TrainingReadyError(
        "E_TRAIN_PARITY",
        `the GGUF file does not compute what was trained: ${said}`,
        { exitCode: 2 },
      );
    }
    await mkdir(out, { recursive: true });
    await rename(made, join(out, basename(made)));
    for (const name of [
      "tokenizer.json",
      "tokenizer_config.json",
      "chat_template.jinja",
      "generation_config.json",
    ])
      if (existsSync(join(folder, name))) await cp(join(folder, name), join(out, name));
    return parity;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Exports a finished run. A GGUF file is compared with the trained model by llama.cpp before it is put in place.
 * Throws `E_TRAIN_OUT_EXISTS`, `E_TRAIN_UNFINISHED`, `E_TRAIN_GGUF`, `E_TRAIN_PARITY`.
 */
export async function exportRun(
  options: RunOptions & { format: ExportFormat; out: string; quantize?: TensorType },
): Promise<ExportResult> {
  const { run, format, out, quantize } = options;
  if (existsSync(out) && (!(await stat(out)).isDirectory() || (await readdir(out)).length > 0))
    refuse(`${out} is not empty`);
  if (quantize === "Q8_0" && format !== "gguf") {
    throw new TrainingReadyError("E_CLI_ARGUMENT", "Q8_0 is a GGUF type", {
      hint: "Use --format gguf, or F32, F16, BF16.",
    });
  }
  if (!existsSync(join(runPaths(run).final, "adapter.json"))) {
    const { status } = runStatus(run);
    throw new TrainingReadyError("E_TRAIN_UNFINISHED", `${run} has no final weights: it is ${status}`, {
      exitCode: 1,
    });
  }
  await mkdir(dirname(out), { recursive: true });
  let parity: Parity | null = null;
  if (format === "gguf") parity = await exportGguf(options, out, quantize ?? "F32");
  else
    await work(options, "export", [
      "--form",
      format,
      "--out",
      out,
      ...(quantize ? ["--dtype", quantize] : []),
    ]);
  const card = modelCard(run, {
    format,
    quantize: format === "gguf" ? (quantize ?? "F32") : (quantize ?? null),
    parity,
  });
  await writeFile(join(out, "README.md"), card);
  await writeFile(runPaths(run).card, card);
  if (parity !== null) await recordExport(run, { folder: out, type: quantize ?? "F32", parity });
  return {
    format,
    out,
    files: await listed(out),
    quantize: format === "gguf" ? (quantize ?? "F32") : (quantize ?? null),
    parity,
  };
}
