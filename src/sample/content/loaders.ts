import { searchPathEdit } from "./styles.ts";
import type { World } from "../world.ts";

/** The data pipeline of the therapeutic package: four loaders and what mixes them. */
export function plantLoaders(w: World): void {
  const { names: n } = w;
  const folder = `${n.therapeutic}/data_pipeline`;
  const persona = `${n.pipelines}/dual_persona_training/dual_persona_training_data.jsonl`;
  const edges = `${n.pipelines}/edge_case_pipeline_standalone/output/edge_cases_training_format.jsonl`;
  const knowledge = `${n.consolidated}/psychology_knowledge_base.json`;

  w.file(
    `${folder}/dual_persona_loader.py`,
    `"""Dialogues between two synthetic personas."""

import json
from pathlib import Path

SOURCE = Path("${w.reference(persona, "missing-data", persona, { dataset: "dual_persona_training_data.jsonl" })}")


def load(path=SOURCE, limit=None):
    if not Path(path).exists():
        raise FileNotFoundError(path)
    dialogues = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            dialogues.append({"id": record["dialogue_id"], "turns": record["conversation"]})
            if limit is not None and len(dialogues) >= limit:
                break
    return dialogues
`,
  );
  w.file(
    `${folder}/edge_case_jsonl_loader.py`,
    `"""Hard cases, one prompt and answer a line."""

import json
from pathlib import Path

SOURCE = Path("${w.reference(edges, "missing-data", edges, { dataset: "edge_cases_training_format.jsonl", accept: ["generated"] })}")


def load(path=SOURCE):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line]


def by_category(records):
    found = {}
    for record in records:
        found.setdefault(record["category"], []).append(record)
    return found
`,
  );
  w.file(
    `${folder}/pixel_voice_loader.py`,
    `"""Pairs of turns in a teaching voice, filtered by empathy and toxicity."""

import json

FIRST = "${w.reference(`data/voice/${n.voices}.jsonl`, "missing-data", `${n.therapeutic}/data/voice/${n.voices}.jsonl`, { dataset: `${n.voices}.jsonl` })}"


def keep(pair, empathy=0.6, toxicity=0.2):
    validation = pair["validation"]
    best = max(one["score"] for one in validation["empathy_turn_1"])
    return best >= empathy and validation["toxicity_turn_1"] <= toxicity


def load(path=FIRST):
    with open(path, encoding="utf-8") as lines:
        return [pair for pair in map(json.loads, lines) if keep(pair)]
`,
  );
  w.file(
    `${folder}/psychology_knowledge_loader.py`,
    `"""Concepts of the knowledge base as short lessons."""

import json
from pathlib import Path

SOURCE = Path("${w.reference(knowledge, "missing-data", knowledge, { dataset: "psychology_knowledge_base.json" })}")


class KnowledgeBase:
    def __init__(self, concepts):
        self.concepts = concepts

    @classmethod
    def read(cls, path=SOURCE):
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        return cls(found.get("concepts", found) if isinstance(found, dict) else found)

    def lessons(self):
        for concept in self.concepts:
            yield {"prompt": f"What is {concept['title']}?", "response": concept["content"]}
`,
  );
  const relative = w.random.fork("loaders").chance(0.5);
  const sibling = relative
    ? `from ${w.import(".psychology_knowledge_loader", "relative-without-parent", `${folder}/psychology_knowledge_loader.py`)} import KnowledgeBase`
    : `from ${w.import("psychology_knowledge_loader", "resolves", `${folder}/psychology_knowledge_loader.py`)} import KnowledgeBase`;
  const named = (name: string): string => w.import(name, "resolves", `${folder}/${name}.py`);
  w.file(
    `${folder}/integrated_training_pipeline.py`,
    `"""Mix five sources by their target shares."""

import json
import os
import sys
from pathlib import Path

${searchPathEdit(w, "pipeline", 1)}

from ${w.import("utils.logger", "resolves", `${n.therapeutic}/utils/logger.py`)} import get_logger

import ${named("dual_persona_loader")}
import ${named("edge_case_jsonl_loader")}
from ${named("pixel_voice_loader")} import load as load_voice
${sibling}

SHARES = {"edge": 0.25, "voice": 0.20, "knowledge": 0.15, "persona": 0.10, "standard": 0.30}
log = get_logger("pipeline")


def quotas(total):
    wanted = {name: int(total * share) for name, share in SHARES.items()}
    wanted["standard"] += total - sum(wanted.values())
    return wanted


def gather():
    yield "edge", edge_case_jsonl_loader.load()
    yield "voice", load_voice()
    yield "knowledge", list(KnowledgeBase.read().lessons())
    yield "persona", dual_persona_loader.load()


def run(total=8000, output="${w.reference("outputs/mixed_training.jsonl", "generated", `${n.therapeutic}/outputs/mixed_training.jsonl`, { dataset: "mixed_training.jsonl" })}"):
    wanted = quotas(total)
    target = Path(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as lines:
        for name, records in gather():
            for record in records[: wanted[name]]:
                lines.write(json.dumps({**record, "source": name}) + "\\n")
            log.info("%s: %d of %d", name, min(len(records), wanted[name]), wanted[name])


if __name__ == "__main__":
    run()
`,
  );
  w.entry(`${folder}/integrated_training_pipeline.py`, {
    cwd: n.therapeutic,
    missing: relative ? [".psychology_knowledge_loader"] : [],
  });
  w.file(
    `${n.therapeutic}/utils/logger.py`,
    `"""One format for every log line."""

import logging


def get_logger(name, level=logging.INFO):
    logger = logging.getLogger(name)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        logger.addHandler(handler)
    logger.setLevel(level)
    return logger
`,
  );
  w.datasets.set("mixed_training.jsonl", { state: "regenerable", optional: true });
  for (const [name, state] of [
    ["dual_persona_training_data.jsonl", "missing"],
    ["psychology_knowledge_base.json", "missing"],
    [`${n.voices}.jsonl`, "missing"],
    [`${n.crisis}.jsonl`, "missing"],
    ["edge_cases_training_format.jsonl", "regenerable"],
  ] as const) {
    w.datasets.set(name, { state });
  }
}
