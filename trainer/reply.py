"""Greedy replies, for samples: each token is computed from the whole text again, which short replies can afford."""

import time
from pathlib import Path

import torch

from trainer.attention import Documents
from trainer.model import Model, logits
from trainer.tokens import ChatTokenizer

SAMPLE_SECONDS = 20.0  # kept for it
PROMPT = "hello, where should i begin?"  # synthetic, nobody's words


def reply(model: Model, tokenizer: ChatTokenizer, messages: list[dict[str, str]], most: int) -> str:
    """What the model says next, up to its end token or `most` tokens."""
    ids = list(tokenizer.bos)
    for one in messages:
        ids += tokenizer.turn(one["role"], one["content"]).ids
    ids += tokenizer.turn("assistant", "").ids[: -1 - len(tokenizer.encode(tokenizer.format.after))]
    start, end = len(ids), tokenizer.control[tokenizer.format.end]
    device = model.head.device
    while len(ids) - start < most and len(ids) < model.shape.context:
        with torch.no_grad():
            best = int(logits(model, torch.tensor(ids, device=device), Documents.of([len(ids)], device))[-1].argmax())
        if best == end:
            break
        ids.append(best)
    return str(tokenizer.tokenizer.decode(ids[start:]))


def sample_at_end(model: Model, base: Path, tokens: int, deadline: float | None) -> dict[str, str] | None:
    """A reply to a synthetic prompt, where it is wanted and there is time for one."""
    if tokens == 0 or (deadline is not None and deadline - time.time() < SAMPLE_SECONDS):
        return None
    said = reply(model, ChatTokenizer(base), [{"role": "user", "content": PROMPT}], tokens)
    return {"prompt": PROMPT, "reply": said}
