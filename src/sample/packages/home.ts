import { phaseScripts } from "../content/phases.ts";
import type { World } from "../world.ts";

const fromExperiment = (path: string): string => `../../../${path.slice(3)}`;
const sourceLines = (lines: string[]): string =>
  lines.map((line) => `    ${JSON.stringify(line)}`).join(",\n");

/** The home-to-be: phase scripts, storage-first documents, an experiment that points at what is gone. */
export function plantHome(w: World): void {
  const { names: n } = w;
  const { home } = n;
  phaseScripts(w);
  plantConfigs(w);
  w.file(`${home}/S3_EXECUTION_ORDER.md`, executionOrder(w), { stage: "home" });
  w.file(`${home}/CHANGELOG.md`, changelog(w), { stage: "polish" });
  w.file(
    `${home}/RUNBOOK.md`,
    "# When a run stops\n\n1. Look at the last event.\n2. Resume from the checkpoint.\n3. Tell the supervisor.\n",
    {
      stage: "home",
    },
  );
  const experiment = `${home}/experimental/h100_moe`;
  w.file(
    `${experiment}/README.md`,
    `# Experts on one H100

What runs today is in [the package](${w.resolves(fromExperiment(`${n.therapeutic}/README.md`), `${n.therapeutic}/README.md`)}).

- [Experts](${w.resolves(fromExperiment(`${n.therapeutic}/training_scripts/moe_architecture.py`), `${n.therapeutic}/training_scripts/moe_architecture.py`)})
- [Architecture notes](${w.reference(fromExperiment(`${n.vanished}/MODEL_ARCHITECTURE_PERFORMANCE.md`), "stale", `${n.vanished}/MODEL_ARCHITECTURE_PERFORMANCE.md`)})
- [Deploying](${w.reference(fromExperiment(`${n.vanished}/H100_QUICK_DEPLOY.md`), "stale", `${n.vanished}/H100_QUICK_DEPLOY.md`, { fix: { to: `${n.therapeutic}/docs/LIGHTNING_H100_QUICK_DEPLOY.md`, certainty: "certain" } })})
- [Runbook](${w.reference(fromExperiment(`${n.vanished}/RUNBOOK.md`), "stale", `${n.vanished}/RUNBOOK.md`, { fix: { to: `${home}/RUNBOOK.md`, certainty: "likely" } })})
- [Prompts](${w.resolves("prompts/", `${experiment}/prompts`)})

![load per expert](${w.reference("images/expert_load.png", "stale", `${experiment}/images/expert_load.png`)})
`,
    { stage: "home" },
  );
  plantNotebook(w);
}

function plantConfigs(w: World): void {
  const { names: n } = w;
  const { home } = n;
  w.file(
    `${home}/configs/phases.yaml`,
    `# Run from the repository's root.
version: 1
phases:
  - name: acquisition
    script: ${w.resolves(`${home}/scripts/run_phase1_acquisition.py`)}
    source: "${w.reference(`s3://${n.bucket}/raw`, "external")}"
  - name: processing
    script: ${w.resolves(`${home}/scripts/run_phase2_processing.py`)}
    quarantine_dir: ${w.reference(`${home}/work/quarantine`, "generated", `${home}/work/quarantine`, { accept: ["unknown"] })}
  - name: modalities
    script: '${w.resolves(`${home}/scripts/run_phase3_modalities.py`)}'
    loader: ${w.reference(`${n.vanished}/data_loader.py`, "stale", `${n.vanished}/data_loader.py`)}
  - name: synthesis
    script: ${w.resolves(`${home}/scripts/run_phase4_synthesis.py`)}
    manifest: ${w.resolves(`${n.consolidated}/final/MASTER_STAGE_MANIFEST.json`)}
tokenizer: ${w.reference("mistralai/Mistral-Nemo-Instruct-2407", "external")}
scratch: ${w.reference("/mnt/nvme0/scratch", "machine")}
`,
    { stage: "home" },
  );
  w.file(
    `${home}/configs/storage.toml`,
    `# Where data is kept. Endpoints are examples.
bucket = "${n.bucket}"
endpoint = "https://objects.example.org"
upload_script = "${w.resolves(`${home}/scripts/upload_to_s3.py`)}"

[fallback]
folder = "${w.reference("/home/mara/training-data", "machine")}"
knowledge = "${w.reference(`${n.consolidated}/psychology_knowledge_base.json`, "missing-data", `${n.consolidated}/psychology_knowledge_base.json`, { dataset: "psychology_knowledge_base.json" })}"
guide = '${w.reference(`${n.vanished}/TRAINING_PROCEDURES.md`, "stale", `${n.vanished}/TRAINING_PROCEDURES.md`)}'
`,
    { stage: "home" },
  );
}

function executionOrder(w: World): string {
  const { names: n } = w;
  const { home } = n;
  const planned = (name: string, path: string): string => w.reference(name, "placeholder", `${home}/${path}`);
  const there = (name: string, path: string): string => w.resolves(name, `${home}/${path}`);
  return `# Storage first

Readers prefer the copy in the bucket, then the local file.

## Order

\`\`\`bash
python ${w.resolves(`${home}/scripts/run_phase1_acquisition.py`)}
python ${w.resolves(`${home}/scripts/run_phase2_processing.py`)} --input ${w.reference(`s3://${n.bucket}/raw/`, "external")}
python ${w.resolves(`${home}/scripts/run_phase3_modalities.py`)}
PYTHONPATH=${w.resolves(`${n.therapeutic}/data_pipeline`, undefined, { accept: ["unknown"] })} python ${w.resolves(`${home}/scripts/run_phase4_synthesis.py`)}
python ${w.resolves(`${home}/scripts/run_voice_ingestion.py`)} --folder ${w.reference("<your-transcripts>", "placeholder", undefined, { accept: ["unknown"] })}
python ${w.resolves(`${home}/scripts/upload_to_s3.py`)} ${w.reference("path/to/file.jsonl", "placeholder")}
\`\`\`

## ${w.random.fork("planned").pick(["Target structure (planned)", "Planned structure", "Proposed layout", "Target layout"])}

\`\`\`
${w.resolves(`${home}/`, home)}
├── ${there("scripts/", "scripts")}
│   ├── ${there("run_phase1_acquisition.py", "scripts/run_phase1_acquisition.py")}
│   └── ${planned("run_all.py", "scripts/run_all.py")}          # one command for everything
├── ${planned("pipelines/", "pipelines")}
│   └── ${planned("voice_loader.py", "pipelines/voice_loader.py")}
└── ${there("experimental/", "experimental")}
    └── ${there("h100_moe/", "experimental/h100_moe")}
\`\`\`

## ${w.random.fork("missing").pick(["Missing files", "Missing data files", "Files that are missing"])}

These are not in the repository; they may have to be made again:

- \`${w.reference(`${n.consolidated}/therapeutic_techniques.json`, "declared-missing", `${n.consolidated}/therapeutic_techniques.json`, { dataset: "therapeutic_techniques.json" })}\`
- \`${w.reference(`${n.consolidated}/dsm5_concepts.json`, "declared-missing", `${n.consolidated}/dsm5_concepts.json`, { dataset: "dsm5_concepts.json" })}\`
`;
}

function changelog(w: World): string {
  const { names: n } = w;
  const old = (path: string): string =>
    w.reference(`${n.vanished}/${path}`, "provenance", `${n.vanished}/${path}`, { accept: ["unknown"] });
  return `# Changelog

## 2025-10-18

- Removed \`${old("data_loader.py")}\`, nobody used it.
- Renamed \`${old("H100_QUICK_DEPLOY.md")}\` to \`${w.resolves(`${n.therapeutic}/docs/LIGHTNING_H100_QUICK_DEPLOY.md`, undefined, { accept: ["provenance"] })}\`.
`;
}

/** A notebook with a space in its name; its output mentions paths that are nobody's reference. */
function plantNotebook(w: World): void {
  const { names: n } = w;
  const folder = `${n.home}/experimental/notebooks`;
  const above = w.flags.root === "above" ? "../../../.." : "../../..";
  const data = `${n.therapeutic}/data/${n.crisis}.jsonl`;
  const code = [
    `%cd ${w.resolves(above, "", { accept: ["unknown"] })}\n`,
    "import json\n",
    `path = "${w.reference(w.rooted(data), "missing-data", data, { dataset: `${n.crisis}.jsonl` })}"\n`,
    `config = json.load(open("${w.resolves(w.rooted(`${n.therapeutic}/configs/moe_training_config.json`), `${n.therapeutic}/configs/moe_training_config.json`)}"))\n`,
    `old = open("${w.reference(w.rooted(`${n.vanished}/serving.yaml`), "stale", `${n.vanished}/serving.yaml`)}").read()\n`,
    `!python ${w.resolves(w.rooted(`${n.pipelines}/edge_case_pipeline_standalone/generate.py`), `${n.pipelines}/edge_case_pipeline_standalone/generate.py`)}`,
  ];
  const prose = [
    "# Looking at the data\n",
    `The shape of a record: [schema](${w.resolves(`../../../dataset_pipeline/${n.library}/schema.py`, `${n.pipeline}/${n.library}/schema.py`)}).\n`,
    `Procedures: [old notes](${w.reference(`../../../${n.vanished.slice(3)}/TRAINING_PROCEDURES.md`, "stale", `${n.vanished}/TRAINING_PROCEDURES.md`)}).`,
  ];
  w.file(
    `${folder}/Look at data.ipynb`,
    `{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
${sourceLines(prose)}
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "metadata": {},
   "outputs": [
    {"name": "stdout", "output_type": "stream", "text": ["reading ${n.vanished}/shards/part-0001.py\\n", "wrote /home/mara/tmp/out.png\\n"]}
   ],
   "source": [
${sourceLines(code)}
   ]
  }
 ],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
`,
    { stage: "notes" },
  );
}
