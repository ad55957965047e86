"""datatrove's MinHash deduplication on one JSON Lines file of conversations: python data_peers.py FILE FOLDER.

Prints one JSON document: CPU seconds of this process and its children for each variant, start-up included. The same
n-gram, permutations and bands as ours; one process; texts are joined ready. `whitespace`: datatrove's word tokenizer
replaced by a split at spaces, its best case; `stock`: spaCy's English tokenizer, its default.
"""

import json
import os
import resource
import subprocess
import sys
from importlib.metadata import version
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


if __name__ == "__main__":
    if len(sys.argv) == 4:
        deduplicate(Path(sys.argv[2]), sys.argv[3])
        sys.exit()
    file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    prepare(file, folder / "in")
    found: dict[str, dict[str, object]] = {}
    for variant in ("whitespace", "stock"):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run([sys.executable, __file__, "-", str(folder), variant], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode != 0:
            sys.exit(run.stderr[-2000:])
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        kept = sum(1 for part in (folder / variant / "out").iterdir() for _ in part.open())
        found[f"datatrove {variant}"] = {"version": version("datatrove"), "cpuSeconds": round(seconds, 2), "kept": kept}
    print(json.dumps(found))
