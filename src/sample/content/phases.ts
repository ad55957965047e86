import { searchPathEdit } from "./styles.ts";
import type { World } from "../world.ts";

/** The scripts of the four phases and those beside them, each with its own way to find modules. */
export function phaseScripts(w: World): void {
  const { names: n } = w;
  const folder = `${n.home}/scripts`;
  const old = n.vanished.slice(3);
  const edge = `${n.pipelines}/edge_case_pipeline_standalone/generate.py`;

  w.file(
    `${folder}/run_phase1_acquisition.py`,
    `"""Phase 1: gather sources and write what was found."""

import json
import os
import sys
from pathlib import Path

${searchPathEdit(w, "phase 1", 2)}

from ${w.import("pipelines.edge_case_pipeline_standalone.generate", "resolves", edge)} import generate

OUTPUT = Path("${w.reference(`${n.home}/work/phase1`, "generated", `${n.home}/work/phase1`)}")


def acquire():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    records = list(generate(count=2))
    (OUTPUT / "edge_cases.json").write_text(json.dumps(records), encoding="utf-8")
    return len(records)


if __name__ == "__main__":
    print(acquire(), "records")
`,
    { stage: "home" },
  );
  w.entry(`${folder}/run_phase1_acquisition.py`);

  w.file(
    `${folder}/run_phase2_processing.py`,
    `"""Phase 2: scrub, normalise, validate; what fails goes to quarantine."""

import argparse
import json
import re

from ${w.import(`${n.library}.schema`, "resolves", `${n.pipeline}/${n.library}/schema.py`)} import Record

MAIL = re.compile(r"[^@\\s]+@[^@\\s]+")


def scrub(text):
    return MAIL.sub("[mail]", text)


def process(lines):
    kept, quarantined = [], []
    for number, line in enumerate(lines, 1):
        record = Record(json.loads(line)["messages"], source="phase2")
        for message in record.messages:
            message["content"] = scrub(message["content"])
        (quarantined if list(record.problems()) else kept).append(number)
    return kept, quarantined


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True)
    with open(parser.parse_args().input, encoding="utf-8") as source:
        print([len(part) for part in process(source)])
`,
    { stage: "home" },
  );
  w.entry(`${folder}/run_phase2_processing.py`);

  w.file(
    `${folder}/run_phase3_modalities.py`,
    `"""Phase 3: content per modality of therapy."""

import os
import sys
from pathlib import Path

${searchPathEdit(w, "phase 3", 2)}

from ${w.import(`${old}.data_loader`, "internal-missing", undefined, { withoutHistory: "installed-elsewhere" })} import stream

MODALITIES = ("cbt", "dbt", "emdr", "act")


def sort_by_modality(folder):
    found = {name: [] for name in MODALITIES}
    for record in stream(folder):
        for name in MODALITIES:
            if name in record.get("tags", ()):
                found[name].append(record)
    return found


if __name__ == "__main__":
    for name, records in sort_by_modality(sys.argv[1]).items():
        print(name, len(records))
`,
    { stage: "home" },
  );
  w.entry(`${folder}/run_phase3_modalities.py`, {
    missing: [`${old}.data_loader`],
    missingWithoutHistory: [],
  });

  w.file(
    `${folder}/run_phase4_synthesis.py`,
    `"""Phase 4: one file a stage, split 80/10/10. Needs the loaders on PYTHONPATH."""

import json
import random

import ${w.import("dual_persona_loader", "resolves", `${n.therapeutic}/data_pipeline/dual_persona_loader.py`)}
from ${w.import("edge_case_jsonl_loader", "resolves", `${n.therapeutic}/data_pipeline/edge_case_jsonl_loader.py`)} import by_category

MANIFEST = "${w.resolves(`${n.consolidated}/final/MASTER_STAGE_MANIFEST.json`)}"


def split(records, seed=17):
    shuffled = list(records)
    random.Random(seed).shuffle(shuffled)
    tenth = len(shuffled) // 10
    return shuffled[2 * tenth :], shuffled[tenth : 2 * tenth], shuffled[:tenth]


if __name__ == "__main__":
    with open(MANIFEST, encoding="utf-8") as handle:
        stages = json.load(handle)["stages"]
    records = dual_persona_loader.load(limit=stages[0]["samples"])
    print([len(part) for part in split(records)], sorted(by_category(records)))
`,
    { stage: "home" },
  );
  w.entry(`${folder}/run_phase4_synthesis.py`, {
    environment: { PYTHONPATH: w.rooted(`${n.therapeutic}/data_pipeline`) },
  });

  w.file(
    `${folder}/run_voice_ingestion.py`,
    `"""Read transcripts in batches and keep those in a teaching voice."""

import argparse
from pathlib import Path


def batches(folder, size):
    paths = sorted(Path(folder).glob("*.txt"))
    for start in range(0, len(paths), size):
        yield paths[start : start + size]


def upload(paths, bucket):
    import ${w.import("boto3", "optional", undefined, { accept: ["installed-elsewhere"] })}

    client = boto3.client("s3")
    for path in paths:
        client.upload_file(str(path), bucket, f"voice/{path.name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--bucket")
    arguments = parser.parse_args()
    for batch in batches(arguments.folder, 50):
        print(len(batch), "transcripts")
        if arguments.bucket:
            upload(batch, arguments.bucket)
`,
    { stage: "home" },
  );
  w.entry(`${folder}/run_voice_ingestion.py`);

  w.file(
    `${folder}/test_simulation.py`,
    `"""A simulated session: the client calms down if the answers stay calm."""

import random


def simulate(turns, seed=17):
    generator = random.Random(seed)
    tension = 8
    course = []
    for _ in range(turns):
        tension = max(0, tension - generator.choice((0, 1, 1, 2)))
        course.append(tension)
    return course


def test_tension_never_rises():
    course = simulate(12)
    assert course == sorted(course, reverse=True)


def test_same_seed_same_course():
    assert simulate(6, seed=3) == simulate(6, seed=3)
`,
    { stage: "home" },
  );

  w.file(
    `${folder}/upload_to_s3.py`,
    `"""Upload files and keep their folder structure."""

import os
import sys
from pathlib import Path

import ${w.import("boto3", "installed-elsewhere")}

KEEP = Path("${w.resolves(n.home)}")


def key_of(path):
    return path.relative_to(KEEP).as_posix() if KEEP in path.parents else path.name


def main(names):
    client = boto3.client("s3", endpoint_url=os.environ.get("S3_ENDPOINT"))
    for name in names:
        path = Path(name)
        client.upload_file(name, os.environ["BUCKET"], key_of(path))
        print("uploaded", key_of(path))


if __name__ == "__main__":
    main(sys.argv[1:])
`,
    { stage: "home" },
  );
  w.entry(`${folder}/upload_to_s3.py`);
}
