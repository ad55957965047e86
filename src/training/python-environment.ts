import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sha256, TrainingReadyError } from "../shared/index.ts";
import { packageRoot } from "./package-root.ts";

const least = [3, 11] as const;
const trainer = join(packageRoot, "trainer");
const venv = join(trainer, ".venv");

function versionOf(command: string): [number, number] | undefined {
  const probe = "import sys, venv, ensurepip; print(*sys.version_info[:2])";
  const { status, stdout } = spawnSync(command, ["-c", probe], { encoding: "utf8", timeout: 30_000 });
  if (status !== 0) return undefined;
  const [major, minor] = stdout.trim().split(" ").map(Number);
  return [major ?? 0, minor ?? 0];
}

/** A Python that can make environments, 3.11 or newer. Throws `E_PYTHON_MISSING`. */
export function findPython(environment: NodeJS.ProcessEnv): string {
  const named = environment["TRAINING_READY_PYTHON"];
  const tried = named ? [named] : ["python3", "python3.13", "python3.12", "python3.11", "python"];
  const found: string[] = [];
  for (const command of tried) {
    const version = versionOf(command);
    if (version === undefined) continue;
    if (version[0] > least[0] || (version[0] === least[0] && version[1] >= least[1])) return command;
    found.push(`${command} is ${version.join(".")}`);
  }
  throw new TrainingReadyError(
    "E_PYTHON_MISSING",
    `training needs Python ${least.join(".")} or newer with venv; ${found.length > 0 ? found.join(", ") : `none of ${tried.join(", ")} works`}`,
  );
}

const interpreter = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

function wantedHash(tests: boolean): string {
  const names = ["requirements.txt", ...(tests ? ["requirements-test.txt"] : [])];
  return sha256(names.map((name) => readFileSync(join(trainer, name), "utf8")).join("\0"));
}

const markerPath = (tests: boolean): string => join(venv, tests ? ".installed-tests" : ".installed");
const isInstalled = (tests: boolean): boolean =>
  existsSync(interpreter) &&
  existsSync(markerPath(tests)) &&
  readFileSync(markerPath(tests), "utf8") === wantedHash(tests);

function run(command: string, words: string[], notice: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      let rest = "";
      stream.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines)
          if (/^(?:Collecting|Downloading|Installing|ERROR|\s*error)/.test(line)) notice(`  ${line.trim()}`);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function withLock<T>(action: () => Promise<T>): Promise<T> {
  const lock = join(trainer, ".venv.lock");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new TrainingReadyError("E_WRITE_FAILED", `${lock} could not be written`, { cause: error });
      }
      const holder = Number(existsSync(lock) ? readFileSync(lock, "utf8") : 0);
      if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
      else await sleep(300);
    }
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * The Python that runs the worker: `TRAINING_READY_PYTHON` if set (it must have torch), else the project's own
 * environment `trainer/.venv`, made or brought up to date when requirements changed; with `tests` also what its tests
 * need. Progress goes to `notice`. Throws `E_PYTHON_MISSING`, `E_PYTHON_INSTALL`.
 */
export async function trainerPython(options: {
  environment: NodeJS.ProcessEnv;
  notice: (text: string) => void;
  tests?: boolean;
}): Promise<string> {
  const { environment, notice, tests = false } = options;
  const own = environment["TRAINING_READY_PYTHON"];
  if (own) {
    const { status } = spawnSync(own, ["-c", "import torch, numpy, safetensors, tokenizers"], {
      timeout: 120_000,
    });
    if (status === 0) return own;
    throw new TrainingReadyError(
      "E_PYTHON_MISSING",
      `${own} (TRAINING_READY_PYTHON) lacks torch, numpy, safetensors or tokenizers`,
      {
        hint: "Install trainer/requirements.txt there, or unset TRAINING_READY_PYTHON.",
      },
    );
  }
  if (isInstalled(tests)) return interpreter;
  return await withLock(async () => {
    if (isInstalled(tests)) return interpreter;
    const started = Date.now();
    notice("Setting up the trainer's Python environment (PyTorch for the CPU is about 200 MB, once) …");
    if (!existsSync(interpreter)) {
      const python = findPython(environment);
      mkdirSync(trainer, { recursive: true });
      if ((await run(python, ["-m", "venv", venv], notice)) !== 0)
        throw new TrainingReadyError("E_PYTHON_MISSING", `${python} -m venv ${venv} failed`);
    }
    const files = ["requirements.txt", ...(tests ? ["requirements-test.txt"] : [])];
    const words = [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      ...files.flatMap((one) => ["-r", join(trainer, one)]),
    ];
    if ((await run(interpreter, words, notice)) !== 0) {
      throw new TrainingReadyError(
        "E_PYTHON_INSTALL",
        `pip could not install ${files.join(" and ")} of trainer/`,
      );
    }
    writeFileSync(markerPath(tests), wantedHash(tests));
    if (tests) writeFileSync(markerPath(false), wantedHash(false));
    notice(`Python environment ready in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    return interpreter;
  });
}
