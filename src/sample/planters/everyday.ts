import type { World } from "../world.ts";

/** Everyday texts full of names of files that nobody misses: advice, other people's trees, reports, tests, clean-up. */
export function plantEveryday(w: World): void {
  plantAdvice(w);
  plantReport(w);
  plantTest(w);
  plantShell(w);
  plantMake(w);
}

function plantAdvice(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("advice");
  const lines = random.shuffle([
    "Call your own values `my_run.yaml` and keep them out of the repository.",
    "A finished run leaves `adapter_model.safetensors`, `adapter_config.json` and `trainer_state.json` behind.",
    "If a name is taken, call the copy `values_2.json`.",
    "Wheels land in `dist/companion-0.1-py3-none-any.whl`.",
    "The profile opens in any browser that reads `trace.json`.",
    "Do not commit `.env`, `core` files or `wandb/` folders.",
  ]);
  const folder = random.pick([`${n.lightning}/notes`, `${n.ovh}/notes`, `${n.pipelines}/notes`]);
  w.file(
    `${folder}/${random.pick(["ADVICE.md", "habits.md", "Good habits.md"])}`,
    `# Habits

${lines.slice(0, random.integer(4, 6)).join("\n")}

## The engine's own repository

That project keeps its files like this:

\`\`\`
fast-server/
├── server/
│   ├── main.rs
│   └── router.rs
├── clients/python/client.py
└── Cargo.toml
\`\`\`
`,
    { stage: "notes" },
  );
}

/** What some tool said about a tree that was never this one. */
function plantReport(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("report");
  const folders = ["core", "adapters", "handlers", "models", "views"];
  const lines = Array.from({ length: random.integer(12, 20) }, (_, index) => {
    const path = `backend/${random.pick(folders)}/part_${index}.py`;
    return `- \`${path}:${random.integer(1, 300)}\` ${random.pick(["unused import", "line too long", "bare except"])}`;
  });
  w.file(
    `${n.ovh}/notes/lint-report.md`,
    `# Report of the linter

Made by a tool for another service, kept as an example of its output.

${lines.join("\n")}
`,
    { stage: "notes" },
  );
}

function plantTest(w: World): void {
  const { names: n } = w;
  const here = `${n.pipeline}/${n.library}`;
  w.file(
    `${n.pipeline}/tests/test_files.py`,
    `"""Files are read as they are; each test makes its own."""

import json
import os

from ${w.import(`${n.library}.schema`, "resolves", `${here}/schema.py`)} import Record


def test_reads_what_it_wrote(tmp_path):
    target = tmp_path / "records" / "one.jsonl"
    target.parent.mkdir()
    target.write_text(json.dumps({"role": "user", "content": "synthetic"}), encoding="utf-8")
    assert json.loads((tmp_path / "records" / "one.jsonl").read_text(encoding="utf-8"))["role"] == "user"


def test_names_are_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open("made-here.json", "w", encoding="utf-8") as out:
        json.dump([], out)
    assert os.listdir(".") == ["made-here.json"]
    assert Record([], "a/b/c.txt").source.endswith("c.txt")
`,
    { stage: "start" },
  );
}

function plantShell(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("everyday shell");
  const folder = random.pick([n.ovh, n.home, n.pipelines]);
  const lines = random.shuffle([
    "rm -f leftovers.txt old-run.json",
    "mkdir -p data/raw data/chatml logs",
    "touch run.lock",
    'find . -name "*.tmp" -delete',
    "date | tee logs/last-visit.txt",
    "[[ -d cache ]] && du -sh cache",
    'test -e notes-of-today.md || echo "no notes today"',
    "ls -la > listing.txt",
    "df -h / | tail -n 1",
    "command -v jq > /dev/null || exit 0",
    "grep -rl TODO . > todo.txt || true",
  ]);
  w.script(
    `${folder}/${random.pick(["tidy-up.sh", "housekeeping.sh", "clean-node.sh"])}`,
    `#!/usr/bin/env bash
# Leaves the node as it was found.
set -euo pipefail
trap 'rm -f run.lock' EXIT
cd "$(dirname "$0")"
${lines.slice(0, random.integer(6, 9)).join("\n")}
`,
    "notes",
  );
}

function plantMake(w: World): void {
  const { names: n } = w;
  w.file(
    `${n.pipelines}/Makefile`,
    `-include local.mk

REPORT := build/report.txt

all: $(REPORT)

$(REPORT): ${w.resolves("edge_case_pipeline_standalone/generate.py", `${n.pipelines}/edge_case_pipeline_standalone/generate.py`)}
	mkdir -p build
	python $< > $@

%.min.json: %.json
	python -m json.tool --compact $< $@

clean:
	rm -rf build
`,
    { stage: "checks" },
  );
}
