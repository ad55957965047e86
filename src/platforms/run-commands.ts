import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import type { Ask } from "./action.ts";
import { modeOf, shellLine, type Command, type Rendered } from "./rendered.ts";

export type Done = { argv: string[]; status: number; stdout: string };

type Running = {
  environment: NodeJS.ProcessEnv;
  cwd: string;
  signal?: AbortSignal | undefined;
  /** Output as it comes. */
  print?: ((text: string) => void) | undefined;
};

const keptLimit = 1_000_000;

function start(
  argv: readonly string[],
  options: Running,
): Promise<{ status: number; stdout: string; stderr: string } | undefined> {
  const [program, ...words] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program as string, words, {
      cwd: options.cwd,
      env: options.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (chunk: string) => {
        if (text[name].length < keptLimit) text[name] += chunk;
        options.print?.(chunk);
      });
    }
    const stop = (): void => void child.kill("SIGTERM");
    options.signal?.addEventListener("abort", stop, { once: true });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.on("close", (code, signal) => {
      options.signal?.removeEventListener("abort", stop);
      resolve({ status: code ?? (signal === null ? 1 : 128), ...text });
    });
  });
}

/** Asks a program; gives undefined where it is not installed. */
export function asker(options: Omit<Running, "print">): Ask {
  return (argv) => start(argv, options);
}

async function isInstalled(program: string, options: Running): Promise<boolean> {
  const folders = program.includes("/") ? [""] : (options.environment["PATH"] ?? "").split(delimiter);
  for (const folder of folders) {
    try {
      await access(join(folder, program), constants.X_OK);
      return true;
    } catch {
      // The next folder.
    }
  }
  return false;
}

/** Fills `{name}` by what earlier commands printed. */
function filled(argv: readonly string[], kept: ReadonlyMap<string, string>): string[] {
  return argv.map((word) =>
    word.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => kept.get(name) ?? whole),
  );
}

/** Writes the files of a rendering below a folder, each whole. */
export async function writeRendered(rendered: Rendered, folder: string): Promise<void> {
  for (const file of rendered.files)
    await writeFileAtomic(join(folder, file.path), file.text, { mode: modeOf(file) });
}

async function runOne(command: Command, options: Running, kept: Map<string, string>): Promise<Done[]> {
  const tried: Done[] = [];
  for (const words of [command.argv, command.otherwise]) {
    if (words === undefined) continue;
    const argv = filled(words, kept);
    const result = await start(argv, options);
    if (result === undefined)
      throw new TrainingReadyError("E_PLATFORM_TOOL", `${argv[0]} is not installed`, { exitCode: 2 });
    tried.push({ argv, status: result.status, stdout: result.stdout });
    if (result.status === 0) {
      if (command.keep !== undefined) {
        const printed = result.stdout.trim();
        if (!/^[\w:.-]+$/.test(printed))
          throw new TrainingReadyError(
            "E_PLATFORM_COMMAND",
            `${argv[0]} printed no id that can be used further`,
          );
        kept.set(command.keep, printed);
      }
      return tried;
    }
  }
  return tried;
}

/**
 * Writes the files and runs the commands, in order, without a shell. Nothing is written if a program is missing; the
 * first command that fails ends it. Throws `E_PLATFORM_TOOL`, `E_PLATFORM_COMMAND`.
 */
export async function carryOut(rendered: Rendered, folder: string, options: Running): Promise<Done[]> {
  for (const { argv } of rendered.commands) {
    const program = argv[0] as string;
    if (!(await isInstalled(program, options)))
      throw new TrainingReadyError("E_PLATFORM_TOOL", `${program} is not installed; nothing was done`);
  }
  await writeRendered(rendered, folder);
  const done: Done[] = [];
  const kept = new Map<string, string>();
  for (const [index, command] of rendered.commands.entries()) {
    if (options.signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "the command was interrupted");
    done.push(...(await runOne(command, options, kept)));
    const last = done.at(-1) as Done;
    if (last.status !== 0) {
      const before =
        index === 0 ? "nothing ran before it" : `${index} of ${rendered.commands.length} ran before it`;
      throw new TrainingReadyError(
        "E_PLATFORM_COMMAND",
        `\`${shellLine(last.argv)}\` ended with ${last.status}; ${before}`,
      );
    }
  }
  return done;
}
