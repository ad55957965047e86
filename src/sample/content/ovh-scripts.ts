import type { World } from "../world.ts";

/** Staged fine-tuning; each stage starts from the one before. */
export function trainOvh(w: World): string {
  return `"""Fine-tune in stages: foundation, reasoning, voice."""

import argparse
import json
import os
from pathlib import Path

import ${w.import("torch", "installed-elsewhere")}
from ${w.import("transformers", "installed-elsewhere")} import AutoModelForCausalLM, AutoTokenizer

STAGES = {
    "foundation": {"epochs": 3, "lr": 2e-4, "after": None},
    "reasoning": {"epochs": 2, "lr": 1e-4, "after": "foundation"},
    "voice": {"epochs": 2, "lr": 5e-5, "after": "reasoning"},
}


def start_of(stage, checkpoints):
    before = STAGES[stage]["after"]
    if before is None:
        return os.environ.get("BASE_MODEL", "${w.reference("LatitudeGames/Wayfarer-2-12B", "external")}")
    return str(checkpoints / before / "final")


def dialogues(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["messages"] for line in lines if line.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=list(STAGES), required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--checkpoints", type=Path, default=Path("${w.reference("checkpoints", "generated", `${w.names.ovh}/checkpoints`, { accept: ["unknown"] })}"))
    arguments = parser.parse_args()
    source = start_of(arguments.stage, arguments.checkpoints)
    tokenizer = AutoTokenizer.from_pretrained(source)
    model = AutoModelForCausalLM.from_pretrained(source, torch_dtype=torch.bfloat16)
    plan = STAGES[arguments.stage]
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan["lr"])
    for _ in range(plan["epochs"]):
        for messages in dialogues(arguments.data):
            ids = tokenizer.apply_chat_template(messages, return_tensors="pt")
            loss = model(ids, labels=ids).loss
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    final = arguments.checkpoints / arguments.stage / "final"
    final.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(final)
    tokenizer.save_pretrained(final)


if __name__ == "__main__":
    main()
`;
}

/** Finds its sibling only in the image, where both are copied into one folder. */
export function inferenceServer(w: World): string {
  const optimizer = `${w.names.therapeutic}/training_scripts/inference_optimizer.py`;
  return `"""Serve the fine-tuned model in a container."""

import asyncio
import os

from ${w.import("fastapi", "installed-elsewhere")} import FastAPI, Request
from ${w.import("fastapi.responses", "installed-elsewhere")} import StreamingResponse

from ${w.import("inference_optimizer", "resolves", optimizer)} import ResponseCache

MODEL = os.environ.get("MODEL_DIR", "${w.reference("/models/current", "external", undefined, { accept: ["machine"] })}")
app = FastAPI()
cache = ResponseCache(entries=500, seconds=1800)


@app.get("/health")
def health():
    return {"status": "ok", "model": os.path.basename(MODEL)}


async def words(text):
    for word in text.split():
        yield word + " "
        await asyncio.sleep(0)


@app.post("/generate")
async def generate(request: Request):
    body = await request.json()
    key = (body.get("client_id"), body["prompt"])
    text = cache.get(key) or "This is a synthetic answer."
    cache.put(key, text)
    return StreamingResponse(words(text), media_type="text/plain")
`;
}

const shapes = `def turns(record):
    """Messages of any shape that was met, or None."""
    if "messages" in record:
        return record["messages"]
    if "conversations" in record:
        names = {"human": "user", "gpt": "assistant", "system": "system"}
        return [{"role": names[one["from"]], "content": one["value"]} for one in record["conversations"]]
    if "instruction" in record:
        asked = "\\n".join(part for part in (record["instruction"], record.get("input")) if part)
        return [{"role": "user", "content": asked}, {"role": "assistant", "content": record["output"]}]
    if "question" in record:
        return [{"role": "user", "content": record["question"]}, {"role": "assistant", "content": record["answer"]}]
    return None


def is_usable(messages):
    return bool(messages) and messages[-1]["role"] == "assistant" and all(one["content"].strip() for one in messages)
`;

export function chatmlProcessor(w: World): string {
  return `"""Bring records of many shapes into ChatML."""

import argparse
import json
from pathlib import Path


${shapes}

def convert(path, limit=None):
    kept = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        messages = turns(json.loads(line))
        if is_usable(messages):
            kept.append({"messages": messages})
        if limit is not None and len(kept) >= limit:
            break
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", default="${w.reference(`data/${w.names.voices}.jsonl`, "missing-data", `${w.names.ovh}/data/${w.names.voices}.jsonl`, { dataset: `${w.names.voices}.jsonl` })}")
    parser.add_argument("--output", default="${w.reference("data/chatml.jsonl", "generated", `${w.names.ovh}/data/chatml.jsonl`, { accept: ["missing-data"], dataset: "chatml.jsonl" })}")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    records = convert(arguments.input, arguments.limit)
    with open(arguments.output, "w", encoding="utf-8") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False) + "\\n")


if __name__ == "__main__":
    main()
`;
}

/** Grew out of the other processor: same shapes, a folder at a time, constant memory. */
export function streamingProcessor(): string {
  return `"""Bring folders of records into ChatML without holding them in memory."""

import argparse
import hashlib
import json
import logging
from pathlib import Path

log = logging.getLogger("streaming")


${shapes}

def fingerprint(messages):
    text = "\\n".join(one["content"].casefold() for one in messages)
    return hashlib.sha256(text.encode()).hexdigest()


def stream(folder):
    for path in sorted(Path(folder).rglob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield path, number, json.loads(line)
                except ValueError:
                    log.warning("%s line %d is no JSON", path.name, number)


def convert(folder):
    seen = set()
    for _, _, record in stream(folder):
        messages = turns(record)
        if not is_usable(messages):
            continue
        mark = fingerprint(messages)
        if mark in seen:
            continue
        seen.add(mark)
        yield {"messages": messages}


class Shards:
    """Files of at most \`size\` records."""

    def __init__(self, folder, size=10000):
        self.folder = Path(folder)
        self.size = size
        self.count = 0
        self.handle = None

    def write(self, record):
        if self.count % self.size == 0:
            self.close()
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"part-{self.count // self.size:05d}.jsonl"
            self.handle = (self.folder / name).open("w", encoding="utf-8")
        self.handle.write(json.dumps(record, ensure_ascii=False) + "\\n")
        self.count += 1

    def close(self):
        if self.handle is not None:
            self.handle.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    shards = Shards(arguments.output)
    for record in convert(arguments.input):
        shards.write(record)
    shards.close()
    log.info("%d records", shards.count)


if __name__ == "__main__":
    main()
`;
}
