import { plantLoaders } from "../content/loaders.ts";
import { inferenceOptimizer, inferenceService, progressApi, progressTracker } from "../content/serving.ts";
import { moeArchitecture, trainingOptimizer, trainMoe, trainOptimized } from "../content/training.ts";
import { launcher } from "../content/styles.ts";
import { moeConfig } from "../content/configs.ts";
import { deployGuide } from "../content/deploy-guide.ts";
import { quickStart } from "../content/quick-start.ts";
import type { World } from "../world.ts";

/** The most complete package: training, serving, tracking, loaders, and a manifest of where its files came from. */
export function plantTherapeutic(w: World): void {
  const { names: n } = w;
  const scripts = `${n.therapeutic}/training_scripts`;
  w.file(`${scripts}/train_moe_h100.py`, trainMoe(w, 1, "therapeutic"), { stage: "therapeutic" });
  w.file(`${scripts}/train_moe_h100.py`, trainMoe(w, 2, "therapeutic"), { stage: "tuning" });
  w.file(`${scripts}/train_moe_h100.py`, trainMoe(w, 3, "therapeutic"), { stage: "service" });
  w.file(`${scripts}/train_moe_h100.py`, trainMoe(w, 4, "therapeutic"), { stage: "v5" });
  w.file(`${scripts}/moe_architecture.py`, moeArchitecture(w, 1), { stage: "therapeutic" });
  w.file(`${scripts}/moe_architecture.py`, moeArchitecture(w, 2), { stage: "tuning" });
  w.file(`${scripts}/moe_architecture.py`, moeArchitecture(w, 3), { stage: "v5" });
  w.file(`${scripts}/inference_service.py`, inferenceService(w, "first"), { stage: "therapeutic" });
  w.file(`${scripts}/inference_service.py`, inferenceService(w, "therapeutic"), { stage: "service" });
  w.file(`${scripts}/inference_optimizer.py`, inferenceOptimizer, { stage: "therapeutic" });
  w.file(`${scripts}/therapeutic_progress_tracker.py`, progressTracker(false), { stage: "therapeutic" });
  w.file(`${scripts}/progress_tracking_api.py`, progressApi(w, 1), { stage: "cleanup" });
  w.file(`${scripts}/progress_tracking_api.py`, progressApi(w, 2), { stage: "polish" });
  w.file(`${scripts}/training_optimizer.py`, trainingOptimizer, { stage: "v5" });
  w.file(`${scripts}/train_optimized.py`, trainOptimized(w), { stage: "v5" });
  w.entry(`${scripts}/train_moe_h100.py`, { cwd: n.therapeutic });
  w.entry(`${scripts}/train_optimized.py`, { cwd: n.therapeutic });
  w.entry(`${scripts}/inference_service.py`, { cwd: n.therapeutic });
  w.entry(`${scripts}/progress_tracking_api.py`, { mode: "asgi", cwd: scripts });

  w.file(`${n.therapeutic}/configs/moe_training_config.json`, moeConfig(w, "therapeutic"), {
    stage: "therapeutic",
  });
  w.file(
    `${n.therapeutic}/configs/requirements_moe.txt`,
    "torch>=2.4\ntransformers>=4.46\nfastapi>=0.115\nuvicorn\npydantic>=2.9\naccelerate\n",
    { stage: "therapeutic" },
  );
  plantLoaders(w);
  plantDocuments(w);
  w.file(`${n.therapeutic}/manifest.json`, manifest(w), { stage: "manifests" });
}

function plantDocuments(w: World): void {
  const { names: n } = w;
  const docs = `${n.therapeutic}/docs`;
  const inPackage = (path: string): string => w.resolves(path, `${n.therapeutic}/${path}`);
  w.file(`${docs}/QUICK_START_GUIDE.md`, quickStart(w, 1), { stage: "therapeutic" });
  w.file(`${docs}/QUICK_START_GUIDE.md`, quickStart(w, 2), { stage: "v5" });
  w.file(`${docs}/QUICK_START_GUIDE.md`, quickStart(w, 3), { stage: "polish" });
  w.file(`${docs}/LIGHTNING_H100_QUICK_DEPLOY.md`, deployGuide(w), { stage: "cleanup" });
  w.file(
    `${docs}/IMPLEMENTATION_COMPLETE.md`,
    `# What ${n.version} holds

| part | file |
|---|---|
| run that fits the window | \`${inPackage("training_scripts/train_optimized.py")}\` |
| experts | \`${inPackage("training_scripts/moe_architecture.py")}\` |
| progress routes | [progress_tracking_api.py](${w.resolves("../training_scripts/progress_tracking_api.py", `${n.therapeutic}/training_scripts/progress_tracking_api.py`)}) |
| logging | \`${inPackage("utils/logger.py")}\` |

The architecture notes are in [MODEL_ARCHITECTURE_PERFORMANCE.md](${w.reference(
      `../../${n.vanished.slice(3)}/MODEL_ARCHITECTURE_PERFORMANCE.md`,
      "stale",
      `${n.vanished}/MODEL_ARCHITECTURE_PERFORMANCE.md`,
    )}).
Claimed figures are constants of \`${inPackage("training_scripts/training_optimizer.py")}\`, not measurements.
`,
    { stage: "v5" },
  );
  w.file(
    `${n.therapeutic}/README.md`,
    `# Therapeutic training package ${n.version}

Training, serving and progress tracking for the companion model. All example dialogues are synthetic.

## Start

\`\`\`bash
cd ${w.resolves(n.therapeutic)}
pip install -r ${inPackage("configs/requirements_moe.txt")}
python ${inPackage("training_scripts/train_optimized.py")} --profile balanced --data ${w.reference(`data/${n.crisis}.jsonl`, "missing-data", `${n.therapeutic}/data/${n.crisis}.jsonl`, { dataset: `${n.crisis}.jsonl` })}
${launcher(w, "moe")}${inPackage("training_scripts/train_moe_h100.py")} --config ${inPackage("configs/moe_training_config.json")}
${launcher(w, "pipeline")}${inPackage("data_pipeline/integrated_training_pipeline.py")}
python ${inPackage("training_scripts/inference_service.py")}
\`\`\`

The tracker runs from its own folder:

\`\`\`bash
cd ${w.resolves(`${n.therapeutic}/training_scripts`)}
uvicorn progress_tracking_api:app --port 8010
\`\`\`

## Documents

- [Quick start](${w.resolves("docs/QUICK_START_GUIDE.md", `${docs}/QUICK_START_GUIDE.md`)})
- [Deploying on one H100](${w.resolves("docs/LIGHTNING_H100_QUICK_DEPLOY.md", `${docs}/LIGHTNING_H100_QUICK_DEPLOY.md`)})
- [What is done](${w.resolves("docs/IMPLEMENTATION_COMPLETE.md", `${docs}/IMPLEMENTATION_COMPLETE.md`)})
- [User guide](${w.reference(`../${n.vanished.slice(3)}/USER_GUIDE.md`, "stale", `${n.vanished}/USER_GUIDE.md`)})
`,
    { stage: "v5" },
  );
}

/** Where the files came from, and what it says is missing. */
function manifest(w: World): string {
  const { names: n } = w;
  const scripts = `${n.therapeutic}/training_scripts`;
  const from = (path: string): string => w.reference(path, "provenance", path);
  const own = (path: string): string => w.resolves(path, `${n.therapeutic}/${path}`);
  const missing = (path: string, dataset?: string): string =>
    `    "${w.reference(path, "declared-missing", path, dataset === undefined ? {} : { dataset })}"`;
  const copied = [
    ["training_scripts/train_moe_h100.py", `${n.vanished}/train_moe_h100.py`],
    ["training_scripts/moe_architecture.py", `${n.vanished}/moe_architecture.py`],
    ["training_scripts/inference_optimizer.py", `${n.vanished}/inference_optimizer.py`],
    ["training_scripts/progress_tracking_api.py", `${n.vanished}/progress_tracking_api.py`],
  ] as const;
  w.datasets.set("training_dataset.json", { state: "missing" });
  w.datasets.set("dsm5_concepts.json", { state: "missing" });
  w.datasets.set("therapeutic_techniques.json", { state: "missing" });
  return `{
  "name": "therapeutic_ai_training_package",
  "version": "${n.version}",
  "entry": "${own("training_scripts/train_optimized.py")}",
  "files": [
${copied.map(([path, source]) => `    {"path": "${own(path)}", "copied_from": "${from(source)}"}`).join(",\n")},
    {"path": "${own("training_scripts/training_optimizer.py")}"}
  ],
  "documentation": [
    "${w.resolves(`${n.therapeutic}/docs/QUICK_START_GUIDE.md`)}",
    "${w.reference(`${n.vanished}/TRAINING_PROCEDURES.md`, "stale", `${n.vanished}/TRAINING_PROCEDURES.md`)}",
    "${w.reference(`${n.vanished}/USER_GUIDE.md`, "stale", `${n.vanished}/USER_GUIDE.md`)}"
  ],
  "service": "${w.resolves(`${scripts}/inference_service.py`)}",
  "missing_files": [
${[
  missing(`${n.consolidated}/dsm5_concepts.json`, "dsm5_concepts.json"),
  missing(`${n.consolidated}/psychology_knowledge_base.json`, "psychology_knowledge_base.json"),
  missing(`${n.consolidated}/therapeutic_techniques.json`, "therapeutic_techniques.json"),
  missing(`${n.vanished}/training_dataset.json`, "training_dataset.json"),
].join(",\n")}
  ]
}
`;
}
