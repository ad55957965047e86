import type { World } from "../world.ts";

/** A package of the home that runs as modules, a script in it that cannot, and imports that may or may not fail. */
export function plantEvaluation(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("evaluation");
  const name = random.pick(["evaluation", "scoring", "grading"]);
  const home = `${n.home}/${name}`;
  const inside = (file: string): string => `${home}/${file}.py`;
  const optional = random.pick(["rouge_score", "sacrebleu", "bert_score"]);
  const [typing, table] = random.pick([
    ["polars", "DataFrame"],
    ["pyarrow", "Table"],
    ["pandas", "DataFrame"],
  ] as const);
  w.file(`${home}/__init__.py`, `"""How answers are scored."""\n`, { stage: "packages" });
  w.file(
    inside("measures"),
    `"""Figures of one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ${w.import(typing, "optional")} import ${table}

try:
    from ${w.import(optional, "optional")} import score as outside_score
except ImportError:
    outside_score = None


def words(text: str) -> int:
    return len(text.split())


def open_questions(text: str) -> int:
    return sum(part.strip().split(" ")[0].lower() in ("what", "how", "when") for part in text.split("?")[:-1])


def summary(rows: ${table}) -> dict:
    return {"rows": len(rows), "outside": outside_score is not None}
`,
    { stage: "packages" },
  );
  w.file(
    inside("run"),
    `"""Score a file of answers, one a line."""

import json
import sys

from ${w.import(".measures", "resolves", inside("measures"))} import open_questions, words
from ${w.import(".", "resolves")} import measures


def main(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            answer = json.loads(line)["content"]
            print(words(answer), open_questions(answer), measures.summary([answer])["outside"])


if __name__ == "__main__":
    main(sys.argv[1])
`,
    { stage: "packages" },
  );
  w.entry(inside("run"), { mode: "module", cwd: n.home });
  w.file(
    inside("plot"),
    `"""Draw the course of a score with letters."""

import sys

from ${w.import(".measures", "relative-without-parent", inside("measures"))} import words


def bar(value, width=40):
    return "#" * min(width, value)


def old_course(folder):
    from ${w.import(`${name}.history`, "internal-missing", undefined, { withoutHistory: "optional" })} import course

    return course(folder)


if __name__ == "__main__":
    for line in sys.stdin:
        print(bar(words(line)))
`,
    { stage: "packages" },
  );
  w.entry(inside("plot"), { cwd: n.home, missing: [".measures"], lazy: [`${name}.history`] });
  w.file(inside("history"), `def course(folder):\n    return []\n`, { stage: "home" });
  w.remove(inside("history"), "data");
  w.file(
    `${home}/README.md`,
    `# How answers are scored

<p align="center"><img src="${w.reference("pictures/course.png", "stale", `${home}/pictures/course.png`)}" width="320"></p>

\`\`\`bash
cd ${w.resolves(n.home)}
python -m ${name}.run ${w.reference("path/to/answers.jsonl", "placeholder")}
python ${w.resolves(`${name}/plot.py`, inside("plot"))} < ${w.reference("path/to/lines.txt", "placeholder")}
\`\`\`

The measures are in <a href="${w.resolves("measures.py", inside("measures"))}">one file</a>.
`,
    { stage: "packages" },
  );
}

/** Pages that a documentation builder resolves: links without a suffix are right there. */
export function plantSite(w: World): void {
  const { names: n } = w;
  const home = `${n.pipelines}/handbook`;
  const page = (path: string): string =>
    w.resolves(path, `${home}/docs/${path}.md`, { accept: ["unknown", "external"] });
  w.file(
    `${home}/mkdocs.yml`,
    `site_name: Handbook of the pipelines
docs_dir: ${w.resolves("docs", `${home}/docs`)}
nav:
  - ${w.resolves("index.md", `${home}/docs/index.md`)}
  - Records: ${w.resolves("records.md", `${home}/docs/records.md`)}
  - Review: ${w.reference("review.md", "stale", `${home}/docs/review.md`)}
`,
    { stage: "notes" },
  );
  w.file(
    `${home}/docs/index.md`,
    `# Pipelines

Start with [records](${page("records")}), then read about [splits](${page("splits")}).
The [site](${w.reference("/handbook/latest/", "external", undefined, { accept: ["unknown", "machine", "placeholder"] })}) has a search.
`,
    { stage: "notes" },
  );
  w.file(
    `${home}/docs/records.md`,
    "# Records\n\nA record is one conversation, its source and its labels.\n",
    { stage: "notes" },
  );
  w.file(`${home}/docs/splits.md`, "# Splits\n\nEighty, ten, ten, by conversation and never by turn.\n", {
    stage: "notes",
  });
  // A pointer of Git LFS: data that is elsewhere, with its size.
  w.file(
    `${n.lightning}/models/adapter.safetensors`,
    `version https://git-lfs.github.com/spec/v1
oid sha256:${"0f".repeat(32)}
size 52428800
`,
    { stage: "packages" },
  );
}
