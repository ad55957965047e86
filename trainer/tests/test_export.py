"""What others load: strictly, and with the trained model's logits."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from trainer.attention import Documents
from trainer.base import load_weights, read_shape
from trainer.events import EventLog
from trainer.experts import ExpertSettings
from trainer.export import export
from trainer.final import adapter_json
from trainer.job import Job, build
from trainer.model import Model, logits
from trainer.parameters import fresh_adapter
from trainer.tests.bases import CONFIGS, VOCABULARY, write_base
from trainer.tests.jobs import job_value

CPU = torch.device("cpu")
AUTO: Any = AutoModelForCausalLM
IDS = torch.randint(0, VOCABULARY, (80,), generator=torch.Generator().manual_seed(4))


def finished_run(folder: Path, family: str, mode: str, **moe: Any) -> tuple[Path, Job, Model]:
    """A run folder with a random final adapter, and the model it stands for."""
    base, run = folder / "base", folder / "run"
    base.mkdir()
    (run / "final").mkdir(parents=True)
    write_base(base, family)
    value = job_value(base, mode)
    value["moe"] |= moe
    job: Job = build(Job, value, "job.json")
    shape = read_shape(base)
    generator = torch.Generator().manual_seed(11)
    adapter = fresh_adapter(job, job.stages[0], shape)
    adapter = {name: torch.randn(part.shape, generator=generator) * 0.2 for name, part in adapter.items()}
    experts = ExpertSettings(4, 2, job.moe.rank, job.moe.alpha / job.moe.rank) if mode == "experts" else None
    weights = load_weights(base, shape, torch.float32, CPU)
    model = Model(shape, weights, adapter, job.lora.alpha / job.lora.rank, experts)
    save_file(adapter, run / "final" / "adapter.safetensors")
    (run / "final" / "adapter.json").write_text(json.dumps(adapter_json(job, mode, model)))
    return run, job, model


def strictly_loaded(folder: Path) -> Any:
    model, info = AUTO.from_pretrained(folder, output_loading_info=True, attn_implementation="eager")
    assert not info["missing_keys"] and not info["unexpected_keys"] and not info["mismatched_keys"]
    return model.float()


def difference(model: Model, oracle: Any) -> float:
    with torch.no_grad():
        ours = logits(model, IDS, Documents.of([len(IDS)], CPU))
        theirs = oracle(IDS[None]).logits[0]
    assert torch.equal(ours.argmax(-1), theirs.argmax(-1))
    return float((ours - theirs).abs().max())


def exported(folder: Path, run: Path, job: Job, form: str) -> Path:
    out = folder / "out"
    export(run, job, EventLog(run, "test", False), form, out, None)
    return out


@pytest.mark.parametrize("family", CONFIGS)
def test_merged_lora_loads_strictly_and_is_the_same(family: str, tmp_path: Path) -> None:
    run, job, model = finished_run(tmp_path, family, "lora")
    assert difference(model, strictly_loaded(exported(tmp_path, run, job, "hf"))) <= 1e-4


@pytest.mark.parametrize(("family", "layers"), [("llama", None), ("llama3", None), ("mistral", 1), ("qwen3", 1)])
def test_experts_become_a_plain_mixture(family: str, layers: int | None, tmp_path: Path) -> None:
    run, job, model = finished_run(tmp_path, family, "experts", layers=layers)
    out = exported(tmp_path, run, job, "hf")
    assert json.loads((out / "config.json").read_text())["head_dim"] == 12
    assert difference(model, strictly_loaded(out)) <= 1e-4


def test_one_peft_adapter_an_expert(tmp_path: Path) -> None:
    run, job, _ = finished_run(tmp_path, "llama", "experts", layers=1)
    out = exported(tmp_path, run, job, "adapters")
    listed = json.loads((out / "adapters.json").read_text())["adapters"]
    assert [one["domain"] for one in listed] == job.moe.experts
    for one in listed:
        oracle: Any = PeftModel
        theirs = oracle.from_pretrained(AUTO.from_pretrained(tmp_path / "base"), out / one["path"])
        final = Model(
            read_shape(tmp_path / "base"),
            load_weights(tmp_path / "base", read_shape(tmp_path / "base"), torch.float32, CPU),
        )
        own = single_expert(run, job, one["expert"], final)
        assert difference(own, theirs) <= 1e-4


def single_expert(run: Path, job: Job, expert: int, model: Model) -> Model:
    """The trained model with one expert always chosen alone."""
    from safetensors.torch import load_file

    adapter = load_file(run / "final" / "adapter.safetensors")
    picked = {n: p[expert : expert + 1] if ".mlp." in n else p for n, p in adapter.items()}
    settings = ExpertSettings(1, 1, job.moe.rank, job.moe.alpha / job.moe.rank)
    return Model(model.shape, model.weights, picked, job.lora.alpha / job.lora.rank, settings)


def test_plain_lora_as_a_peft_adapter(tmp_path: Path) -> None:
    run, job, model = finished_run(tmp_path, "qwen2", "lora")
    out = exported(tmp_path, run, job, "adapters")
    oracle: Any = PeftModel
    theirs = oracle.from_pretrained(AUTO.from_pretrained(tmp_path / "base"), out / "adapter")
    assert difference(model, theirs) <= 1e-4


def test_the_soup_of_equal_experts_is_each_of_them(tmp_path: Path) -> None:
    run, job, _ = finished_run(tmp_path, "llama", "experts")
    from safetensors.torch import load_file

    adapter = load_file(run / "final" / "adapter.safetensors")
    equal = {n: p[:1].expand_as(p).contiguous() if ".experts." in n else p for n, p in adapter.items()}
    save_file(equal, run / "final" / "adapter.safetensors")
    base = tmp_path / "base"
    plain = Model(read_shape(base), load_weights(base, read_shape(base), torch.float32, CPU))
    theirs = strictly_loaded(exported(tmp_path, run, job, "dense"))
    assert difference(single_expert(run, job, 0, plain), theirs) <= 1e-4


def test_the_tokenizer_comes_along_with_its_template(tmp_path: Path) -> None:
    run, job, _ = finished_run(tmp_path, "mistral", "lora")
    auto: Any = AutoTokenizer
    tokenizer = auto.from_pretrained(exported(tmp_path, run, job, "hf"))
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": "hi"}], tokenize=False, add_generation_prompt=True
    )
    assert text == "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"
    assert tokenizer.eos_token == "<|im_end|>"
