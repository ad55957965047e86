"""What is refused of a base folder, each by name and with status 64."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from trainer.base import load_weights, read_shape
from trainer.errors import WorkerError
from trainer.job import Job, build
from trainer.stages import check_fit
from trainer.tests.bases import write_base
from trainer.tests.jobs import job_value

CPU = torch.device("cpu")


def edit(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refusal(action: Callable[[], Any]) -> str:
    with pytest.raises(WorkerError) as caught:
        action()
    assert caught.value.exit_status == 64 and caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model_type": "gpt2"}, "architecture gpt2"),
        ({"hidden_act": "gelu"}, "hidden_act gelu"),
        ({"mlp_bias": True}, "mlp_bias"),
        ({"quantization_config": {"bits": 4}}, "quantised"),
        ({"rope_parameters": None, "rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "rope type yarn"),
        ({"attn_logit_softcapping": 30.0}, "attn_logit_softcapping"),
        ({"residual_multiplier": 0.22}, "residual_multiplier"),
        ({"attention_dropout": 0.1}, "attention_dropout"),
        ({"hidden_size": "wide"}, "a size"),
    ],
)
def test_what_changes_the_forward_pass_is_refused_by_name(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    write_base(tmp_path, "llama")
    edit(tmp_path, **changes)
    assert said in refusal(lambda: read_shape(tmp_path))


def test_unknown_keys_that_change_nothing_pass(tmp_path: Path) -> None:
    write_base(tmp_path, "llama")
    edit(tmp_path, my_note="hello", residual_multiplier=1.0, rope_interleaved=False)
    assert read_shape(tmp_path).family == "llama"


def test_wrong_missing_and_surplus_tensors_are_named(tmp_path: Path) -> None:
    write_base(tmp_path, "llama")
    path = tmp_path / "model.safetensors"
    whole = load_file(path)

    def load() -> Any:
        return load_weights(tmp_path, read_shape(tmp_path), torch.float32, CPU)

    save_file({name: part for name, part in whole.items() if name != "model.norm.weight"}, path)
    assert "lacks model.norm.weight" in refusal(load)
    save_file(whole | {"model.layers.0.mlp.extra.weight": torch.zeros(1)}, path)
    assert "unknown tensor model.layers.0.mlp.extra.weight" in refusal(load)
    save_file(whole | {"model.norm.weight": torch.zeros(3)}, path)
    assert "model.norm.weight is [3]" in refusal(load)
    path.write_bytes(b"damaged")
    assert "cannot be read" in refusal(load)
    path.unlink()
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert "pickled" in refusal(load)


def test_rows_beyond_context_or_window_and_experts_on_qwen2_are_refused(tmp_path: Path) -> None:
    for family in ("mistral", "qwen2"):
        (tmp_path / family).mkdir()
        write_base(tmp_path / family, family)

    def fit(family: str, mode: str, length: int) -> Any:
        job: Job = build(Job, job_value(tmp_path / family, mode, length=length), "job.json")
        return check_fit(job, read_shape(tmp_path / family))

    fit("mistral", "experts", 256)
    assert "context of 256" in refusal(lambda: fit("mistral", "lora", 257))
    assert "Qwen2" in refusal(lambda: fit("qwen2", "experts", 128))
    edit(tmp_path / "mistral", sliding_window=64)
    assert "sliding window" in refusal(lambda: fit("mistral", "lora", 128))
