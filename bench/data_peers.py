"""MinHash deduplication of others on one JSON Lines file of conversations: python data_peers.py FILE FOLDER.

Prints one JSON document: CPU seconds of the children for each variant, start-up included. The same n-gram, permutations
and bands as ours; one process; texts are joined ready. What is installed beside this Python is run. datatrove:
`whitespace`, its word tokenizer replaced by a split at spaces, its best case; `stock`, spaCy's English tokenizer, its
default. Data-Juicer: `operator`, its deduplicator alone on a loaded data set; `whole`, the program with that one operator.
"""

import json
import os
import resource
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


if __name__ == "__main__":
    if len(sys.argv) == 4:
        VARIANTS[sys.argv[3]][1](Path(sys.argv[2]), sys.argv[3])
        sys.exit()
    file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    prepare(file, folder / "in")
    found: dict[str, dict[str, object]] = {}
    for variant, (package, _) in VARIANTS.items():
        if installed(package) is None:
            continue
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run([sys.executable, __file__, "-", str(folder), variant], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode != 0:
            found[f"{package} {variant}"] = {"version": installed(package), "failed": run.stderr[-600:]}
            continue
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        kept = sum(1 for part in (folder / variant / "out").iterdir() for _ in part.open())
        found[f"{package} {variant}"] = {
            "version": installed(package),
            "cpuSeconds": round(seconds, 2),
            "kept": kept,
        }
    if not found:
        sys.exit("neither datatrove nor py-data-juicer is installed beside this Python")
    print(json.dumps(found))
