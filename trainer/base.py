"""A base model from a Hugging Face folder: its shape, checked key by key, and its weights."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from trainer.errors import bad_base

FAMILIES = ("llama", "mistral", "qwen2", "qwen3")
HINT = "Supported: Llama, Mistral, Qwen2 and Qwen3 folders, unquantised."
# Values of further keys that leave the forward pass alone.
NEUTRAL: tuple[Any, ...] = (None, False, 0, 0.0, 1.0, [], {})
CHANGES_FORWARD = re.compile(
    r"softcap|multiplier|scal(e|ing)|quant|alibi|dropout|parallel|rotary|partial|window|expert|clip|norm|sparse"
)
KNOWN = {
    "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
    "head_dim", "hidden_act", "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling",
    "rope_parameters", "attention_bias", "mlp_bias", "tie_word_embeddings", "sliding_window", "use_sliding_window",
    "max_window_layers", "layer_types", "vocab_size", "model_type", "use_cache", "initializer_range",
    "attention_dropout", "pretraining_tp",
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What the forward pass needs to know of a base."""

    family: str
    vocab: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    eps: float
    theta: float
    llama3: dict[str, float] | None
    context: int
    tied: bool
    bias: tuple[str, ...]  # projections with a bias
    qk_norm: bool
    window: int | None

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Every tensor of the base by its Hugging Face name, in file order."""
        q, kv = self.heads * self.head_dim, self.kv_heads * self.head_dim
        found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (self.vocab, self.hidden)}
        for layer in range(self.layers):
            at = f"model.layers.{layer}"
            found[f"{at}.input_layernorm.weight"] = (self.hidden,)
            sizes = {"q": (q, self.hidden), "k": (kv, self.hidden), "v": (kv, self.hidden), "o": (self.hidden, q)}
            for name, size in sizes.items():
                found[f"{at}.self_attn.{name}_proj.weight"] = size
                if name in self.bias:
                    found[f"{at}.self_attn.{name}_proj.bias"] = size[:1]
            if self.qk_norm:
                found[f"{at}.self_attn.q_norm.weight"] = (self.head_dim,)
                found[f"{at}.self_attn.k_norm.weight"] = (self.head_dim,)
            found[f"{at}.post_attention_layernorm.weight"] = (self.hidden,)
            found[f"{at}.mlp.gate_proj.weight"] = (self.ffn, self.hidden)
            found[f"{at}.mlp.up_proj.weight"] = (self.ffn, self.hidden)
            found[f"{at}.mlp.down_proj.weight"] = (self.hidden, self.ffn)
        found["model.norm.weight"] = (self.hidden,)
        if not self.tied:
            found["lm_head.weight"] = (self.vocab, self.hidden)
        return found


def read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text("utf-8"))
    except OSError:
        bad_base(f"{path} does not exist", "Name a folder with config.json, tokenizer.json and safetensors.")
    except ValueError:
        bad_base(f"{path} is no JSON", "Restore the file from where the base came from.")
    return dict(config)


def rope(config: dict[str, Any], where: str) -> tuple[float, dict[str, float] | None]:
    """Base frequency and llama3 scaling, from the old keys or Transformers 5's `rope_parameters`."""
    scaling = config.get("rope_parameters") or config.get("rope_scaling") or {}
    theta = float(scaling.get("rope_theta") or config.get("rope_theta") or 10000.0)
    kind = scaling.get("rope_type") or scaling.get("type") or "default"
    if kind == "default":
        if scaling.get("partial_rotary_factor", 1.0) != 1.0:
            bad_base(f"{where}: partial_rotary_factor is not supported", HINT)
        return theta, None
    if kind != "llama3":
        bad_base(f"{where}: the rope type {kind} is not supported", "Supported rope types: default, llama3.")
    keys = ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings")
    missing = [key for key in keys if key not in scaling]
    if missing:
        bad_base(f"{where}: llama3 rope without {missing[0]}", "Restore config.json from where the base came from.")
    return theta, {key: float(scaling[key]) for key in keys}


def read_shape(folder: Path) -> Shape:
    """The shape in config.json; any key that would change the forward pass in a way we lack is refused by name."""
    config, where = read_config(folder), str(folder / "config.json")
    family = config.get("model_type")
    if family not in FAMILIES:
        bad_base(f"{where}: the architecture {family} is not supported", HINT)
    if config.get("quantization_config"):
        bad_base(f"{where}: the base is quantised", "Give the unquantised base; for QLoRA use `train render axolotl`.")
    if config.get("hidden_act", "silu") != "silu":
        bad_base(f"{where}: hidden_act {config['hidden_act']} is not supported", HINT)
    if config.get("mlp_bias"):
        bad_base(f"{where}: mlp_bias is not supported", HINT)
    kinds = config.get("layer_types") or []
    if config.get("attention_dropout") or any(kind not in ("full_attention", "sliding_attention") for kind in kinds):
        bad_base(f"{where}: attention_dropout or a layer type is not supported", HINT)
    for key, value in config.items():
        if key not in KNOWN and CHANGES_FORWARD.search(key) and value not in NEUTRAL:
            bad_base(f"{where}: the key {key} changes the forward pass and is not supported", HINT)
    try:
        heads, hidden = int(config["num_attention_heads"]), int(config["hidden_size"])
        window = config.get("sliding_window")
        if (family != "mistral" and not config.get("use_sliding_window", False)) or window is None:
            window = None
        theta, llama3 = rope(config, where)
        attention_bias = bool(config.get("attention_bias", False))
        bias: tuple[str, ...] = ("q", "k", "v") if family == "qwen2" else ()
        if attention_bias and family in ("llama", "qwen3"):
            bias = ("q", "k", "v", "o")
        return Shape(
            family=family,
            vocab=int(config["vocab_size"]),
            hidden=hidden,
            layers=int(config["num_hidden_layers"]),
            heads=heads,
            kv_heads=int(config.get("num_key_value_heads") or heads),
            head_dim=int(config.get("head_dim") or hidden // heads),
            ffn=int(config["intermediate_size"]),
            eps=float(config.get("rms_norm_eps", 1e-6)),
            theta=theta,
            llama3=llama3,
            context=int(config.get("max_position_embeddings", 2048)),
            tied=bool(config.get("tie_word_embeddings", False)),
            bias=bias,
            qk_norm=family == "qwen3",
            window=None if window is None else int(window),
        )
    except (KeyError, TypeError, ValueError) as error:
        bad_base(f"{where}: a size is missing or no number ({error})", "Restore config.json.")


def weight_files(folder: Path) -> dict[str, Path]:
    """Which file holds each tensor."""
    if (folder / "pytorch_model.bin").exists() and not list(folder.glob("*.safetensors")):
        bad_base(f"{folder} holds pickled weights only", "Convert them to safetensors; pickles are never opened.")
    index = folder / "model.safetensors.index.json"
    if index.exists():
        table: dict[str, str] = json.loads(index.read_text("utf-8"))["weight_map"]
        return {name: folder / file for name, file in table.items()}
    path = folder / "model.safetensors"
    if not path.exists():
        bad_base(f"{folder} has no model.safetensors", "Name a folder with config.json, tokenizer.json, safetensors.")
    try:
        with safe_open(path, "pt") as file:
            return {name: path for name in file.keys()}  # noqa: SIM118 - not a mapping
    except SafetensorError as error:
        bad_base(f"{path} cannot be read: {error}", "Restore the file from where the base came from.")


def load_weights(folder: Path, shape: Shape, dtype: torch.dtype, device: torch.device) -> dict[str, torch.Tensor]:
    """Every tensor of the base; a missing, surplus or misshapen one is refused by name."""
    files, wanted = weight_files(folder), shape.tensors()
    surplus = set(files) - set(wanted) - {"lm_head.weight"}
    surplus = {name for name in surplus if not name.endswith("rotary_emb.inv_freq")}
    missing = sorted(set(wanted) - set(files))
    if missing or surplus:
        kind, name = ("lacks", missing[0]) if missing else ("has the unknown tensor", sorted(surplus)[0])
        bad_base(f"{folder} {kind} {name}", "config.json and weights do not belong together.")
    weights: dict[str, torch.Tensor] = {}
    for path in sorted(set(files.values())):
        try:
            with safe_open(path, "pt") as file:
                for name in file.keys():  # noqa: SIM118 - not a mapping
                    if name not in wanted:
                        continue
                    tensor = file.get_tensor(name)
                    if tuple(tensor.shape) != wanted[name]:
                        message = f"{path}: {name} is {list(tensor.shape)}, config.json says {list(wanted[name])}"
                        bad_base(message, "config.json and weights do not belong together.")
                    weights[name] = tensor.to(device=device, dtype=dtype)
        except (SafetensorError, OSError) as error:
            bad_base(f"{path} cannot be read: {error}", "Restore the file from where the base came from.")
    return weights


def base_hash(folder: Path) -> str:
    """SHA-256 over config and weight files: each file's name and digest."""
    digest = hashlib.sha256()
    for path in sorted([folder / "config.json", *folder.glob("*.safetensors")]):
        with open(path, "rb") as file:
            digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()
