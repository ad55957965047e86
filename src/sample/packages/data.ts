import { convert, libraryCommand, schema, tests } from "../content/library.ts";
import type { World } from "../world.ts";

/** The real package of the data pipeline, the pipelines beside it, and the data set manifest that is left. */
export function plantData(w: World): void {
  plantLibrary(w);
  plantPipelines(w);
  plantConsolidated(w);
}

/** Imported by its own name and declared in pyproject: moves whole or not at all. */
function plantLibrary(w: World): void {
  const { names: n } = w;
  const { pipeline: home, library } = n;
  const random = w.random.fork("library");
  const hasGap = random.chance(0.6);
  w.file(`${home}/${library}/__init__.py`, `"""Dialogue records of one shape."""\n`, { stage: "start" });
  w.file(`${home}/${library}/schema.py`, schema, { stage: "start" });
  w.file(`${home}/${library}/convert.py`, convert(w, hasGap), { stage: "start" });
  w.file(`${home}/${library}/command.py`, libraryCommand(w), { stage: "start" });
  w.file(`${home}/tests/__init__.py`, `"""Tests."""\n`, { stage: "start" });
  w.file(`${home}/tests/test_convert.py`, tests(w), { stage: "start" });
  w.entry(`${home}/${library}/command.py`, {
    mode: "console",
    cwd: "",
    missing: hasGap ? [".exporters"] : [],
  });
  const old = w.reference(`${library}/legacy_reader.py`, "stale", `${home}/${library}/legacy_reader.py`);
  w.file(
    `${home}/pyproject.toml`,
    `[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "${library.replace("_", "-")}"
version = "0.4.0"
description = "Dialogue records of one shape"
readme = "${w.resolves("README.md", `${home}/README.md`)}"
requires-python = ">=3.11"
dependencies = ["pydantic>=2.9", "PyYAML"]

[project.scripts]
${library.replace("_", "-")} = "${library}.command:main"

[tool.setuptools]
packages = ["${library}"]

[tool.pytest.ini_options]
testpaths = ["${w.resolves("tests", `${home}/tests`)}"]

[tool.ruff.lint.per-file-ignores]
"${w.resolves(`${library}/convert.py`, `${home}/${library}/convert.py`)}" = ["C901"]
"${old}" = ["E501"]
`,
    { stage: "start" },
  );
  w.file(
    `${home}/README.md`,
    `# ${library}

One shape for dialogue records. Install it in place:

\`\`\`bash
pip install -e ${w.resolves(w.rooted(home), home, { accept: ["unknown"] })}
cd ${w.resolves(w.rooted(home), home)}
python -m pytest ${w.resolves("tests", `${home}/tests`, { accept: ["unknown"] })}
\`\`\`

The record is defined in [schema.py](${w.resolves(`${library}/schema.py`, `${home}/${library}/schema.py`)}).
More in the [handbook](${w.resolves("docs/index.rst", `${home}/docs/index.rst`)}).
`,
    { stage: "start" },
  );
  w.file(
    `${home}/docs/index.rst`,
    `Handbook
========

.. toctree::

   ${w.resolves("usage", `${home}/docs/usage.rst`)}
   ${w.reference("migration", "stale", `${home}/docs/migration.rst`)}

.. literalinclude:: ${w.resolves(`../${library}/schema.py`, `${home}/${library}/schema.py`)}
   :language: python

.. image:: ${w.reference("images/record.svg", "stale", `${home}/docs/images/record.svg`)}
`,
    { stage: "pipelines" },
  );
  w.file(
    `${home}/docs/usage.rst`,
    `Usage
=====

Convert a file of records, one a line::

    ${library.replace("_", "-")} input.jsonl output.jsonl

.. include:: ${w.resolves("shapes.txt", `${home}/docs/shapes.txt`)}
`,
    { stage: "pipelines" },
  );
  w.file(`${home}/docs/shapes.txt`, "Shapes that are read: messages, conversations, question and answer.\n", {
    stage: "pipelines",
  });
}

function plantPipelines(w: World): void {
  const { names: n } = w;
  const { pipelines: home, therapeutic } = n;
  const edge = `${home}/edge_case_pipeline_standalone`;
  const persona = `${home}/dual_persona_training`;
  const random = w.random.fork("pipelines");
  w.file(
    `${edge}/generate.py`,
    `"""Write synthetic hard cases from the prompts beside this file."""

import json
from pathlib import Path

HERE = Path(__file__).parent
PROMPTS = HERE / "${w.resolves("prompts", `${edge}/prompts`)}"
OUTPUT = HERE / "${w.reference("output/edge_cases_training_format.jsonl", "generated", `${edge}/output/edge_cases_training_format.jsonl`, { accept: ["missing-data"], dataset: "edge_cases_training_format.jsonl" })}"


def generate(count=3):
    for path in sorted(PROMPTS.glob("*.txt")):
        for number in range(count):
            prompt = path.read_text(encoding="utf-8").strip()
            yield {"prompt": f"{prompt} ({number})", "category": path.stem, "source": "synthetic"}


if __name__ == "__main__":
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    with OUTPUT.open("w", encoding="utf-8") as lines:
        for record in generate():
            lines.write(json.dumps(record) + "\\n")
`,
    { stage: "pipelines" },
  );
  w.entry(`${edge}/generate.py`, { cwd: edge });
  // The same prompts lie in the home's experiment: an identical folder.
  const topics = random.sample(["sleep", "work", "grief", "anger", "exams", "moving"], random.integer(3, 5));
  for (const topic of topics) {
    const text = `A synthetic client speaks about ${topic}. Answer calmly and ask one open question.\n`;
    w.file(`${edge}/prompts/${topic}.txt`, text, { stage: "pipelines" });
    w.file(`${n.home}/experimental/h100_moe/prompts/${topic}.txt`, text, { stage: "home" });
  }
  w.file(
    `${edge}/requirements.txt`,
    `-r ${w.reference("../requirements-base.txt", "stale", `${home}/requirements-base.txt`)}\n-e ${w.resolves("../../dataset_pipeline", n.pipeline)}\njsonschema\n`,
    { stage: "pipelines" },
  );
  // Two READMEs with the same bytes.
  const same = `# Standalone pipeline

Runs on its own; everything it writes is synthetic and lands in a folder that git ignores.
Ask the data group before changing the shape of the records.
`;
  w.file(`${edge}/README.md`, same, { stage: "pipelines" });
  w.file(`${persona}/README.md`, same, { stage: "pipelines" });
  w.file(
    `${persona}/build_personas.py`,
    `"""Dialogues of two synthetic personas that keep to their scenario."""

import argparse
import json
import random
from pathlib import Path

from ${w.import("shared_text", "internal-missing", undefined, { withoutHistory: "installed-elsewhere" })} import TEMPLATES

PERSONAS = ("anxious perfectionist", "trauma survivor", "relationship struggles")


def dialogue(number, generator):
    persona = generator.choice(PERSONAS)
    turns = [{"speaker": "client", "persona": persona, "content": line} for line in TEMPLATES[persona]]
    return {"dialogue_id": f"d{number:05d}", "persona_1": persona, "conversation": turns}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    generator = random.Random(17)
    with arguments.output.open("w", encoding="utf-8") as lines:
        for number in range(arguments.count):
            lines.write(json.dumps(dialogue(number, generator)) + "\\n")
`,
    { stage: "pipelines" },
  );
  w.entry(`${persona}/build_personas.py`, {
    cwd: persona,
    missing: ["shared_text"],
    missingWithoutHistory: [],
  });
  // It was beside the script until the cleanup.
  w.file(`${persona}/shared_text.py`, `TEMPLATES = {}\n`, { stage: "pipelines" });
  w.remove(`${persona}/shared_text.py`, "cleanup");
  const settings = { personas: 2, turns: random.integer(6, 12), temperature: 0.7, language: "en", seed: 17 };
  w.file(`${persona}/training_config.json`, `${JSON.stringify(settings, null, 2)}\n`, { stage: "pipelines" });
  const turned = Object.fromEntries(Object.entries(settings).reverse());
  w.file(`${therapeutic}/data/dual_persona/training_config.json`, `${JSON.stringify(turned, null, 4)}\n`, {
    stage: "therapeutic",
  });
  w.copy({
    a: `${persona}/training_config.json`,
    b: `${therapeutic}/data/dual_persona/training_config.json`,
    relations: ["format-only"],
  });
}

function plantConsolidated(w: World): void {
  const { names: n } = w;
  const home = `${n.consolidated}/final`;
  const stages = ["stage1_foundation", "stage2_expertise", "stage3_edge_stress", "stage4_voice_persona"];
  const present = w.random.fork("consolidated").integer(1, 2);
  const lines = stages.slice(0, present + 1).map((stage, index) => {
    const name = `MASTER_${stage}.jsonl`;
    w.datasets.set(name, { state: "missing" });
    const path = w.reference(name, "missing-data", `${home}/${name}`, { dataset: name });
    return `    {"name": "${stage}", "samples": ${8000 - 1500 * index}, "target": ${8000 - 1000 * index}, "path": "${path}"}`;
  });
  w.file(
    `${home}/MASTER_STAGE_MANIFEST.json`,
    `{
  "generated_at": "2025-10-20T08:00:00Z",
  "note": "synthetic dialogues, not part of the repository",
  "stages": [
${lines.join(",\n")}
  ]
}
`,
    { stage: "pipelines" },
  );
  w.ignored.tracked.push(`${home}/MASTER_STAGE_MANIFEST.json`);
  w.file(`${n.consolidated}/index.md`, "# Data sets\n\nSee the manifest in `final`.\n", {
    stage: "pipelines",
  });
  w.remove(`${n.consolidated}/index.md`, "data");
}
