import { spawn } from "node:child_process";
import { TrainingReadyError } from "../../shared/index.ts";

export type RcloneOptions = {
  /** Environment of the program: its remotes and their secrets are there, never in a command line. */
  environment: NodeJS.ProcessEnv;
  secrets: readonly string[];
};

const errorKept = 4000;
// rclone's exit codes: 3 directory not found, 4 file not found (https://rclone.org/docs/#exit-code).
const absentCodes: ReadonlySet<number> = new Set([3, 4]);

function refusal(status: number, stderr: string, secrets: readonly string[]): Error {
  let line = stderr.trim().split("\n").at(-1) ?? "";
  for (const secret of secrets) line = line.replaceAll(secret, "***");
  const said = `rclone ended with ${status}: ${line.slice(0, 300)}`;
  if (/\b401\b|invalid_grant|invalid credentials|token expired|couldn't fetch token/i.test(stderr))
    return new TrainingReadyError("E_PLATFORM_CREDENTIALS", said, { exitCode: 1 });
  if (/\b403\b(?!.*rateLimit)|insufficient ?permission/i.test(stderr))
    return new TrainingReadyError("E_SYNC_DENIED", said, { exitCode: 1 });
  if (absentCodes.has(status)) return new TrainingReadyError("E_PLATFORM_DATA", said, { exitCode: 1 });
  if (/didn't find section in config file/i.test(stderr))
    return new TrainingReadyError("E_PLATFORM_CREDENTIALS", said, {
      exitCode: 1,
      hint: "TRAINING_READY_RCLONE_REMOTE names a remote of `rclone config`.",
    });
  return new TrainingReadyError("E_DATA_REMOTE", said);
}

/** Bytes that an rclone command prints. Throws where it ends with an error; its absence is `E_PLATFORM_TOOL`. */
export async function* rcloneBytes(
  words: readonly string[],
  { environment, secrets }: RcloneOptions,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const child = spawn("rclone", [...words, "--ask-password=false"], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (chunk: string) => {
    stderr = (stderr + chunk).slice(-errorKept);
  });
  const ended = new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.on("error", resolve);
    child.on("close", (code) => resolve(code ?? 1));
  });
  const stop = (): void => void child.kill("SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    const status = await ended;
    if (signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "the sync was interrupted");
    if (typeof status !== "number")
      throw new TrainingReadyError("E_PLATFORM_TOOL", `rclone cannot be started: ${status.code}`, {
        cause: status,
      });
    if (status !== 0) throw refusal(status, stderr, secrets);
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

/** What an rclone command prints, as text. */
export async function rcloneText(
  words: readonly string[],
  options: RcloneOptions,
  signal?: AbortSignal,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of rcloneBytes(words, options, signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
