"""Conversations to token ids: the two chat formats, what is supervised, how long documents are split."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from trainer.errors import bad_base


@dataclass(frozen=True)
class ChatFormat:
    """How a turn is written: `open` role `close_role` content `end` `after`; the control parts are single tokens."""

    name: str
    open: str
    after_role: str  # control token behind the role, or empty
    separator: str  # plain text between role and content
    end: str
    after: str  # plain text behind the end token

    @property
    def control(self) -> list[str]:
        return [token for token in (self.open, self.after_role, self.end) if token]

    def template(self, adds_bos: bool) -> str:
        """The same format as a Jinja chat template."""
        bos = "{{ bos_token }}" if adds_bos else ""
        role_end = quote(self.after_role + self.separator)
        return (
            f"{bos}{{% for message in messages %}}{{{{ {quote(self.open)} + message['role'] + {role_end}"
            f" + message['content'] + {quote(self.end + self.after)} }}}}{{% endfor %}}"
            f"{{% if add_generation_prompt %}}{{{{ {quote(self.open)} + 'assistant' + {role_end} }}}}{{% endif %}}"
        )


def quote(text: str) -> str:
    return "'" + text.replace("\n", "\\n") + "'"


FORMATS = (
    ChatFormat("chatml", "<|im_start|>", "", "\n", "<|im_end|>", "\n"),
    ChatFormat("llama3", "<|start_header_id|>", "<|end_header_id|>", "\n\n", "<|eot_id|>", ""),
)


@dataclass
class Part:
    """A document to train on: ids and, for each, whether it is a target."""

    ids: list[int] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)

    def add(self, other: "Part", supervised: bool = True) -> None:
        self.ids += other.ids
        self.mask += other.mask if supervised else [0] * len(other.ids)


@dataclass
class Counts:
    split: int = 0  # conversations cut into parts
    cut_turns: int = 0  # turns longer than a row


class ChatTokenizer:
    """A base's tokenizer in which typed control tokens stay text."""

    def __init__(self, folder: Path) -> None:
        path = folder / "tokenizer.json"
        try:
            value: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            bad_base(f"{path} is missing or no JSON", "Give a base folder with tokenizer.json.")
        vocabulary: dict[str, int] = {one["content"]: one["id"] for one in value.get("added_tokens", [])}
        known = [one for one in FORMATS if all(token in vocabulary for token in one.control)]
        if not known:
            message = f"{path} has neither the ChatML tokens <|im_start|> <|im_end|> nor those of llama3"
            bad_base(message, "Take a base whose tokenizer has them: embeddings are never grown silently.")
        self.format = known[0]
        self.control = {token: vocabulary[token] for token in self.format.control}
        # Not every base marks its control tokens as special; only special ones can be kept out of plain text.
        for one in value.get("added_tokens", []):
            one["special"] = one["special"] or one["content"] in self.control
        self.tokenizer = Tokenizer.from_str(json.dumps(value))
        for one in value.get("added_tokens", []):
            found = self.tokenizer.token_to_id(one["content"])
            if found != one["id"]:
                message = f"{path}: the added token with id {one['id']} would get the id {found}"
                bad_base(message, "Restore tokenizer.json: its added tokens do not continue the vocabulary.")
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        plain = self.tokenizer.encode("a", add_special_tokens=False).ids
        added = self.tokenizer.encode("a", add_special_tokens=True).ids
        leading = added[: len(added) - len(plain)] if added[len(added) - len(plain) :] == plain else added[:1]
        self.bos: list[int] = leading if added != plain and added[0] != plain[0] else []
        self.tokenizer.encode_special_tokens = True
        self.highest: int = max(self.tokenizer.get_vocab(with_added_tokens=True).values())

    def encode(self, text: str) -> list[int]:
        """Plain text; control tokens typed in it are not recognised."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def turn(self, role: str, content: str) -> Part:
        """One turn: for the assistant its content and end token are targets."""
        name = self.format
        if name.after_role:
            head = [self.control[name.open], *self.encode(role), self.control[name.after_role]]
            start, body = len(self.encode(name.separator)), self.encode(name.separator + content)
        else:
            head = [self.control[name.open]]
            start, body = len(self.encode(role + name.separator)), self.encode(role + name.separator + content)
        tail = self.encode(name.after) if name.after else []
        ids = [*head, *body, self.control[name.end], *tail]
        first = len(head) + start
        end = len(head) + len(body)  # the end token's place
        is_target = role == "assistant"
        return Part(ids, [int(is_target and first <= at <= end) for at in range(len(ids))])

    def conversation(self, messages: list[dict[str, str]], length: int, counts: Counts) -> list[Part]:
        """Documents of at most `length` tokens in which each assistant turn is supervised once."""
        turns = [self.turn(one["role"], one["content"]) for one in messages]
        if len(self.bos) + sum(len(one.ids) for one in turns) <= length:
            whole = Part(list(self.bos), [0] * len(self.bos))
            for one in turns:
                whole.add(one)
            return [whole]
        counts.split += 1
        return self._split(messages, turns, length, counts)

    def _split(self, messages: list[dict[str, str]], turns: list[Part], length: int, counts: Counts) -> list[Part]:
        system = Part(list(self.bos), [0] * len(self.bos))
        rest = turns
        if messages[0]["role"] == "system" and len(turns[0].ids) <= length // 4:
            system.add(turns[0])
            rest = turns[1:]
        pieces: list[Part] = []
        for one in rest:
            if len(one.ids) + len(system.ids) <= length:
                pieces.append(one)
                continue
            counts.cut_turns += 1
            half = max(1, length // 2)
            for at in range(0, len(one.ids), half):
                pieces.append(Part(one.ids[at : at + half], one.mask[at : at + half]))
        parts: list[Part] = []
        current = Part(list(system.ids), list(system.mask))
        for index, piece in enumerate(pieces):
            if len(current.ids) + len(piece.ids) > length:
                parts.append(current)
                current = Part(list(system.ids), list(system.mask))
                room = min(length // 2, length - len(system.ids) - len(piece.ids))
                first, used = index, 0
                while first > 0 and used + len(pieces[first - 1].ids) <= room:
                    first -= 1
                    used += len(pieces[first].ids)
                for earlier in pieces[first:index]:
                    current.add(earlier, supervised=False)
            current.add(piece)
        parts.append(current)
        return [one for one in parts if any(one.mask)]
