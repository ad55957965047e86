import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { commands } from "../../src/cli/commands.ts";
import { runProgram } from "../../src/cli/framework/run.ts";

export const root = resolve(import.meta.dirname, "../..");

/** A scratch folder with the given files; `!` before a path makes it executable. */
export function scratch(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "training-ready-platforms-"));
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path.replace(/^!/, ""));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    if (path.startsWith("!")) chmodSync(place, 0o755);
  }
  return folder;
}

export type Outcome = { code: number; out: string; err: string };

/** Runs the program as a user would, in `folder`; programs of the platform come from `<folder>/bin` first. */
export async function runIn(
  folder: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const outcome: Outcome = { code: 0, out: "", err: "" };
  outcome.code = await runProgram(commands, words, {
    stdout: (text) => void (outcome.out += text),
    stderr: (text) => void (outcome.err += text),
    isTerminal: false,
    environment: {
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      TRAINING_READY_CACHE: join(folder, ".cache"),
      ...environment,
    },
    cwd: folder,
    signal: new AbortController().signal,
  });
  return outcome;
}

/** The program as an executable file, from sources: what jobs call. */
export function programFile(folder: string): string {
  const path = join(folder, "bin/training-ready");
  mkdirSync(dirname(path), { recursive: true });
  const tsx = join(root, "node_modules/tsx/dist/loader.mjs");
  const start = join(folder, "bin/start.mjs");
  writeFileSync(
    start,
    `const { main } = await import(${JSON.stringify(join(root, "src/cli/main.ts"))});\nawait main();\n`,
  );
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" --import "${tsx}" "${start}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
