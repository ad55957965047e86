import { estimatedNeedGb } from "../gpu.ts";
import { trainingScript } from "../job-script.ts";
import { shellWord, type RenderedFile } from "../rendered.ts";
import type { LightningSettings } from "./schema.ts";

/** GPU memory that the start insists on: as asked, else what the run needs. */
function leastMemoryGb(settings: LightningSettings): number {
  const { min_gpu_memory_gb: least, need_gb: need, recipe, stage, profile } = settings;
  if (least > 0) return least;
  return need ?? estimatedNeedGb(stage === undefined ? recipe : "staged", profile) ?? 0;
}

/** The one-click start: environment, GPU, installation, data, training; each step says what it found. */
export function startScript(settings: LightningSettings): RenderedFile {
  const { program, source, data, gpus, memory_gb: memory, storage_gb: storage, run } = settings;
  const leastMib = Math.ceil((leastMemoryGb(settings) * 1e9) / 2 ** 20);
  const lines = [
    "#!/usr/bin/env bash",
    "# Starts the training in a studio. Written by training-ready; settings make it anew.",
    "set -euo pipefail",
    'here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)',
    `program=${shellWord(program)}`,
    'fail() { echo "$1" >&2; echo "$2" >&2; exit 64; }',
    "",
    'echo "[1/5] environment" >&2',
    'command -v git >/dev/null || fail "git is missing" "Take a studio that has it."',
    'command -v node >/dev/null || fail "Node.js is missing" "Install Node 20.19 or newer in the studio."',
    `node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' || fail "Node $(node --version) is too old" "Install Node 20.19 or newer."`,
    `python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer with venv is missing" "Install it in the studio."`,
    "",
    'echo "[2/5] machine" >&2',
    ...(gpus === 0
      ? []
      : [
          'command -v nvidia-smi >/dev/null || fail "E_PLATFORM_GPU: the machine has no GPU" "Start the studio on the GPU machine of the settings."',
          "mib=$(nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits | sort -n | head -n 1)",
          `if [ "$mib" -lt ${leastMib} ]; then fail "E_PLATFORM_GPU_MEMORY: the GPU has $mib MiB, ${leastMib} are needed" "Switch the studio to a larger GPU."; fi`,
        ]),
    "memory=$(awk '/^MemTotal:/ { print int($2 / 1000 / 1000) }' /proc/meminfo)",
    `if [ "$memory" -lt ${memory} ]; then fail "E_PLATFORM_RESOURCE: the machine has $memory GB of memory, ${memory} are asked for" "Take a larger machine, or set memory_gb."; fi`,
    `mkdir -p ${shellWord(run)}`,
    `storage=$(df --output=avail --block-size=1000000000 ${shellWord(run)} | tail -n 1 | tr -d ' ')`,
    `if [ "$storage" -lt ${storage} ]; then fail "E_PLATFORM_RESOURCE: $storage GB of storage are free, ${storage} are asked for" "Free space, or set storage_gb."; fi`,
    "",
    'echo "[3/5] installation" >&2',
    'root=$(dirname "$(dirname "$program")")',
    'if [ ! -e "$program" ]; then',
    source === undefined
      ? '  fail "training-ready is not in $root" "Clone it there, or set source to its git address."'
      : `  git clone --depth 1 ${shellWord(source)} "$root"`,
    "fi",
    'if [ -e "$root/scripts/setup.mjs" ]; then node "$root/scripts/setup.mjs"; fi',
    '"$program" doctor >&2',
    "",
    'echo "[4/5] data" >&2',
    `"$program" data status --out ${shellWord(data)} >&2`,
    "",
    'echo "[5/5] training" >&2',
    'exec bash "$here/train.sh"',
    "",
  ];
  return { path: "start.sh", text: lines.join("\n"), mode: 0o755 };
}

/** What the command line has no flag for: when the studio sleeps, by the SDK. */
export const studioSettingsScript: RenderedFile = {
  path: "studio_settings.py",
  text: `"""Sets when a studio sleeps: python studio_settings.py OWNER/TEAMSPACE STUDIO on|off MINUTES."""

import sys

from lightning_sdk import Studio


def main(teamspace: str, name: str, sleeps: str, minutes: str) -> None:
    studio = Studio(name=name, teamspace=teamspace, create_ok=False)
    studio.auto_sleep = sleeps == "on"
    if sleeps == "on":
        studio.auto_sleep_time = int(minutes) * 60


if __name__ == "__main__":
    main(*sys.argv[1:])
`,
};

/** Everything that goes into the studio. */
export function studioFiles(settings: LightningSettings): RenderedFile[] {
  const encrypt = settings.encrypt_checkpoints;
  return [startScript(settings), trainingScript(settings, { encrypt }), studioSettingsScript];
}
