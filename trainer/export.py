"""`python -m trainer export --run DIR --form hf|dense|adapters --out DIR`: what others can load.

`hf` is a plain Mixtral (or Qwen3-MoE) for experts, else the base's family; `dense` soups the experts; `adapters` is
PEFT's form. Tensors are streamed: no model is held whole.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from trainer.base import read_config, read_shape, weight_files
from trainer.control import Control
from trainer.errors import bad_data, bad_recipe
from trainer.events import EventLog, read_events
from trainer.job import Job
from trainer.merge import Trained, dense_tensors, mixture_tensors
from trainer.stages import base_folder
from trainer.tokens import ChatTokenizer

SHARD_BYTES = 4 << 30
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
TOKENIZER_FILES = ("tokenizer.json", "special_tokens_map.json", "vocab.json", "merges.txt", "added_tokens.json")


def read_trained(run: Path, job: Job) -> Trained:
    """The run's `final/`; without one it is not finished."""
    folder = run / "final"
    if not (folder / "adapter.json").exists():
        bad_data(
            f"{run} has no final/: the run is not finished", "Finish it with `train resume`.", "E_TRAIN_UNFINISHED"
        )
    facts = json.loads((folder / "adapter.json").read_text("utf-8"))
    base = base_folder(run, job)
    return Trained(base, read_shape(base), facts, load_file(folder / "adapter.safetensors"))


def base_dtype(trained: Trained) -> torch.dtype:
    """The dtype of the base's weights: what an export is written in."""
    if trained.mode == "full":
        return torch.float32
    path = weight_files(trained.base)["model.embed_tokens.weight"]
    with safe_open(path, "pt") as file:
        return file.get_tensor("model.norm.weight").dtype if "model.norm.weight" in file.keys() else torch.float32  # noqa: SIM118


def save_shared(tensors: dict[str, torch.Tensor], path: Path) -> None:
    """A safetensors file that others may read: the library makes it private."""
    save_file(tensors, path, {"format": "pt"})
    path.chmod(0o644)


class ShardWriter:
    """safetensors files of bounded size and their index, named as Transformers names them."""

    def __init__(self, folder: Path, dtype: torch.dtype) -> None:
        self.folder, self.dtype = folder, dtype
        self.pending: dict[str, torch.Tensor] = {}
        self.size = self.total = 0
        self.shards: list[list[str]] = []

    def add(self, name: str, tensor: torch.Tensor) -> None:
        part = tensor.detach().to(self.dtype).contiguous()
        size = part.numel() * part.element_size()
        if self.pending and self.size + size > SHARD_BYTES:
            self.flush()
        self.pending[name] = part.clone() if part.data_ptr() == tensor.data_ptr() else part
        self.size, self.total = self.size + size, self.total + size

    def flush(self) -> None:
        path = self.folder / f"part-{len(self.shards)}"
        save_shared(self.pending, path)
        self.shards.append(list(self.pending))
        self.pending, self.size = {}, 0

    def close(self) -> None:
        if self.pending:
            self.flush()
        count = len(self.shards)
        names = (
            ["model.safetensors"]
            if count == 1
            else [f"model-{n + 1:05d}-of-{count:05d}.safetensors" for n in range(count)]
        )
        for index, name in enumerate(names):
            os.replace(self.folder / f"part-{index}", self.folder / name)
        if count > 1:
            table = {tensor: names[index] for index, tensors in enumerate(self.shards) for tensor in tensors}
            write_json(
                self.folder / "model.safetensors.index.json",
                {"metadata": {"total_size": self.total}, "weight_map": table},
            )


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def exported_config(trained: Trained, mixture: bool, routes_all: bool, dtype: torch.dtype) -> dict[str, Any]:
    """The base's config with what changed; head_dim stands explicitly."""
    config = read_config(trained.base)
    config.pop("torch_dtype", None)
    config |= {"head_dim": trained.shape.head_dim, "dtype": str(dtype).removeprefix("torch.")}
    if not mixture:
        return config
    top_k = int(trained.facts["topK"])
    shared = {"num_experts_per_tok": top_k, "router_aux_loss_coef": 0.01, "output_router_logits": False}
    if trained.shape.family == "qwen3":
        dense = [] if routes_all else sorted(set(range(trained.shape.layers)) - set(trained.layers))
        own = {"num_experts": trained.experts, "moe_intermediate_size": trained.shape.ffn, "norm_topk_prob": True}
        kind = {"architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe"}
        return config | shared | own | kind | {"decoder_sparse_step": 1, "mlp_only_layers": dense}
    if trained.shape.bias:
        bad_recipe("Mixtral has no attention bias and the base has one", "Use --format dense or adapters.")
    kind = {"architectures": ["MixtralForCausalLM"], "model_type": "mixtral"}
    for key in ("attention_bias", "mlp_bias", "pretraining_tp"):
        config.pop(key, None)
    config.setdefault("sliding_window", None)
    return config | shared | kind | {"num_local_experts": trained.experts, "router_jitter_noise": 0.0}


def write_tokenizer(trained: Trained, out: Path) -> None:
    """Tokenizer files, chat template and generation config: a turn ends with the format's end token."""
    tokenizer = ChatTokenizer(trained.base)
    for name in TOKENIZER_FILES:
        if (trained.base / name).exists():
            shutil.copyfile(trained.base / name, out / name)
    path = trained.base / "tokenizer_config.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    template = tokenizer.format.template(bool(tokenizer.bos))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **known, "chat_template": template}
    settings["eos_token"] = tokenizer.format.end
    settings.setdefault("pad_token", tokenizer.format.end)
    if tokenizer.bos and "bos_token" not in known:
        settings["bos_token"] = tokenizer.tokenizer.id_to_token(tokenizer.bos[0])
    write_json(out / "tokenizer_config.json", settings)
    (out / "chat_template.jinja").write_text(template, "utf-8")
    config = read_config(trained.base)
    ends = [tokenizer.control[tokenizer.format.end]]
    own = config.get("eos_token_id")
    for one in own if isinstance(own, list) else [own]:
        if isinstance(one, int) and one not in ends:
            ends.append(one)
    generation: dict[str, Any] = {"eos_token_id": ends if len(ends) > 1 else ends[0]}
    if isinstance(config.get("bos_token_id"), int):
        generation["bos_token_id"] = config["bos_token_id"]
    write_json(out / "generation_config.json", {"do_sample": False, **generation})


def expert_load(run: Path, trained: Trained) -> list[list[float]]:
    """Mean routing weight by layer and expert over the last evaluation; equal shares where none was made."""
    evaluations = [event for event in read_events(run / "events.jsonl") if event["type"] == "eval" and event["load"]]
    if evaluations:
        return [list(row) for row in evaluations[-1]["load"]]
    return [[1 / trained.experts] * trained.experts for _ in range(trained.shape.layers)]


def write_model(
    trained: Trained,
    out: Path,
    tensors: Iterator[tuple[str, torch.Tensor]],
    config: dict[str, Any],
    dtype: torch.dtype,
) -> None:
    writer = ShardWriter(out, dtype)
    for name, tensor in tensors:
        writer.add(name, tensor)
    writer.close()
    write_json(out / "config.json", config)
    write_tokenizer(trained, out)


def write_adapters(trained: Trained, out: Path) -> None:
    """PEFT folders: one for plain LoRA; for experts one each, with the shared attention LoRA in every one."""
    if trained.mode == "full":
        bad_recipe("a fully trained model has no adapter", "Use --format hf.")
    entries: list[dict[str, Any]] = []
    for expert, domain in enumerate(trained.facts["experts"]) if trained.mode == "experts" else [(None, None)]:
        folder = out / (domain or "adapter")
        folder.mkdir(parents=True)
        tensors: dict[str, torch.Tensor] = {}
        for name, part in trained.tensors.items():
            if name.endswith(".router"):
                continue
            own = part[expert] if ".mlp.experts." in name else part
            at = name.replace(".mlp.experts.", ".mlp.").rsplit(".", 1)
            tensors[f"base_model.model.model.{at[0]}.{at[1]}.weight"] = own.contiguous().clone()
        save_shared(tensors, folder / "adapter_model.safetensors")
        write_json(folder / "adapter_config.json", adapter_config(trained, tensors))
        write_tokenizer(trained, folder)
        entries.append({"path": folder.name, "domain": domain, "expert": expert})
    write_json(out / "adapters.json", {"adapters": entries})


def adapter_config(trained: Trained, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    """PEFT's config; `rank_pattern` and `alpha_pattern` where the experts' rank differs from attention's."""
    facts = trained.facts
    targets = sorted({name.split(".")[-3] for name in tensors})
    mlp = {"gate_proj", "up_proj", "down_proj"} & set(targets)
    differs = trained.mode == "experts" and (facts["rank"], facts["alpha"]) != (
        facts["expertRank"],
        facts["expertAlpha"],
    )
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(trained.base),
        "r": facts["rank"],
        "lora_alpha": facts["alpha"],
        "lora_dropout": 0.0,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "target_modules": targets,
        "rank_pattern": {name: facts["expertRank"] for name in sorted(mlp)} if differs else {},
        "alpha_pattern": {name: facts["expertAlpha"] for name in sorted(mlp)} if differs else {},
        "layers_to_transform": None,
    }


def export(
    run: Path, job: Job, events: EventLog, form: str, out: Path, dtype: str | None, control: Control | None = None
) -> dict[str, Any]:
    """Writes the export beside `out` and renames it into place when whole; with `control` it is evaluated first."""
    trained = read_trained(run, job)
    if out.exists() and any(out.iterdir()):
        bad_recipe(f"{out} is not empty", "Name a new folder.", "E_TRAIN_OUT_EXISTS")
    temporary = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    wanted = DTYPES[dtype] if dtype else base_dtype(trained)
    mixture = form in ("hf", "mixture") and trained.mode == "experts"
    # Mixtral routes in every layer, and so does everything that llama.cpp loads (`mixture`).
    routes_all = form == "mixture" or trained.shape.family != "qwen3"
    config = exported_config(trained, mixture, routes_all, wanted)
    if form == "adapters":
        write_adapters(trained, temporary)
    elif mixture:
        write_model(trained, temporary, mixture_tensors(trained, routes_all), config, wanted)
    else:
        load = expert_load(run, trained) if trained.mode == "experts" else None
        write_model(trained, temporary, dense_tensors(trained, load), config, wanted)
    facts: dict[str, Any] = {"mixture": mixture, "dtype": str(wanted).removeprefix("torch.")}
    if control is not None and form in ("hf", "dense"):
        from trainer.export_loss import export_losses

        facts["losses"] = export_losses(run, job, temporary, control)
    if out.exists():
        out.rmdir()
    os.replace(temporary, out)
    events.emit("export", format=form, path=str(out), **facts)
    return facts
