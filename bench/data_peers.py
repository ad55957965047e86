"""MinHash deduplication of others, and our pass, on one JSON Lines file of conversations, in turn.

    python data_peers.py FILE FOLDER [--rounds 5] [--bound SECONDS] [--only whitespace,…] [--ours]

Prints one JSON document: for each variant the least CPU seconds of the whole process tree over the rounds, as it is and
less those of a run that only starts up and loads its modules; a variant over the bound is told as such. `--ours`: the
pass of the built program without labels, cold, by `bench/data-pass.ts`. The same n-gram, permutations
and bands as ours; one process; texts are joined ready. What is installed beside this Python is run. datatrove:
`whitespace`, its word tokenizer replaced by a split at spaces, its best case; `stock`, spaCy's English tokenizer, its
default. Data-Juicer: `operator`, its deduplicator alone on a loaded data set; `whole`, the program with that one operator.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"


def prepare(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with source.open() as lines, (target / "text.jsonl").open("w") as out:
        for number, line in enumerate(lines):
            turns = json.loads(line)["messages"]
            text = "\n".join(turn["content"] for turn in turns)
            out.write(json.dumps({"id": str(number), "text": text}) + "\n")


def deduplicate(folder: Path, variant: str) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
    )
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    if variant == "whitespace":
        from datatrove.utils import word_tokenizers

        class Spaces(word_tokenizers.WordTokenizer):
            def word_tokenize(self, text: str) -> list[str]:
                return text.split()

            def sent_tokenize(self, text: str) -> list[str]:
                return [text]

            def span_tokenize(self, text: str) -> list[tuple[int, int]]:
                return [(0, len(text))]

        from datatrove.pipeline.dedup import minhash

        minhash.load_word_tokenizer = lambda language: Spaces()
    base = folder / variant
    config = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)
    reader = JsonlReader(str(folder / "in"))
    stages = [
        [reader, MinhashDedupSignature(output_folder=str(base / "signatures"), config=config)],
        [MinhashDedupBuckets(str(base / "signatures"), str(base / "buckets"), config=config)],
        [MinhashDedupCluster(str(base / "buckets"), str(base / "removed"), config=config)],
        [reader, MinhashDedupFilter(str(base / "removed")), JsonlWriter(str(base / "out"), compression=None)],
    ]
    for number, pipeline in enumerate(stages):
        tasks = config.num_buckets if number == 1 else 1
        LocalPipelineExecutor(
            pipeline=pipeline, tasks=tasks, workers=1, logging_dir=str(base / f"logs-{number}")
        ).run()


JUICER = {
    "tokenization": "space",
    "window_size": 5,
    "lowercase": True,
    "num_permutations": 112,
    "jaccard_threshold": 0.7,
    "num_bands": 14,
    "num_rows_per_band": 8,
}


def deduplicate_juicer(folder: Path, variant: str) -> None:
    source, target = folder / "in" / "text.jsonl", folder / variant / "out"
    target.mkdir(parents=True, exist_ok=True)
    if variant == "operator":
        from data_juicer.core.data import NestedDataset
        from data_juicer.ops.deduplicator.document_minhash_deduplicator import DocumentMinhashDeduplicator
        from datasets import load_dataset

        loaded = load_dataset("json", data_files=str(source), split="train", cache_dir=str(folder / "cache"))
        operator = DocumentMinhashDeduplicator(**JUICER)
        kept = operator.run(NestedDataset(loaded))
        kept.select_columns(["id", "text"]).to_json(str(target / "text.jsonl"))
        return
    config = {
        "dataset_path": str(source),
        "export_path": str(target / "text.jsonl"),
        "work_dir": str(folder / variant / "work"),
        "np": 1,
        "process": [{"document_minhash_deduplicator": JUICER}],
    }
    (folder / "whole.yaml").write_text(json.dumps(config))
    program = Path(sys.executable).parent / "dj-process"
    subprocess.run([str(program), "--config", str(folder / "whole.yaml")], check=True)


def nothing(folder: Path, variant: str) -> None:
    if "data-juicer" in variant:
        import data_juicer.core.data  # noqa: F401
        import data_juicer.ops.deduplicator.document_minhash_deduplicator  # noqa: F401
        import datasets  # noqa: F401
    else:
        import datatrove.executor  # noqa: F401
        import datatrove.pipeline.dedup.minhash  # noqa: F401
        import datatrove.pipeline.readers  # noqa: F401


VARIANTS = {
    "whitespace": ("datatrove", deduplicate),
    "stock": ("datatrove", deduplicate),
    "operator": ("py-data-juicer", deduplicate_juicer),
    "whole": ("py-data-juicer", deduplicate_juicer),
}


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


OURS = "ours, pass"
TSX = Path(__file__).parent.parent / "node_modules" / ".bin" / "tsx"


def command(name: str, file: Path, folder: Path, is_empty: bool) -> list[str]:
    if name == OURS:
        rounds = "0" if is_empty else "1"
        return [str(TSX), str(Path(__file__).parent / "data-pass.ts"), str(file), "--only", "pass", "--rounds", rounds]
    package = VARIANTS[name][0]
    return [sys.executable, __file__, "--child", f"empty {package}" if is_empty else name, "-", str(folder)]


def cpu_seconds(words: list[str], bound: float) -> float | str:
    """Of a process and all that it started, or why there is no figure."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        run = subprocess.run(words, capture_output=True, text=True, timeout=bound)
    except subprocess.TimeoutExpired:
        return f"not done after {bound:g} s"
    if run.returncode != 0:
        return f"failed: {run.stderr[-400:]}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description="Our pass beside others, in turn.")
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bound", type=float, default=600)
    parser.add_argument("--only", default=",".join(VARIANTS))
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.child is not None:
        run = VARIANTS[said.child][1] if said.child in VARIANTS else nothing
        return run(said.folder, said.child)
    names = [name for name in said.only.split(",") if installed(VARIANTS[name][0]) is not None]
    if not names:
        sys.exit("neither datatrove nor py-data-juicer is installed beside this Python")
    if said.ours:
        names.append(OURS)
    prepare(said.file, said.folder / "in")
    times: dict[str, list[float]] = {name: [] for name in names}
    starts: dict[str, list[float]] = {name: [] for name in names}
    reasons: dict[str, str] = {}
    for _ in range(said.rounds):
        for name in names:
            if name in reasons:
                continue
            shutil.rmtree(said.folder / name, ignore_errors=True)
            for is_empty, list_ in ((True, starts[name]), (False, times[name])):
                used = cpu_seconds(command(name, said.file, said.folder, is_empty), said.bound)
                if isinstance(used, str):
                    reasons[name] = used
                    break
                list_.append(used)
    size = said.file.stat().st_size / 1e6
    found: dict[str, dict[str, object]] = {}
    for name in names:
        package = None if name == OURS else VARIANTS[name][0]
        one: dict[str, object] = {} if package is None else {"version": installed(package)}
        found[name if package is None else f"{package} {name}"] = one
        if name in reasons:
            one["reason"] = reasons[name]
        if not times[name]:
            continue
        raw, start = min(times[name]), min(starts[name])
        one.update(
            cpuSeconds=round(raw, 2),
            startSeconds=round(start, 2),
            megabytesPerCpuSecond=round(size / raw, 2),
            withoutStart=round(size / max(raw - start, 0.001), 2),
            rounds=[round(used, 2) for used in times[name]],
        )
        if package is not None:
            kept = said.folder / name / "out"
            one["kept"] = sum(1 for part in kept.iterdir() for _ in part.open())
    print(json.dumps({"bytes": said.file.stat().st_size, "load": os.getloadavg(), "found": found}, indent=1))


if __name__ == "__main__":
    main()
