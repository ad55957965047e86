import { posix } from "node:path";
import type { World } from "../world.ts";
import { spell, Subjects } from "./subjects.ts";

/** Python and shell that read, write, build paths and start things: mentions in code, true and false. */
export function plantTools(w: World): void {
  const random = w.random.fork("tools");
  const subjects = new Subjects(w, random.fork("subjects"));
  plantReader(w, subjects);
  plantLauncher(w, subjects);
  plantShell(w, subjects);
}

function plantReader(w: World, subjects: Subjects): void {
  const { names: n } = w;
  const random = w.random.fork("reader");
  const folder = random.pick([`${n.home}/scripts`, `${n.lightning}/scripts`, `${n.pipelines}/reports`]);
  const file = `${folder}/${random.pick(["summarise_runs.py", "compare_runs.py", "report_quality.py"])}`;
  const from = (kind: string): string => spell(w, subjects.take(kind), file, "documented");
  const settings = subjects.take("settings");
  const fromFile = posix.relative(posix.dirname(file), settings.path);
  const reading = random.pick([
    (path: string) => `open("${path}", encoding="utf-8")`,
    (path: string) => `Path('${path}').open(encoding='utf-8')`,
    (path: string) => `open(r"${path}")`,
  ]);
  const run = random.pick(["run_id", "stage", "day"]);
  w.file(
    file,
    `"""Print a few figures about the last runs. Everything it reads is synthetic."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTINGS = HERE / "${w.resolves(fromFile, settings.path)}"
SUMMARY = "${w.reference(`${n.home}/work/summary-${random.integer(1, 9)}.json`, "generated", undefined)}"
CACHE = Path("${spell(w, subjects.take("machine"), file, "documented")}")


def rows():
    with ${reading(from("data"))} as lines:
        for line in lines:
            yield json.loads(line)


def old_settings():
    with ${reading(from("oldSettings"))} as handle:
        return handle.read()


def state_of(${run}):
    return Path(f"${w.reference(`runs/{${run}}/state.json`, "dynamic", undefined, { accept: ["generated"] })}").read_text(encoding="utf-8")


def main():
    figures = {"settings": len(SETTINGS.read_text(encoding="utf-8")), "rows": sum(1 for _ in rows())}
    Path(SUMMARY).parent.mkdir(parents=True, exist_ok=True)
    with open(SUMMARY, "w", encoding="utf-8") as out:
        json.dump(figures, out)
    print(CACHE.name, old_settings()[:20], state_of(sys.argv[1]))


if __name__ == "__main__":
    main()
`,
    { stage: "notes" },
  );
  w.entry(file, { cwd: posix.dirname(file) });
}

function plantLauncher(w: World, subjects: Subjects): void {
  const { names: n } = w;
  const random = w.random.fork("launcher");
  const file = `${random.pick([n.ovh, n.lightning])}/${random.pick(["nightly.py", "launch_all.py", "queue_runs.py"])}`;
  const from = (kind: string): string => spell(w, subjects.take(kind), file, "rooted");
  const up = posix.relative(posix.dirname(file), w.flags.root === "above" ? "" : "ai");
  w.file(
    file,
    `"""Start what is due tonight, from the repository's root."""

import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "${w.resolves(up, w.flags.root === "above" ? "" : "ai", { accept: ["unknown"] })}"))


def start(*words):
    return subprocess.run([sys.executable, *words], check=False).returncode


if __name__ == "__main__":
    os.chdir(ROOT)
    subprocess.run(["python", "${from("script")}", "--help"], check=True)
    os.system("python ${from("oldScript")} --resume")
    subprocess.run(["python", "${from("script")}"], check=False)
`,
    { stage: "notes" },
  );
  w.entry(file, { cwd: posix.dirname(file) });
}

function plantShell(w: World, subjects: Subjects): void {
  const { names: n } = w;
  const random = w.random.fork("shell");
  const folder = random.pick([`${n.home}/scripts`, n.pipelines, n.lightning]);
  const file = `${folder}/${random.pick(["weekly.sh", "refresh.sh", "all_stages.sh"])}`;
  const from = (kind: string): string => spell(w, subjects.take(kind), file, "rooted");
  const up = posix.relative(folder, w.flags.root === "above" ? "" : "ai");
  const variable = random.pick(["RUN", "TAG", "STAMP"]);
  const old = subjects.take("oldScript");
  w.script(
    file,
    `#!/usr/bin/env bash
# Runs from the repository's root, wherever it is called.
set -euo pipefail
cd "$(dirname "$0")/${w.resolves(up, w.flags.root === "above" ? "" : "ai", { loose: true, accept: ["unknown"] })}"

${variable}="$(date +%Y%m%d)"
python ${from("script")} --config "${from("settings")}"
python '${spell(w, old, file, "rooted")}' --quiet || echo "skipped"
cp ${from("document")} "work/$${variable}.md"
cat "${w.reference(`runs/$${variable}/log.txt`, "dynamic", undefined, { accept: ["generated", "unknown"] })}" 2> /dev/null || true
if [ -f "${from("machine")}" ]; then
  echo "a local copy is there"
fi
`,
    "notes",
  );
}
