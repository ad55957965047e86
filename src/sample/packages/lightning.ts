import { launcher } from "../content/styles.ts";
import { moeConfig } from "../content/configs.ts";
import { inferenceService, progressTracker } from "../content/serving.ts";
import { dataPreparation, quickStartScript, trainEnhanced, trainingUtils } from "../content/enhanced.ts";
import { moeArchitecture, trainMoe } from "../content/training.ts";
import type { World } from "../world.ts";

/** The studio's package: cut from the same experiments, then left behind in some files and ahead in others. */
export function plantLightning(w: World): void {
  const { names: n } = w;
  const { lightning: home, therapeutic } = n;
  const random = w.random.fork("lightning");

  w.file(`${home}/scripts/train_moe_h100.py`, trainMoe(w, 1, "lightning"), { stage: "lightning" });
  w.copy({
    a: `${home}/scripts/train_moe_h100.py`,
    b: `${therapeutic}/training_scripts/train_moe_h100.py`,
    relations: ["older"],
    stages: ["therapeutic"],
    behind: 3,
  });
  w.entry(`${home}/scripts/train_moe_h100.py`, { cwd: home, missing: ["moe_architecture"] });

  const isReformatted = random.chance(0.5);
  w.file(`${home}/models/moe_architecture.py`, moeArchitecture(w, 1), { stage: "lightning" });
  w.file(`${home}/models/moe_architecture.py`, moeArchitecture(w, 2, isReformatted), { stage: "fork" });
  w.copy({
    a: `${home}/models/moe_architecture.py`,
    b: `${therapeutic}/training_scripts/moe_architecture.py`,
    ...(isReformatted
      ? { relations: ["diverged", "similar", "older"] }
      : { relations: ["older"], stages: ["tuning"], behind: 1 }),
  });

  w.file(`${home}/models/therapeutic_progress_tracker.py`, progressTracker(false), { stage: "lightning" });
  w.file(`${home}/models/therapeutic_progress_tracker.py`, progressTracker(true), { stage: "fork" });
  w.copy({
    a: `${therapeutic}/training_scripts/therapeutic_progress_tracker.py`,
    b: `${home}/models/therapeutic_progress_tracker.py`,
    relations: ["older"],
    stages: ["lightning"],
    behind: 1,
  });

  w.file(`${home}/${n.checks}/inference_service.py`, inferenceService(w, "first"), { stage: "lightning" });
  w.file(`${home}/${n.checks}/inference_service.py`, inferenceService(w, "lightning"), { stage: "fork" });
  w.copy({
    a: `${home}/${n.checks}/inference_service.py`,
    b: `${therapeutic}/training_scripts/inference_service.py`,
    relations: ["diverged"],
    stages: ["therapeutic", "lightning"],
  });
  w.entry(`${home}/${n.checks}/inference_service.py`, { cwd: home, missing: ["inference_optimizer"] });

  w.file(`${home}/${n.config}/moe_training_config.json`, moeConfig(w, "lightning"), { stage: "lightning" });
  // The same packages in another order: near enough to be told, far enough to be left out.
  w.copy({
    a: `${home}/requirements.txt`,
    b: `${therapeutic}/configs/requirements_moe.txt`,
    relations: ["similar", "diverged"],
    optional: true,
  });
  w.file(`${home}/scripts/train_enhanced.py`, trainEnhanced(w), { stage: "lightning" });
  w.file(`${home}/scripts/training_utils.py`, trainingUtils, { stage: "lightning" });
  w.file(`${home}/scripts/data_preparation.py`, dataPreparation(w), { stage: "lightning" });
  w.script(`${home}/quick_start.py`, quickStartScript(w), "lightning");
  w.file(`${home}/${n.checks}/benchmark_inference.py`, benchmark(w), { stage: "lightning" });
  w.entry(`${home}/scripts/train_enhanced.py`, { cwd: home });
  w.entry(`${home}/scripts/data_preparation.py`, { cwd: home });
  w.entry(`${home}/quick_start.py`, { cwd: home });
  w.entry(`${home}/${n.checks}/benchmark_inference.py`, {
    cwd: home,
    missing: ["inference_optimizer"],
    nameless: ["inference_service"],
  });
  plantConfigs(w);
  plantDocuments(w);
}

/** Asks for a name that only the other package's service has. */
function benchmark(w: World): string {
  const { names: n } = w;
  const service = `${n.lightning}/${n.checks}/inference_service.py`;
  return `"""Latency of the service, one at a time and at once."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import ${w.import("numpy", "installed-elsewhere")} as np

from ${w.import("inference_service", "name-missing", service)} import app, percentile

PROMPTS = ["A synthetic question about sleep.", "A synthetic question about work."]


def ask(prompt):
    started = time.monotonic()
    route = next(one for one in app.routes if getattr(one, "path", "") == "/api/v1/inference")
    route.endpoint(prompt)
    return time.monotonic() - started


def run(workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(ask, PROMPTS * 20))


if __name__ == "__main__":
    for workers in (1, 4):
        times = run(workers)
        print(workers, statistics.median(times), percentile(times, 0.95), np.std(times))
`;
}

function plantConfigs(w: World): void {
  const { names: n } = w;
  const { lightning: home } = n;
  const ultimate = `data/${n.ultimate}.jsonl`;
  w.datasets.set(`${n.ultimate}.jsonl`, { state: "missing" });
  const data = (): string =>
    w.reference(ultimate, "missing-data", `${home}/${ultimate}`, { dataset: `${n.ultimate}.jsonl` });
  w.file(
    `${home}/${n.config}/enhanced_training_config.json`,
    `{
  "base_model": "${w.reference("LatitudeGames/Wayfarer-2-12B", "external")}",
  "train_file": "${data()}",
  "output_dir": "${w.reference("outputs/enhanced", "generated", `${home}/outputs/enhanced`)}",
  "components": {
    "journaling_system": 1.0,
    "voice_blending": 1.2,
    "edge_case_handling": 1.5,
    "dual_persona_dynamics": 1.1,
    "bias_detection": 1.3,
    "psychology_knowledge_base": 1.0
  },
  "learning_rate": 0.0002,
  "epochs": 3
}
`,
    { stage: "lightning" },
  );
  w.file(
    `${home}/${n.config}/lightning_deployment_config.json`,
    `{
  "studio": {"type": "h100", "gpus": 1, "hours": 12, "idle_minutes": 20, "spot": false},
  "entry_point": "${w.resolves("scripts/train_enhanced.py", `${home}/scripts/train_enhanced.py`)}",
  "requirements": "${w.resolves("requirements.txt", `${home}/requirements.txt`)}",
  "checkpoint_bucket": "${w.reference(`s3://${n.bucket}/checkpoints/enhanced`, "external")}",
  "mount": "${w.reference("/teamspace/studios/this_studio", "machine", undefined, { accept: ["external"] })}"
}
`,
    { stage: "lightning" },
  );
  w.file(
    `${home}/data/${n.ultimate.replace(/_DATASET|_SET/, "")}_INTEGRATION_SUMMARY.json`,
    `{
  "conversations": 608497,
  "size": "2.49GB",
  "file": "${w.reference(`${n.ultimate}.jsonl`, "missing-data", `${home}/data/${n.ultimate}.jsonl`, { dataset: `${n.ultimate}.jsonl` })}",
  "all_six_components": 39,
  "split": {"train": 0.9, "validation": 0.1}
}
`,
    { stage: "lightning" },
  );
  w.file(
    `${home}/data/unified_6_component_summary.json`,
    `{"components": 6, "concepts": 4867, "bias_threshold": 0.8, "voices": 3}\n`,
    { stage: "lightning" },
  );
}

function plantDocuments(w: World): void {
  const { names: n } = w;
  const { lightning: home } = n;
  const own = (path: string): string => w.resolves(path, `${home}/${path}`);
  const ultimate = (path: string): string =>
    w.reference(path, "missing-data", `${home}/data/${n.ultimate}.jsonl`, { dataset: `${n.ultimate}.jsonl` });
  w.file(
    `${home}/requirements.txt`,
    "torch>=2.4\ntransformers>=4.46\npyyaml\nscikit-learn\nfastapi\nuvicorn\npydantic\nnumpy\n",
    { stage: "lightning" },
  );
  w.file(
    `${home}/README.md`,
    `# Enhanced studio package

Six components are woven into every dialogue. The data is synthetic and is not part of the repository.

## Run

\`\`\`bash
cd ${w.resolves(home)}
python ${own("quick_start.py")}
python ${own("scripts/data_preparation.py")} --input ${ultimate(`data/${n.ultimate}.jsonl`)}
${launcher(w, "enhanced")}${own("scripts/train_enhanced.py")} --config ${own(`${n.config}/enhanced_training_config.json`)}
${launcher(w, "lightning moe")}${own("scripts/train_moe_h100.py")}
\`\`\`

Settings: [deployment](${own(`${n.config}/lightning_deployment_config.json`)}), [experts](${own(`${n.config}/moe_training_config.json`)}).
What belongs to the package: [manifest](${own("PACKAGE_MANIFEST.md")}).

## Check

\`\`\`bash
cd ${w.resolves(home)}
python ${own(`${n.checks}/benchmark_inference.py`)}
python ${own(`${n.checks}/inference_service.py`)}
\`\`\`
`,
    { stage: "lightning" },
  );
  w.file(
    `${home}/PACKAGE_MANIFEST.md`,
    `# Package manifest

## Contents

- \`${own("scripts/train_enhanced.py")}\`: the enhanced run
- \`${own("scripts/train_moe_h100.py")}\`: mixture of experts
- \`${own("scripts/data_preparation.py")}\`: validation and split
- \`${own("models/moe_architecture.py")}\`: experts and router
- \`${own("models/therapeutic_progress_tracker.py")}\`: sessions and milestones
- \`${w.reference("scripts/deploy_studio.py", "stale", `${home}/scripts/deploy_studio.py`)}\`: uploads the package

## Data

- \`${ultimate(`data/${n.ultimate}.jsonl`)}\` (2.49GB, 608,497 conversations)
- \`${own("data/unified_6_component_summary.json")}\`
`,
    { stage: "manifests" },
  );
}
