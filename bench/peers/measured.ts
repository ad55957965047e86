import { spawnSync } from "node:child_process";

/** What a command took with all its children: CPU seconds, and the largest process in megabytes. */
export type Cost = { seconds: number; megabytes: number };

export type Ran = { stdout: string; stderr: string; status: number; cost: Cost };

// getrusage(RUSAGE_CHILDREN), which Node does not offer: the whole tree of children that were waited for.
const meter = `
import json, os, resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 2 ** 20 if sys.platform == "darwin" else 2 ** 10
os.write(3, json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / unit, status]).encode())
`;

/** Runs a command to its end and measures it; its own exit code is no failure. Throws if it cannot be started. */
export function measured(
  command: readonly string[],
  options: { cwd: string; environment?: NodeJS.ProcessEnv },
): Ran {
  const ran = spawnSync("python3", ["-c", meter, ...command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    maxBuffer: 2 ** 30,
  });
  const said = ran.output?.[3]?.toString();
  if (said === undefined || said === "") {
    throw new Error(`${command[0]} was not measured: ${ran.error?.message ?? ran.stderr.toString().trim()}`);
  }
  const [seconds, megabytes, status] = JSON.parse(said) as [number, number, number];
  return {
    stdout: ran.stdout.toString(),
    stderr: ran.stderr.toString(),
    status,
    cost: { seconds, megabytes },
  };
}
