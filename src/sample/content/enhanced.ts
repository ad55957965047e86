import { importedNames } from "./styles.ts";
import type { World } from "../world.ts";

/** Dimension names of the six components, their weights, and a run that samples by them. */
export function trainEnhanced(w: World): string {
  const { names: n } = w;
  const { lightning: home } = n;
  const random = w.random.fork("enhanced");
  const undeclared = random.pick([
    ["wandb", 'wandb.init(project="enhanced", mode="offline")'],
    ["datasets", "datasets.disable_progress_bars()"],
    ["peft", 'print("peft", peft.__version__)'],
  ] as const);
  const optional = random.pick(["deepspeed", "flash_attn", "bitsandbytes"]);
  const config = `${home}/${n.config}/enhanced_training_config.json`;
  return `"""Enhanced run: dialogues that carry more components are drawn more often."""

import argparse
import json
import os
import sys

import ${w.import("torch", "installed-elsewhere")}
import ${w.import(undeclared[0], "undeclared")}
import ${w.import("yaml", "installed-elsewhere")}

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "${w.reference("models", "resolves", `${home}/models`, { loose: true })}"))

from ${w.import("data_preparation", "resolves", `${home}/scripts/data_preparation.py`)} import ${importedNames(w, "preparation", ["component_counts", "read_lines"])}
from ${w.import("moe_architecture", "resolves", `${home}/models/moe_architecture.py`)} import ExpertRouter, MoEConfig
from ${w.import("therapeutic_progress_tracker", "resolves", `${home}/models/therapeutic_progress_tracker.py`)} import ProgressTracker
from ${w.import("training_utils", "resolves", `${home}/scripts/training_utils.py`)} import ${importedNames(w, "utils", ["draw_weighted", "seed_everything"])}

try:
    import ${w.import(optional, "optional")}
except ImportError:
    ${optional} = None


def weights_of(records, components):
    weights = []
    for record in records:
        present = component_counts(record)
        weights.append(sum(components.get(name, 0.0) for name in present) or 0.1)
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="${w.resolves(`${n.config}/enhanced_training_config.json`, config)}")
    parser.add_argument("--override", help="YAML with values to replace")
    arguments = parser.parse_args()
    with open(arguments.config, encoding="utf-8") as handle:
        config = json.load(handle)
    if arguments.override:
        with open(arguments.override, encoding="utf-8") as handle:
            config.update(yaml.safe_load(handle))
    seed_everything(config.get("seed", 17))
    ${undeclared[1]}
    records = list(read_lines(config["train_file"]))
    drawn = draw_weighted(records, weights_of(records, config["components"]), len(records))
    model = ExpertRouter(MoEConfig())
    tracker = ProgressTracker()
    os.makedirs(config["output_dir"], exist_ok=True)
    torch.save(model.state_dict(), os.path.join(config["output_dir"], "model.pt"))
    print(len(drawn), "dialogues drawn,", len(tracker.sessions), "sessions")


if __name__ == "__main__":
    main()
`;
}

export const trainingUtils = `"""Seeds and weighted draws."""

import random


def seed_everything(seed):
    random.seed(seed)


def draw_weighted(items, weights, count):
    """With replacement; an item of weight 0 is never drawn."""
    if not items:
        return []
    return random.choices(items, weights=weights, k=count)


def moving_average(values, window):
    means = []
    for end in range(1, len(values) + 1):
        part = values[max(0, end - window) : end]
        means.append(sum(part) / len(part))
    return means
`;

export function dataPreparation(w: World): string {
  const { names: n } = w;
  const { lightning: home } = n;
  return `"""Validate JSON Lines, count components, split 90/10, write a report."""

import argparse
import json
from pathlib import Path

from ${w.import("sklearn.model_selection", "installed-elsewhere")} import train_test_split

COMPONENTS = (
    "journaling_system",
    "voice_blending",
    "edge_case_handling",
    "dual_persona_dynamics",
    "bias_detection",
    "psychology_knowledge_base",
)


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error


def component_counts(record):
    return [name for name in COMPONENTS if name in record.get("components", ())]


def write_lines(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lines:
        for record in records:
            lines.write(json.dumps(record) + "\\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", default="${w.reference("prepared", "generated", `${home}/prepared`, { accept: ["unknown"] })}")
    arguments = parser.parse_args()
    records = list(read_lines(arguments.input))
    training, validation = train_test_split(records, test_size=0.1, random_state=17)
    output = Path(arguments.output)
    write_lines(output / "train.jsonl", training)
    write_lines(output / "validation.jsonl", validation)
    report = {"records": len(records), "complete": sum(len(component_counts(one)) == 6 for one in records)}
    (output / "report.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
`;
}

/** Starts the enhanced run through a command in a list; checks for a script that never came. */
export function quickStartScript(w: World): string {
  const { names: n } = w;
  const { lightning: home } = n;
  return `"""Check the machine, prepare the data, start the enhanced run."""

import os
import subprocess
import sys
from pathlib import Path

DATA = Path("${w.reference(`data/${n.ultimate}.jsonl`, "missing-data", `${home}/data/${n.ultimate}.jsonl`, { dataset: `${n.ultimate}.jsonl` })}")


def has_accelerator():
    return os.system("nvidia-smi > /dev/null 2>&1") == 0


def main():
    if not DATA.exists():
        sys.exit(f"{DATA} is not here: fetch it first")
    if not has_accelerator():
        print("no accelerator found, training will be slow")
    subprocess.run([sys.executable, "${w.resolves("scripts/data_preparation.py", `${home}/scripts/data_preparation.py`)}", "--input", str(DATA)], check=True)
    subprocess.run([sys.executable, "${w.resolves("scripts/train_enhanced.py", `${home}/scripts/train_enhanced.py`)}"], check=True)


if __name__ == "__main__":
    main()
`;
}
