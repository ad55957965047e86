import { execFile } from "node:child_process";
import { access, constants, mkdir, statfs } from "node:fs/promises";
import { cacheFolder, TrainingReadyError } from "../shared/index.ts";

/** One thing that the program may need: `missing` and `outdated` matter only where `required`. */
export type Check = {
  name: string;
  state: "ok" | "missing" | "outdated" | "unusable";
  found: string;
  required: boolean;
  neededFor: string;
  /** How to get it; absent where all is well. */
  hint?: string;
};

type Program = {
  name: string;
  commands: readonly (readonly string[])[];
  least?: readonly [number, number];
  required: boolean;
  neededFor: string;
  hint: string;
};

const programs: readonly Program[] = [
  {
    name: "git",
    commands: [["git", "--version"]],
    least: [2, 30],
    required: true,
    neededFor: "audit of history, plan, apply, undo",
    hint: "Install git from your system's packages or git-scm.com.",
  },
  {
    name: "Python",
    commands: [
      ["python3", "--version"],
      ["python", "--version"],
    ],
    least: [3, 11],
    required: true,
    neededFor: "training (its packages are installed into the project's own environment)",
    hint: "Install Python 3.11 or newer with venv.",
  },
  {
    name: "NVIDIA GPU",
    commands: [["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]],
    required: false,
    neededFor: "recipes for large models; tiny runs on the CPU",
    hint: "Without one, train on a rented GPU: see `training-ready platform`.",
  },
  {
    name: "PostgreSQL",
    commands: [["psql", "--version"]],
    required: false,
    neededFor: "progress tracking on a server of its own (SQLite is the default)",
    hint: "Install postgresql from your system's packages.",
  },
  {
    name: "Redis",
    commands: [["redis-server", "--version"]],
    required: false,
    neededFor: "data jobs over several machines",
    hint: "Install redis-server from your system's packages.",
  },
  {
    name: "Slurm",
    commands: [["sbatch", "--version"]],
    required: false,
    neededFor: "job arrays and training on a cluster",
    hint: "Run on a login node of the cluster.",
  },
  {
    name: "Docker",
    commands: [["docker", "--version"]],
    required: false,
    neededFor: "building images",
    hint: "Install Docker or a compatible builder.",
  },
];

function firstLine(command: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command[0] as string, command.slice(1), { timeout: 10_000 }, (error, stdout, stderr) => {
      const text = (stdout === "" ? stderr : stdout).split("\n")[0]?.trim() ?? "";
      resolve(error === null ? text : undefined);
    });
  });
}

async function checkProgram(program: Program): Promise<Check> {
  const base = { name: program.name, required: program.required, neededFor: program.neededFor };
  for (const command of program.commands) {
    const found = await firstLine(command);
    if (found === undefined) continue;
    const version = /(\d+)\.(\d+)/.exec(found);
    const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
    const least = program.least;
    if (least !== undefined && (major < least[0] || (major === least[0] && minor < least[1]))) {
      return {
        ...base,
        state: "outdated",
        found,
        hint: `${least.join(".")} or newer is needed. ${program.hint}`,
      };
    }
    return { ...base, state: "ok", found };
  }
  return { ...base, state: "missing", found: "", hint: program.hint };
}

async function checkCache(environment: NodeJS.ProcessEnv): Promise<Check> {
  const folder = cacheFolder(environment);
  const base = {
    name: "cache folder",
    required: false,
    neededFor: "a second audit that is nearly free",
    found: folder,
  };
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return { ...base, state: "ok" };
  } catch {
    return { ...base, state: "unusable", hint: "Set TRAINING_READY_CACHE to a folder that you can write." };
  }
}

async function checkDisk(folder: string): Promise<Check> {
  const facts = await statfs(folder);
  const gigabytes = (facts.bavail * facts.bsize) / 1e9;
  const base = {
    name: "free disk",
    required: false,
    neededFor: "the training environment (1 GB), data and checkpoints",
    found: `${gigabytes.toFixed(1)} GB`,
  };
  return gigabytes >= 5
    ? { ...base, state: "ok" }
    : { ...base, state: "unusable", hint: "Free some space: 5 GB is a comfortable least." };
}

/** The tracker's server, where a home's settings name one; SQLite needs nothing. */
async function checkTracker(cwd: string): Promise<Check[]> {
  const base = { name: "tracker database", required: true, neededFor: "the progress tracker of this home" };
  let place = "";
  try {
    const { databaseSetting, serverVersion } = await import("../progress/index.ts");
    const setting = await databaseSetting(cwd);
    if (setting.kind === "sqlite") return [];
    place = setting.place;
    return [{ ...base, state: "ok", found: `PostgreSQL ${serverVersion(setting)} at ${place}` }];
  } catch (error) {
    if (!(error instanceof TrainingReadyError)) throw error;
    return [{ ...base, state: "unusable", found: place, hint: `${error.message}. ${error.hint}` }];
  }
}

/** Looks at this machine: programs, cache, disk. Runs version queries and connects to the tracker's server. */
export async function checkMachine(input: { environment: NodeJS.ProcessEnv; cwd: string }): Promise<Check[]> {
  const node: Check = {
    name: "Node.js",
    state: "ok",
    found: process.version,
    required: true,
    neededFor: "everything",
  };
  return [
    node,
    ...(await Promise.all(programs.map(checkProgram))),
    await checkCache(input.environment),
    await checkDisk(input.cwd),
    ...(await checkTracker(input.cwd)),
  ];
}
