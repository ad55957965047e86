import { resolve } from "node:path";
import { commands } from "./commands.ts";
import { runProgram } from "./framework/run.ts";

/** The program: runs the words after the script's name and leaves with the command's exit code. */
export async function main(words: readonly string[] = process.argv.slice(2)): Promise<void> {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => controller.abort(signal));
  }
  // A reader that goes away (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  process.exitCode = await runProgram(commands, words, {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stdin.isTTY && process.stderr.isTTY,
    stdoutIsTerminal: process.stdout.isTTY,
    environment: process.env,
    cwd: resolve(process.env["INIT_CWD"] ?? process.cwd()),
    signal: controller.signal,
  });
}
