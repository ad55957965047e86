"""A byte tokenizer with llama3's control tokens and a post-processor that adds BOS."""

from typing import Any

from trainer.tiny_base import tokenizer_json

TOKENS = ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]


def llama3_tokenizer_json() -> dict[str, Any]:
    value = tokenizer_json()
    shape = value["added_tokens"][0]
    first = shape["id"]
    value["added_tokens"] = [{**shape, "id": first + n, "content": token} for n, token in enumerate(TOKENS)]
    bos = {"SpecialToken": {"id": TOKENS[0], "type_id": 0}}
    value["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [bos, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [bos, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {TOKENS[0]: {"id": TOKENS[0], "ids": [first], "tokens": [TOKENS[0]]}},
    }
    return value
