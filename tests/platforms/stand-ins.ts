import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const logging = `#!/bin/sh
printf '%s\\n' "$0 $*" >> "$STAND_IN_LOG"
case "$(basename "$0") $1" in
  "kubectl version") echo "Client Version: v1.36.0";;
  "sinfo "*) echo "low*|infinite|(null)|up";;
  "sbatch --parsable") echo 42;;
  "squeue "*) echo "42 training RUNNING";;
esac
case "$*" in *"can-i create jobs"*) echo yes;; *allocatable*) echo 8;; *"job list"*--json*) echo "[]";; esac
`;

/** Programs of the platforms, none of them real: each takes what it gets and writes it down; \`ovhai\` checks it. */
export function standIns(folder: string): NodeJS.ProcessEnv {
  mkdirSync(join(folder, "bin"), { recursive: true });
  mkdirSync(join(folder, "ovh-state"), { recursive: true });
  for (const name of [
    "docker",
    "kubectl",
    "lightning",
    "pip",
    "sbatch",
    "squeue",
    "scancel",
    "sinfo",
    "tail",
    "python3",
  ]) {
    writeFileSync(join(folder, "bin", name), logging);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  const ovhai = `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, "ovhai-stand-in.mjs")}" "$@"\n`;
  writeFileSync(join(folder, "bin/ovhai"), ovhai);
  chmodSync(join(folder, "bin/ovhai"), 0o755);
  return { STAND_IN_LOG: join(folder, "stand-ins.log"), OVHAI_STATE: join(folder, "ovh-state") };
}
