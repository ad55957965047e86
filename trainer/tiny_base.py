"""A base model made from a seed, so that a first run needs no download: a byte vocabulary and a two-layer Llama."""

import json
import os
from pathlib import Path
from typing import Any

import torch

from trainer.base import Shape, read_shape

HIDDEN, LAYERS, HEADS, KV_HEADS, FEED_FORWARD, CONTEXT = 64, 2, 4, 2, 192, 2048
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# Frequent English letter pairs: a GGUF tokenizer of the byte-pair kind needs at least one merge.
MERGES = ["Ġ t", "h e", "i n", "e r", "Ġ a", "o n", "o u", "r e", "Ġ s", "n d", "Ġ w", "a t"]


def byte_alphabet() -> list[str]:
    """The 256 printable stand-ins of bytes in byte-level BPE (the table of GPT-2)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}
    return [table[byte] for byte in range(256)]


def tokenizer_json() -> dict[str, Any]:
    """A byte-level BPE tokenizer with ChatML control tokens."""
    vocabulary = byte_alphabet() + [merge.replace(" ", "") for merge in MERGES]
    added = [
        {
            "id": len(vocabulary) + index,
            "content": token,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for index, token in enumerate(SPECIAL)
    ]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: index for index, token in enumerate(vocabulary)},
            "merges": [merge.split(" ") for merge in MERGES],
        },
    }


def config_json() -> dict[str, Any]:
    first = len(byte_alphabet()) + len(MERGES)
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": first + len(SPECIAL),
        "hidden_size": HIDDEN,
        "intermediate_size": FEED_FORWARD,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HIDDEN // HEADS,
        "hidden_act": "silu",
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "bos_token_id": first,
        "eos_token_id": first + SPECIAL.index("<|im_end|>"),
        "pad_token_id": first,
        "torch_dtype": "float32",
    }


def write_tiny_base(folder: Path) -> None:
    """Config and tokenizer; the weights follow when the base stage has trained them."""
    folder.mkdir(exist_ok=True)
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": SPECIAL[0],
        "eos_token": SPECIAL[2],
        "pad_token": SPECIAL[0],
        "model_max_length": CONTEXT,
    }
    files = {
        "config.json": config_json(),
        "tokenizer_config.json": tokenizer_config,
        "tokenizer.json": tokenizer_json(),
    }
    for name, value in files.items():
        temporary = folder / f"{name}.tmp"
        temporary.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
        os.replace(temporary, folder / name)


def random_weights(folder: Path, seed: int) -> tuple[Shape, dict[str, torch.Tensor]]:
    """Seeded starting weights: normal, 0.02, the residual outputs scaled by depth (GPT-2)."""
    shape = read_shape(folder)
    generator = torch.Generator().manual_seed(seed)
    weights: dict[str, torch.Tensor] = {}
    for name, size in shape.tensors().items():
        if len(size) == 1:
            weights[name] = torch.ones(size)
        else:
            last = name.endswith(("o_proj.weight", "down_proj.weight"))
            scale = 0.02 / (2 * shape.layers) ** 0.5 if last else 0.02 if "embed" in name else size[1] ** -0.5
            weights[name] = torch.randn(size, generator=generator) * scale
    return shape, weights
