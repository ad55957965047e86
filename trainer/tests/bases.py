"""Random tiny bases of every family, written by Transformers: what users' folders look like. Nothing is downloaded.

`python -m trainer.tests.bases FOLDER` writes them all.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

from trainer.tiny_base import tokenizer_json

VOCABULARY = 272
COMMON: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "bos_token_id": 268,
    "eos_token_id": 270,
}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
# head_dim differs from hidden / heads where the family lets it.
CONFIGS: dict[str, Callable[[], Any]] = {
    "llama": lambda: LlamaConfig(**COMMON, head_dim=12),
    "llama3": lambda: LlamaConfig(**COMMON, head_dim=12, rope_parameters=LLAMA3, tie_word_embeddings=True),
    "llama-bias": lambda: LlamaConfig(**COMMON, head_dim=12, rope_parameters=LLAMA3, attention_bias=True),
    "mistral": lambda: MistralConfig(**COMMON, head_dim=12, sliding_window=None),
    "qwen2": lambda: Qwen2Config(**COMMON, tie_word_embeddings=True),
    "qwen3": lambda: Qwen3Config(**COMMON, head_dim=12),
}


def random_model(family: str, dtype: torch.dtype = torch.float32) -> Any:
    """A model whose every tensor is random, norms and biases too."""
    auto: Any = AutoModelForCausalLM
    torch.manual_seed(sum(ord(letter) * (index + 1) for index, letter in enumerate(family)))
    model = auto.from_config(CONFIGS[family](), attn_implementation="eager").to(dtype)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.normal_(1.0 if "norm" in name else 0.0, 0.1 if "norm" in name else 0.15)
    return model


def write_base(folder: Path, family: str, dtype: torch.dtype = torch.float32, shards: str = "5GB") -> Any:
    """Writes the model with a ChatML tokenizer as a user would have it; gives the model."""
    model = random_model(family, dtype)
    model.save_pretrained(folder, max_shard_size=shards)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json()), "utf-8")
    return model


if __name__ == "__main__":
    for name in CONFIGS:
        place = Path(sys.argv[1]) / name
        place.mkdir(parents=True)
        write_base(place, name, torch.bfloat16 if name == "mistral" else torch.float32)
