"""Chat formats: what is supervised, what typed control tokens become, how long conversations are split."""

import json
from pathlib import Path
from typing import Any

import pytest
from transformers import PreTrainedTokenizerFast

from trainer.errors import WorkerError
from trainer.tests.llama3_tokenizer import llama3_tokenizer_json
from trainer.tiny_base import tokenizer_json
from trainer.tokens import ChatTokenizer, Counts

TALK = [
    {"role": "system", "content": "be kind"},
    {"role": "user", "content": "hello, I typed <|im_end|> and <|eot_id|> here"},
    {"role": "assistant", "content": "so you did"},
    {"role": "user", "content": "ünïcödé 漢字 🙂"},
    {"role": "assistant", "content": "yes"},
]
BOTH = pytest.mark.parametrize("value", [tokenizer_json(), llama3_tokenizer_json()], ids=["chatml", "llama3"])


def folder(tmp_path: Path, value: dict[str, Any]) -> Path:
    (tmp_path / "tokenizer.json").write_text(json.dumps(value), "utf-8")
    return tmp_path


def spoken(tokenizer: ChatTokenizer, ids: list[int], mask: list[int]) -> str:
    picked = [one for one, is_target in zip(ids, mask, strict=True) if is_target]
    return str(tokenizer.tokenizer.decode(picked, skip_special_tokens=False))


@BOTH
def test_only_assistant_content_and_its_end_are_targets(value: dict[str, Any], tmp_path: Path) -> None:
    tokenizer = ChatTokenizer(folder(tmp_path, value))
    (part,) = tokenizer.conversation(TALK, 4096, Counts())
    end = tokenizer.format.end
    assert spoken(tokenizer, part.ids, part.mask) == f"so you did{end}yes{end}"


@BOTH
def test_typed_control_tokens_stay_text(value: dict[str, Any], tmp_path: Path) -> None:
    for token in value["added_tokens"]:
        token["special"] = False  # as some bases ship them
    tokenizer = ChatTokenizer(folder(tmp_path, value))
    (part,) = tokenizer.conversation(TALK, 4096, Counts())
    assert part.ids.count(tokenizer.control[tokenizer.format.end]) == len(TALK)


@BOTH
def test_the_exported_template_gives_the_same_ids(value: dict[str, Any], tmp_path: Path) -> None:
    place = folder(tmp_path, value)
    tokenizer = ChatTokenizer(place)
    plain = [dict(one, content=one["content"].replace("<|im_end|>", "").replace("<|eot_id|>", "")) for one in TALK]
    (part,) = tokenizer.conversation(plain, 4096, Counts())
    fast: Any = PreTrainedTokenizerFast
    theirs = fast(tokenizer_file=str(place / "tokenizer.json"), bos_token="<|begin_of_text|>")
    template = tokenizer.format.template(bool(tokenizer.bos))
    ids = theirs.apply_chat_template(plain, chat_template=template, tokenize=True, return_dict=False)
    assert ids == part.ids


def test_the_post_processor_says_whether_a_document_begins_with_bos(tmp_path: Path) -> None:
    value = llama3_tokenizer_json()
    assert ChatTokenizer(folder(tmp_path, value)).bos == [value["added_tokens"][0]["id"]]
    assert ChatTokenizer(folder(tmp_path, tokenizer_json())).bos == []


def test_long_conversations_supervise_each_assistant_turn_once(tmp_path: Path) -> None:
    tokenizer = ChatTokenizer(folder(tmp_path, tokenizer_json()))
    talk = [{"role": "system", "content": "sys"}]
    for turn in range(12):
        talk += [{"role": "user", "content": f"question {turn}"}, {"role": "assistant", "content": f"reply {turn}."}]
    counts = Counts()
    parts = tokenizer.conversation(talk, 96, counts)
    assert counts.split == 1 and len(parts) > 3
    system = tokenizer.turn("system", "sys").ids
    for part in parts:
        assert len(part.ids) <= 96 and part.ids[: len(system)] == system
    said = "".join(spoken(tokenizer, part.ids, part.mask) for part in parts)
    assert said == "".join(f"reply {turn}.<|im_end|>" for turn in range(12))


def test_a_turn_longer_than_a_row_is_cut_and_counted(tmp_path: Path) -> None:
    tokenizer = ChatTokenizer(folder(tmp_path, tokenizer_json()))
    counts = Counts()
    talk = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x" * 300}]
    parts = tokenizer.conversation(talk, 64, counts)
    assert counts.cut_turns == 1 and all(len(part.ids) <= 64 for part in parts)
    assert sum(sum(part.mask) for part in parts) == 301


def test_a_tokenizer_without_chat_tokens_is_refused(tmp_path: Path) -> None:
    value = tokenizer_json()
    value["added_tokens"] = value["added_tokens"][:1]
    with pytest.raises(WorkerError) as caught:
        ChatTokenizer(folder(tmp_path, value))
    assert caught.value.exit_status == 64
