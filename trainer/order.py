"""The order file: which documents stand in which row, which rows in which step; and batches made from it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer.attention import Documents
from trainer.errors import bad_data


@dataclass(frozen=True)
class Step:
    rows: list[list[int]]
    tokens: int
    supervised: int


@dataclass(frozen=True)
class StageOrder:
    name: str
    steps: list[Step]
    validation: list[list[int]]
    steps_per_epoch: int


@dataclass(frozen=True)
class Batch:
    ids: torch.Tensor  # (tokens,)
    documents: Documents
    rows: torch.Tensor  # places whose next token is a target
    targets: torch.Tensor
    domains: list[str]  # one a document
    owner: torch.Tensor  # document of each target


class Shard:
    """One split's tokens, mask and document table; token files are mapped, not read."""

    def __init__(self, run: Path, split: str) -> None:
        folder = run / "data"
        try:
            lines = (folder / f"{split}.docs.jsonl").read_bytes().splitlines()
            self.docs: list[dict[str, Any]] = [json.loads(line) for line in lines]
            empty = not self.docs
            tokens, mask = folder / f"{split}.tokens.u32", folder / f"{split}.mask.u8"
            self.tokens = np.zeros(0, "<u4") if empty else np.memmap(tokens, dtype="<u4", mode="r")
            self.mask = np.zeros(0, "u1") if empty else np.memmap(mask, dtype="u1", mode="r")
        except (OSError, ValueError) as error:
            bad_data(f"data/{split} of the run cannot be read: {error}", "Remove data/ of the run and resume.")
        total = sum(one["length"] for one in self.docs)
        if len(self.tokens) != total or len(self.mask) != total:
            bad_data(f"data/{split} of the run is cut short", "Remove data/ of the run and resume.")

    def batch(self, rows: list[list[int]], device: torch.device) -> Batch:
        """Documents of several rows laid end to end; the target of a place is its document's next token."""
        picked = [self.docs[index] for row in rows for index in row]
        spans = [(one["offset"], one["offset"] + one["length"]) for one in picked]
        ids = np.concatenate([self.tokens[a:b] for a, b in spans]).astype(np.int64)
        mask = np.concatenate([self.mask[a:b] for a, b in spans])
        lengths = [one["length"] for one in picked]
        starts = np.cumsum([0, *lengths[:-1]])
        wanted = mask.astype(bool)
        wanted[starts] = False  # a document's first token has no predecessor
        places = np.flatnonzero(wanted)
        owner = np.searchsorted(starts, places, side="right") - 1
        return Batch(
            torch.from_numpy(ids).to(device),
            Documents.of(lengths, device),
            torch.from_numpy(places - 1).to(device),
            torch.from_numpy(ids[places]).to(device),
            [one["domain"] for one in picked],
            torch.from_numpy(owner).to(device),
        )


def read_order(run: Path) -> tuple[list[StageOrder], str]:
    """The stages' orders and the file's hash, which is checked against its contents."""
    path = run / "order.json"
    try:
        value = json.loads(path.read_text("utf-8"))
        claimed = value.pop("sha256")
    except (OSError, ValueError, KeyError):
        bad_data(f"{path} is missing or damaged", "Remove it and resume: it is made again, the same.")
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(canonical.encode()).hexdigest() != claimed:
        bad_data(f"{path} differs from its hash", "Remove it and resume: it is made again, the same.")
    stages = []
    for one in value["stages"]:
        rows: list[list[int]] = one["rows"]
        steps = [Step(rows[s["first"] : s["first"] + s["count"]], s["tokens"], s["supervised"]) for s in one["steps"]]
        stages.append(StageOrder(one["name"], steps, one["validation"], one["stepsPerEpoch"]))
    return stages, claimed
