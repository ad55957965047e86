"""`python -m trainer prepare --run DIR`: records to token shards, every input shard checked by its sha256.

For each split: `tokens.u32` (ids), `mask.u8` (1 = target), `docs.jsonl` (offset, length, supervised, domain, id, …).
"""

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import IO, Any

import numpy as np

from trainer.base import read_shape
from trainer.control import Control
from trainer.errors import STOPPED, WorkerError, bad_base, bad_data
from trainer.events import EventLog
from trainer.job import Job, Source
from trainer.stages import base_folder, check_fit
from trainer.tokens import ChatTokenizer, Counts

ROLES = ("system", "user", "assistant", "tool")
DEFAULT_DOMAIN = "general_therapeutic"
LABEL_CHARACTERS = 200


def label_value(value: Any) -> Any:
    """A label is `{value, …}` or the value itself; null is no label."""
    return value.get("value") if isinstance(value, dict) else value


def short_labels(labels: Any) -> dict[str, Any]:
    """Labels that a selector can name: no nulls, no long text such as evidence."""
    found = {key: label_value(value) for key, value in labels.items()} if isinstance(labels, dict) else {}
    return {key: value for key, value in found.items() if value is not None and len(str(value)) <= LABEL_CHARACTERS}


def file_hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_prepared(run: Path, splits: list[str]) -> None:
    """The run's shards are those that were prepared, byte for byte."""
    marker = json.loads((run / "data" / "prepared.json").read_text("utf-8"))
    for split in splits:
        for part, wanted in marker["splits"][split]["sha256"].items():
            path = run / "data" / f"{split}.{part}"
            if not path.exists() or file_hash(path) != wanted:
                bad_data(f"{path} differs from what was prepared", "Remove data/prepared.json of the run, resume.")


class Split:
    """Writes one split's three files beside each other, renamed into place when whole."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.parts = ("tokens.u32", "mask.u8", "docs.jsonl")
        self.files: list[IO[bytes]] = [open(folder / f"{name}.{part}.tmp", "wb") for part in self.parts]  # noqa: SIM115
        self.offset = self.documents = self.supervised = 0
        self.origins: Counter[tuple[str, str, str]] = Counter()  # conversations by source, licence, consent

    def add(self, ids: list[int], mask: list[int], about: dict[str, Any]) -> None:
        supervised = sum(mask[1:])
        self.files[0].write(np.asarray(ids, dtype="<u4").tobytes())
        self.files[1].write(np.asarray(mask, dtype="u1").tobytes())
        line = {"offset": self.offset, "length": len(ids), "supervised": supervised, **about}
        self.files[2].write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self.offset += len(ids)
        self.documents += 1
        self.supervised += supervised

    def close(self) -> None:
        self.hashes: dict[str, str] = {}
        for file, part in zip(self.files, self.parts, strict=True):
            file.flush()
            os.fsync(file.fileno())
            file.close()
            path = self.folder / f"{self.name}.{part}"
            os.replace(self.folder / f"{self.name}.{part}.tmp", path)
            self.hashes[part] = file_hash(path)


def origin(value: dict[str, Any]) -> tuple[str, str, str]:
    """Where a record comes from, under which licence, and how the people in it agreed; empty where it does not say."""
    known = value.get("provenance")
    facts = known if isinstance(known, dict) else {}
    return str(value.get("source") or ""), str(facts.get("licence") or ""), str(facts.get("consent") or "")


def read_records(entry: dict[str, Any]) -> bytes:
    path = Path(entry["path"])
    try:
        data = path.read_bytes()
    except OSError:
        bad_data(f"{path} is named by the data manifest and cannot be read", "Build the data set again.")
    digest = hashlib.sha256(data).hexdigest()
    if digest != entry["sha256"]:
        message = f"{path} has sha256 {digest[:12]}…, the data manifest says {str(entry['sha256'])[:12]}…"
        bad_data(message, "Restore the file, or build the data set again.", "E_SHARD_CHANGED")
    return data


def checked_messages(value: Any, where: str) -> list[dict[str, str]]:
    messages = value.get("messages") if isinstance(value, dict) else None
    good = isinstance(messages, list) and len(messages) > 0
    for one in messages if isinstance(messages, list) else []:
        good = good and isinstance(one, dict) and one.get("role") in ROLES and isinstance(one.get("content"), str)
    if not good:
        bad_data(f"{where} has no list of messages with role and content", "Build the data set again.")
    return list(messages or [])


def prepare_split(
    run: Path, source: Source, tokenizer: ChatTokenizer, length: int, control: Control
) -> tuple[Split, Counts, int, int]:
    """Tokens of one split; counts of what was split, unlabelled and left out for having no target."""
    split, counts, unlabelled, unsupervised = Split(run / "data", source.split), Counts(), 0, 0
    for entry in source.files:
        for number, line in enumerate(read_records(entry).splitlines(), 1):
            if control.stop_reason() is not None:
                raise WorkerError(STOPPED, "E_TRAIN_STOPPED", "stopped while preparing", "Use `train resume`.")
            if not line.strip():
                continue
            where = f"{entry['path']}, line {number}"
            try:
                value = json.loads(line)
            except ValueError:
                bad_data(f"{where} is no JSON", "Build the data set again.")
            messages = checked_messages(value, where)
            labels = short_labels(value.get("labels"))
            domain = labels.get("domain")
            unlabelled += domain is None
            about = {
                "domain": domain if isinstance(domain, str) else DEFAULT_DOMAIN,
                "id": str(value.get("id") or hashlib.sha256(line).hexdigest()),
                "stage": value.get("stage") or entry.get("stage"),
                "source": value.get("source"),
                "labels": labels,
            }
            split.origins[origin(value)] += 1
            parts = tokenizer.conversation(messages, length, counts)
            for part in parts:
                if source.supervise == "all":
                    part.mask = [1] * len(part.ids)
                if sum(part.mask[1:]) == 0:
                    unsupervised += 1
                    continue
                split.add(part.ids, part.mask, about)
    split.close()
    return split, counts, unlabelled, unsupervised


def prepare(run: Path, job: Job, events: EventLog, control: Control) -> None:
    """Makes every split of the job, then `data/prepared.json`, the marker that says it is done."""
    (run / "data").mkdir(exist_ok=True)
    folder = base_folder(run, job)
    shape = read_shape(folder)
    check_fit(job, shape)
    tokenizer = ChatTokenizer(folder)
    if tokenizer.highest >= shape.vocab:
        message = f"{folder}: the tokenizer's ids reach {tokenizer.highest}, the embeddings have {shape.vocab} rows"
        bad_base(message, "Tokenizer and weights do not belong together; embeddings are never grown silently.")
    result: dict[str, Any] = {}
    for source in job.sources:
        split, counts, unlabelled, unsupervised = prepare_split(run, source, tokenizer, job.length, control)
        if split.documents == 0 and (source.split == "train" or source.supervise == "all"):
            files = ", ".join(entry["path"] for entry in source.files) or "no file"
            message = f"the split {source.split} has no supervised token ({files})"
            bad_data(message, "Training needs conversations with assistant turns.", "E_TRAIN_NO_TARGETS")
        result[source.split] = {
            "documents": split.documents,
            "tokens": split.offset,
            "supervised": split.supervised,
            "split_conversations": counts.split,
            "cut_turns": counts.cut_turns,
            "unlabelled": unlabelled,
            "unsupervised": unsupervised,
        }
        events.emit("plan", step="prepare", split=source.split, **result[source.split])
        result[source.split]["sha256"] = split.hashes
        names = ("source", "licence", "consent", "conversations")
        rows = [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(split.origins.items())]
        result[source.split]["origins"] = rows
    tokenizer_hash = hashlib.sha256((folder / "tokenizer.json").read_bytes()).hexdigest()
    marker = {
        "length": job.length,
        "dataRoot": job.data_root,
        "tokenizer": tokenizer_hash,
        "format": tokenizer.format.name,
        "bos": tokenizer.bos,
        "splits": result,
    }
    temporary = run / "data" / "prepared.json.tmp"
    temporary.write_text(json.dumps(marker, indent=1) + "\n", "utf-8")
    os.replace(temporary, run / "data" / "prepared.json")
