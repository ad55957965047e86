import type { World } from "../world.ts";

/** The MoE training script in its four versions; the Lightning package keeps the first. */
export function trainMoe(w: World, version: 1 | 2 | 3 | 4, place: "therapeutic" | "lightning"): string {
  const { names: n } = w;
  const inPackage = place === "therapeutic";
  const architecture = inPackage
    ? w.import("moe_architecture", "resolves", `${n.therapeutic}/training_scripts/moe_architecture.py`)
    : w.import("moe_architecture", "internal-missing");
  const config = inPackage
    ? w.resolves("configs/moe_training_config.json", `${n.therapeutic}/configs/moe_training_config.json`)
    : w.reference(
        "configs/moe_training_config.json",
        "stale",
        `${n.lightning}/configs/moe_training_config.json`,
      );
  const data = w.reference(
    `data/${n.crisis}.jsonl`,
    "missing-data",
    `${inPackage ? n.therapeutic : n.lightning}/data/${n.crisis}.jsonl`,
    { dataset: `${n.crisis}.jsonl` },
  );
  const output = w.reference(
    "outputs/moe",
    "generated",
    `${inPackage ? n.therapeutic : n.lightning}/outputs/moe`,
  );
  return `"""Train the mixture-of-experts adapter on one accelerator."""

import argparse
import json
import random
${version >= 3 ? "import time\n" : ""}from pathlib import Path

import ${w.import("torch", "installed-elsewhere")}
from ${w.import("transformers", "installed-elsewhere")} import AutoTokenizer

from ${architecture} import ExpertRouter, MoEConfig${version >= 4 ? ", expert_load" : ""}


def read_dialogues(path, limit=None):
    """One dialogue a line; blank lines are skipped."""
    dialogues = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                break
            if line.strip():
                dialogues.append(json.loads(line))
    return dialogues


def split(dialogues, share, seed):
    shuffled = list(dialogues)
    random.Random(seed).shuffle(shuffled)
    cut = int(len(shuffled) * share)
    return shuffled[:cut], shuffled[cut:]


def batches(dialogues, size):
    for start in range(0, len(dialogues), size):
        yield dialogues[start : start + size]


def step(model, optimizer, batch, tokenizer, device):
    texts = [turn["content"] for dialogue in batch for turn in dialogue["messages"]]
    tokens = tokenizer(texts, padding=True, truncation=True, max_length=2048, return_tensors="pt")
    loss = model(tokens["input_ids"].to(device))
    optimizer.zero_grad()
    loss.backward()
${version >= 2 ? "    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n" : ""}    optimizer.step()
    return float(loss.detach())

${
  version >= 3
    ? `
class TrainingWindow:
    """Hours that are left; the last checkpoint must be written inside them."""

    def __init__(self, hours, margin=0.5):
        self.ends = time.monotonic() + (hours - margin) * 3600

    def is_open(self):
        return time.monotonic() < self.ends

`
    : ""
}
def train(config, data_path, output):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(config["base_model"])
    model = ExpertRouter(MoEConfig(**config["moe"])).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config["learning_rate"])
    training, validation = split(read_dialogues(data_path), 0.9, config["seed"])
${version >= 3 ? '    window = TrainingWindow(config["window_hours"])\n' : ""}    for epoch in range(config["epochs"]):
        for number, batch in enumerate(batches(training, config["batch_size"])):
${version >= 3 ? "            if not window.is_open():\n                break\n" : ""}            loss = step(model, optimizer, batch, tokenizer, device)
            if number % ${version >= 2 ? 10 : 50} == 0:
                print(f"epoch {epoch} batch {number} loss {loss:.4f}")
${version >= 4 ? '        print("load", expert_load(model))\n' : ""}    output.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), output / "model.pt")
    return len(validation)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="${config}")
    parser.add_argument("--data", default="${data}")
    parser.add_argument("--output", type=Path, default=Path("${output}"))
    arguments = parser.parse_args()
    with open(arguments.config, encoding="utf-8") as handle:
        config = json.load(handle)
    train(config, arguments.data, arguments.output)


if __name__ == "__main__":
    main()
`;
}

/** The expert layer. The Lightning package's copy is version 2 in other formatting, or as it was. */
export function moeArchitecture(w: World, version: 1 | 2 | 3, isReformatted = false): string {
  const quote = isReformatted ? "'" : '"';
  const wide = isReformatted
    ? `    def __init__(
        self,
        config,
    ):
        super().__init__()`
    : `    def __init__(self, config):
        super().__init__()`;
  return `"""Experts per domain behind a learned router."""

from dataclasses import dataclass

import ${w.import("torch", "installed-elsewhere")}
from ${w.import("torch", "installed-elsewhere")} import nn

DOMAINS = (${["psychology", "mental_health", "bias_detection", "general_therapeutic"].map((one) => `${quote}${one}${quote}`).join(isReformatted ? ",\n           " : ", ")})


@dataclass
class MoEConfig:
    hidden_size: int = 512
    experts: int = 4
    experts_per_token: int = 2
    balance_weight: float = 0.01
${version >= 2 ? "    router_z_weight: float = 0.001\n" : ""}

class Expert(nn.Module):
${wide}
        self.up = nn.Linear(config.hidden_size, 4 * config.hidden_size)
        self.down = nn.Linear(4 * config.hidden_size, config.hidden_size)

    def forward(self, hidden):
        return self.down(torch.nn.functional.silu(self.up(hidden)))


class ExpertRouter(nn.Module):
    """Sends each token to its best experts and mixes what they answer."""

${wide}
        self.config = config
        self.gate = nn.Linear(config.hidden_size, config.experts, bias=False)
        self.experts = nn.ModuleList(Expert(config) for _ in range(config.experts))

    def forward(self, hidden):
        scores = self.gate(hidden)
        weights, chosen = torch.topk(scores.softmax(dim=-1), self.config.experts_per_token)
        mixed = torch.zeros_like(hidden)
        for number, expert in enumerate(self.experts):
            share = (weights * (chosen == number)).sum(dim=-1, keepdim=True)
            mixed = mixed + share * expert(hidden)
        return mixed

    def balance_loss(self, scores):
        load = scores.softmax(dim=-1).mean(dim=(0, 1))
        return self.config.balance_weight * self.config.experts * (load * load).sum()
${
  version >= 2
    ? `
    def router_z_loss(self, scores):
        return self.config.router_z_weight * torch.logsumexp(scores, dim=-1).square().mean()
`
    : ""
}${
    version >= 3
      ? `

def expert_load(model):
    """Share of the gate's weight that each domain holds."""
    norms = model.gate.weight.norm(dim=1)
    return dict(zip(DOMAINS, (norms / norms.sum()).tolist()))
`
      : ""
  }`;
}

/** The run that fits itself to the time window. */
export function trainOptimized(w: World): string {
  const { names: n } = w;
  const here = `${n.therapeutic}/training_scripts`;
  return `"""Pick a run profile that fits the window, then train with it."""

import argparse
import json
from pathlib import Path

from ${w.import("training_optimizer", "resolves", `${here}/training_optimizer.py`)} import PROFILES, fit_profile
from ${w.import("train_moe_h100", "resolves", `${here}/train_moe_h100.py`)} import read_dialogues, train

HERE = Path(__file__).resolve().parent
DEFAULT = HERE.parent / "${w.resolves("configs/moe_training_config.json", `${n.therapeutic}/configs/moe_training_config.json`)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="balanced")
    parser.add_argument("--hours", type=float, default=12.0)
    parser.add_argument("--data", required=True)
    arguments = parser.parse_args()
    config = json.loads(DEFAULT.read_text(encoding="utf-8"))
    samples = len(read_dialogues(arguments.data))
    profile = fit_profile(arguments.profile, samples, config["epochs"], arguments.hours)
    config.update(profile.as_config())
    output = Path("${w.reference("outputs/optimized", "generated", `${n.therapeutic}/outputs/optimized`)}")
    output.mkdir(parents=True, exist_ok=True)
    train(config, arguments.data, output)


if __name__ == "__main__":
    main()
`;
}

export const trainingOptimizer = `"""Run profiles and the time they need."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    batch_size: int
    accumulation: int
    length: int
    checkpointing: bool
    tokens_per_second: float

    def as_config(self):
        return {"batch_size": self.batch_size, "accumulation": self.accumulation}


PROFILES = {
    "fast": Profile(8, 4, 1024, False, 1200.0),
    "balanced": Profile(4, 8, 2048, True, 800.0),
    "quality": Profile(2, 16, 4096, True, 400.0),
    "memory_efficient": Profile(1, 32, 2048, True, 300.0),
}


def hours_needed(profile, samples, epochs):
    tokens = samples * epochs * profile.length * 0.5
    return tokens / profile.tokens_per_second / 3600


def fit_profile(wanted, samples, epochs, hours, margin=0.5):
    """The wanted profile if it ends in time, else the fastest one."""
    profile = PROFILES[wanted]
    if hours_needed(profile, samples, epochs) <= hours - margin:
        return profile
    return PROFILES["fast"]
`;
