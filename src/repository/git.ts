import { execFile, spawn } from "node:child_process";
import { TrainingReadyError } from "../shared/index.ts";

// Settings that would run somebody's program, even on a read: turned off for every call.
export const quietSettings = [
  "--no-optional-locks",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "diff.external=",
  "-c",
  "core.pager=cat",
  "-c",
  "core.quotePath=false",
  "-c",
  "safe.directory=*",
  "-c",
  "protocol.allow=never", // a partial clone must not fetch what is missing
];

// Names the user's configuration or identity; every other GIT_ variable could point git at another repository.
const kept =
  /^GIT_(?:AUTHOR_.*|COMMITTER_.*|EXEC_PATH|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|DISCOVERY_ACROSS_FILESYSTEM)$/;

/** The environment for git: no inherited repository, no prompt, no lazy fetch, stable messages. */
export function gitEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(environment)) {
    if (key.startsWith("GIT_") && !kept.test(key)) continue;
    clean[key] = value;
  }
  return { ...clean, GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1", LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
}

/**
 * Runs git in a folder and gives its stdout. Throws `E_NO_GIT` if git is not installed, `E_GIT` with git's first
 * line of complaint otherwise. `environment` is added to the cleaned one.
 */
export async function git(
  folder: string,
  args: readonly string[],
  options: { input?: string | Uint8Array; environment?: NodeJS.ProcessEnv } = {},
): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      [...quietSettings, ...args],
      {
        cwd: folder,
        env: { ...gitEnvironment(process.env), ...options.environment },
        maxBuffer: 2 ** 31,
        encoding: "buffer",
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if ((error as NodeJS.ErrnoException).code === "ENOENT") {
          reject(
            new TrainingReadyError("E_NO_GIT", "git is not installed", {
              hint: "Install git 2.39 or newer.",
              cause: error,
            }),
          );
        } else {
          const said = stderr.toString("utf8").split("\n")[0] ?? "";
          reject(new TrainingReadyError("E_GIT", `git ${args[0]}: ${said}`, { cause: error }));
        }
      },
    );
    if (options.input !== undefined) {
      child.stdin?.on("error", () => undefined); // git may close its end early: its exit status tells
      child.stdin?.end(options.input);
    }
  });
}

/** Runs git and gives stdout in chunks, for output that is too long to hold. Throws as `git`. */
export async function* gitStream(folder: string, args: readonly string[]): AsyncGenerator<Buffer, void> {
  const child = spawn("git", [...quietSettings, ...args], {
    cwd: folder,
    env: gitEnvironment(process.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (complaint.length < 4096) complaint += chunk.toString("utf8");
  });
  const closed = new Promise<number | Error>((resolve) => {
    child.on("error", resolve);
    child.on("close", (code) => resolve(code ?? 1));
  });
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
  } finally {
    if (child.exitCode === null) child.kill();
  }
  const outcome = await closed;
  if (outcome instanceof Error) {
    throw new TrainingReadyError("E_NO_GIT", "git is not installed", {
      hint: "Install git 2.39 or newer.",
      cause: outcome,
    });
  }
  if (outcome !== 0)
    throw new TrainingReadyError("E_GIT", `git ${args[0]}: ${complaint.split("\n")[0] ?? ""}`);
}
