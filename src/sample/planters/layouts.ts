import { posix } from "node:path";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";
import { spell, Subjects } from "./subjects.ts";

type Piece = (w: World, file: string, subjects: Subjects, random: Random) => string;

const take = (w: World, file: string, subjects: Subjects, kind: string): string =>
  spell(w, subjects.take(kind), file, "documented");

const pieces: readonly Piece[] = [
  (w, file, subjects) => `| what | where | state |
|---|---|---|
| run | \`${take(w, file, subjects, "script")}\` | in use |
| values | \`${take(w, file, subjects, "settings")}\` | in use |
| guide | \`${take(w, file, subjects, "oldDocument")}\` | to be read |
`,
  (
    w,
    file,
    subjects,
  ) => `1. Look at [the values](${spell(w, subjects.take("settings"), file, "relative")} "as they are today").
2. Start **\`${take(w, file, subjects, "script")}\`**.
   - It asks for \`${take(w, file, subjects, "data")}\`.
   - Nobody needs [the old loader](<${spell(w, subjects.take("oldScript"), file, "relative")}>) any more.
`,
  (
    w,
    file,
    subjects,
    random,
  ) => `> The check fails in \`${take(w, file, subjects, "script")}:${random.integer(3, 40)}\`
> and once failed in \`${take(w, file, subjects, "oldScript")}:${random.integer(3, 40)}\`.
`,
  (
    w,
    file,
    subjects,
  ) => `Both are compared, \`${take(w, file, subjects, "settings")}\`, \`${take(w, file, subjects, "settings")}\`; neither of them
names \`${take(w, file, subjects, "oldSettings")}\`.
`,
  (w) => {
    const { names: n } = w;
    const folder = `${n.home}/scripts`;
    return `All phases: \`${w.resolves(`${folder}/run_phase*.py`, folder)}\`. All prompts: \`${w.resolves(`${n.pipelines}/edge_case_pipeline_standalone/prompts/*.txt`, `${n.pipelines}/edge_case_pipeline_standalone/prompts`)}\`.
`;
  },
  (w, _file, _subjects, random) => {
    const { names: n } = w;
    const there = (name: string, path: string): string => w.resolves(name, path);
    const gone = random.pick(["nightly_report.py", "evaluate.sh", "sweep.py"]);
    return `\`\`\`
${there("ai/", "ai")}
├── ${there(`${n.ovh.slice(3)}/`, n.ovh)}                # cloud
│   ├── ${there("train_ovh.py", `${n.ovh}/train_ovh.py`)}
│   └── ${w.reference(gone, "stale", `${n.ovh}/${gone}`)}
├── ${there(`${n.pipelines.slice(3)}/`, n.pipelines)}
│   └── ${there("edge_case_pipeline_standalone/", `${n.pipelines}/edge_case_pipeline_standalone`)}
│       ├── ${there("generate.py", `${n.pipelines}/edge_case_pipeline_standalone/generate.py`)}
│       └── ${there("prompts/", `${n.pipelines}/edge_case_pipeline_standalone/prompts`)}
└── ${there("QUICK_START_GUIDE.md", "ai/QUICK_START_GUIDE.md")}
\`\`\`
`;
  },
  (w, file, subjects) => `<details><summary>More</summary>

<a href="${spell(w, subjects.take("document"), file, "relative")}">what holds</a>,
<a href="${spell(w, subjects.take("oldDocument"), file, "relative")}">what held</a>

</details>
`,
  (w, file, subjects) => `    python ${take(w, file, subjects, "script")} \\
        --config ${take(w, file, subjects, "settings")}
    python ${take(w, file, subjects, "oldScript")}
`,
];

/** Mentions in the less usual layouts of Markdown: tables, quotes, nested lists, folds, indented code, deep trees. */
export function plantLayouts(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("layouts");
  const subjects = new Subjects(w, random.fork("subjects"));
  const folders = random.shuffle([`${n.pipelines}/notes`, `${n.therapeutic}/docs`, `${n.ovh}/notes`]);
  const files = random.shuffle(["WALKTHROUGH.md", "map-of-the-work.md", "Where things are.md"]);
  const order = random.shuffle(pieces);
  for (const [index, part] of [order.slice(0, 3), order.slice(3, 6)].entries()) {
    const file = `${folders[index]}/${files[index]}`;
    const body = part.map(
      (piece, number) =>
        `## ${random.pick(["Step", "Part", "Point"])} ${number + 1}\n\n${piece(w, file, subjects, random)}`,
    );
    w.file(file, `# ${posix.basename(file, ".md")}\n\n${body.join("\n")}`, { stage: "notes" });
  }
  plantPythonLayouts(w, subjects);
  plantShellLayouts(w, subjects);
  plantYamlLayouts(w, subjects);
}

function plantPythonLayouts(w: World, subjects: Subjects): void {
  const { names: n } = w;
  const random = w.random.fork("python layouts");
  const file = `${n.lightning}/scripts/${random.pick(["audit_inputs.py", "check_inputs.py", "inspect_inputs.py"])}`;
  const own = `${n.lightning}/${n.config}`;
  const loose = (raw: string, target: string): string =>
    w.resolves(raw, target, { loose: true, accept: ["unknown"] });
  const all = [
    `MOE = Path(__file__).resolve().parents[1] / "${n.config}" / "${loose("moe_training_config.json", `${own}/moe_training_config.json`)}"`,
    `ENHANCED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "${n.config}", "${loose("enhanced_training_config.json", `${own}/enhanced_training_config.json`)}")`,
    `SUMMARY = Path(__file__).parent.parent.joinpath("data/${loose("unified_6_component_summary.json", `${n.lightning}/data/unified_6_component_summary.json`)}")`,
  ];
  const uses = [
    "MOE.read_text(encoding='utf-8')",
    "open(ENHANCED, encoding='utf-8').read()",
    "SUMMARY.read_text(encoding='utf-8')",
  ];
  const which = random.sample([0, 1, 2], 2).sort((a, b) => a - b);
  const from = (kind: string): string => take(w, file, subjects, kind);
  w.file(
    file,
    `"""Say which inputs of the enhanced run are here."""

import os
import sys
from pathlib import Path

${which.map((index) => all[index]).join("\n")}

EXPECTED = {
    "manifest": "${from("settings")}",
    "loader": "${from("oldScript")}",
    "dialogues": "${from("data")}",
}
GUIDES = [
    "${from("document")}",
    "${from("oldDocument")}",
]


def state():
    for name, path in EXPECTED.items():
        with open(path, "rb") as handle:
            yield name, len(handle.read())
    for path in GUIDES:
        yield path, len(Path(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    for name, size in state():
        print(name, size, file=sys.stderr)
    print(${which.map((index) => `len(${uses[index]})`).join(", ")})
`,
    { stage: "notes" },
  );
  w.entry(file, { cwd: `${n.lightning}/scripts` });
}

function plantShellLayouts(w: World, subjects: Subjects): void {
  const { names: n } = w;
  const random = w.random.fork("shell layouts");
  const file = `${n.home}/scripts/${random.pick(["compare_all.sh", "collect.sh", "gather.sh"])}`;
  const toRoot = posix.relative(posix.dirname(file), w.flags.root === "above" ? "" : "ai");
  const variable = random.pick(["SCRIPT_DIR", "HERE", "DIR"]);
  const root = random.pick(["ROOT", "REPO", "TOP"]);
  const inRoot = (kind: string): string => {
    const subject = subjects.take(kind);
    return spell(w, subject, file, "rooted", (path) => `$${root}/${path}`);
  };
  const braced = (kind: string): string =>
    spell(w, subjects.take(kind), file, "rooted", (path) => `\${${root}}/${path}`);
  w.script(
    file,
    `#!/usr/bin/env bash
set -euo pipefail
${variable}=$(cd -- "$(dirname -- "\${BASH_SOURCE[0]}")" && pwd)
${root}=$(cd -- "$${variable}/${toRoot}" && pwd)

python "${inRoot("script")}" \\
  --config "${braced("settings")}"
bash -c 'echo "start"'
python "$${variable}/${w.resolves("run_voice_ingestion.py", `${n.home}/scripts/run_voice_ingestion.py`, { loose: true })}" --folder transcripts
diff "${inRoot("document")}" "${inRoot("oldDocument")}"
(
  cd "${spell(w, { path: n.pipelines, class: "resolves", more: {}, isPlace: true }, file, "rooted", (path) => `$${root}/${path}`)}"
  python ${w.resolves("edge_case_pipeline_standalone/generate.py", `${n.pipelines}/edge_case_pipeline_standalone/generate.py`)}
  python ${w.reference("edge_case_pipeline_standalone/filter.py", "stale", `${n.pipelines}/edge_case_pipeline_standalone/filter.py`)}
)
`,
    "notes",
  );
}

function plantYamlLayouts(w: World, subjects: Subjects): void {
  const { names: n } = w;
  const random = w.random.fork("yaml layouts");
  const file = `${random.pick([n.home, n.therapeutic])}/${random.pick(["stages.yaml", "matrix.yml", "schedule.yaml"])}`;
  const from = (kind: string): string => take(w, file, subjects, kind);
  w.file(
    file,
    `# Several ways to name the same kind of thing.
defaults: &defaults
  values: ${from("settings")}
stages:
  - {name: first, script: ${from("script")}}
  - name: second
    <<: *defaults
    script: >-
      ${from("oldScript")}
  - name: third
    inputs: [${from("data")}, "${from("document")}"]
notes: |
  Nothing here is a path; it is said in words.
`,
    { stage: "notes" },
  );
}
