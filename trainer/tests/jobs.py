"""A job as the launcher writes it, for tests that need no launcher."""

from pathlib import Path
from typing import Any


def job_value(base: Path, mode: str, **changes: Any) -> dict[str, Any]:
    """`job.json` for one stage of `mode` on a base folder."""
    value: dict[str, Any] = {
        "version": 1,
        "run": "test",
        "base": str(base),
        "make_base": False,
        "seed": 1,
        "length": 128,
        "sources": [],
        "stages": [{"name": "train", "mode": mode, "split": "train", "validation": "validation", "lr": 0.01}],
        "lora": {
            "rank": 4,
            "alpha": 8,
            "targets": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        },
        "moe": {
            "experts": ["psychology", "mental_health", "bias_detection", "general_therapeutic"],
            "top_k": 2,
            "rank": 3,
            "alpha": 6,
            "balance": 0.01,
            "z": 0.001,
            "layers": None,
        },
        "weight_decay": 0.0,
        "clip": 1.0,
        "schedule": "wsd",
        "warmup_steps": 10,
        "warmup_share": 0.03,
        "decay_share": 0.2,
        "micro_rows": 2,
        "recompute": "none",
        "eval_every_steps": 500,
        "eval_max_rows": 8,
        "checkpoint_every_steps": None,
        "checkpoint_every_minutes": 10,
        "checkpoint_keep": 5,
        "early_stopping": None,
        "deadline": None,
        "device": "cpu",
        "threads": 1,
        "deterministic": True,
        "compile": False,
        "recipe_hash": "r",
        "data_root": "d",
    }
    return value | changes
