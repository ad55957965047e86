import { mkdtempSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commands } from "../../src/cli/commands.ts";
import { runProgram } from "../../src/cli/framework/run.ts";

/** A scratch folder with the given files. */
export function scratch(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "training-ready-data-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

type Ran = { code: number; out: string; err: string };

/** Runs the program as a user would, in `folder`, with a cache of its own. */
export const runIn = (folder: string, ...words: string[]): Promise<Ran> => runWith({}, folder, ...words);

/** The same, with variables of the environment. */
export async function runWith(
  environment: Record<string, string>,
  folder: string,
  ...words: string[]
): Promise<Ran> {
  let out = "";
  let err = "";
  const code = await runProgram(commands, words, {
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    isTerminal: false,
    environment: { TRAINING_READY_CACHE: join(folder, ".cache"), ...environment },
    cwd: folder,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

export const configOf = (
  sources: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
): string => JSON.stringify({ data: { sources, exports: [], ...more } });

type Listed = { path: string; records: number; bytes: number; sha256: string };
export type ReadManifest = {
  root: string;
  sources: { name: string; records: number; quarantined: number; written: number }[];
  conservation: Record<"read" | "written" | "quarantined" | "deduplicated" | "notSelected", number>;
  quarantined: Record<string, number>;
  splits: Record<string, { records: number; shards: Listed[] }>;
  quarantine: Listed[];
  dropped: Listed[];
  leakage: { edgesChecked: number; crossSplit: number };
  publishedSplits: { source: string; split: string; records: number; verbatimInTrain: number }[];
  duplicates: { source: string; exact: number; near: number; prefix: number }[];
};
export type ReadRecord = {
  split: string;
  id: string;
  messages: { role: string; content: string }[];
  source: string;
  stage: string;
  extra: string;
  provenance: { offset: number; length: number; shape: string; group: Record<string, string> };
};

export const readManifest = (out: string): ReadManifest =>
  JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as ReadManifest;

const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);

export function readDataSet(out: string): ReadRecord[] {
  return Object.entries(readManifest(out).splits).flatMap(([split, { shards }]) =>
    shards.flatMap((shard) =>
      lines(join(out, shard.path)).map((line) => ({ ...(JSON.parse(line) as ReadRecord), split })),
    ),
  );
}

export function readSidecar(out: string, kind: "quarantine" | "dropped") {
  return readManifest(out)[kind].flatMap((file) =>
    lines(join(out, file.path)).map(
      (line) =>
        JSON.parse(line) as {
          source: string;
          offset: number;
          length: number;
          code?: string;
          reason?: string;
        },
    ),
  );
}
