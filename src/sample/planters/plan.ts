import type { World } from "../world.ts";

/** Where a consolidation takes the files, and which copy it keeps with which reason. */
export function plantPlan(w: World): void {
  const { names: n } = w;
  const { home, therapeutic, lightning } = n;
  const move = (from: string, to: string): void => void w.plan.targets.push({ from, to: `${home}/${to}` });
  for (const name of [
    "train_optimized",
    "train_moe_h100",
    "inference_service",
    "inference_optimizer",
    "progress_tracking_api",
    "training_optimizer",
  ])
    move(`${therapeutic}/training_scripts/${name}.py`, `scripts/${name}.py`);
  for (const name of ["train_enhanced", "data_preparation", "training_utils"])
    move(`${lightning}/scripts/${name}.py`, `scripts/${name}.py`);
  for (const name of [
    "dual_persona_loader",
    "edge_case_jsonl_loader",
    "pixel_voice_loader",
    "psychology_knowledge_loader",
    "integrated_training_pipeline",
  ])
    move(`${therapeutic}/data_pipeline/${name}.py`, `pipelines/${name}.py`);
  for (const name of ["QUICK_START_GUIDE", "LIGHTNING_H100_QUICK_DEPLOY", "IMPLEMENTATION_COMPLETE"])
    move(`${therapeutic}/docs/${name}.md`, `docs/${name}.md`);
  move(`${lightning}/PACKAGE_MANIFEST.md`, "docs/PACKAGE_MANIFEST.md");
  move(`${lightning}/quick_start.py`, "scripts/quick_start.py");
  move(`${lightning}/${n.checks}/benchmark_inference.py`, "scripts/benchmark_inference.py");
  move(`${lightning}/${n.config}/enhanced_training_config.json`, "configs/enhanced_training_config.json");
  move(
    `${lightning}/${n.config}/lightning_deployment_config.json`,
    "configs/lightning_deployment_config.json",
  );
  move(`${therapeutic}/configs/moe_training_config.json`, "configs/moe_training_config.json");
  move(`${therapeutic}/training_scripts/moe_architecture.py`, "models/moe_architecture.py");
  move(`${lightning}/models/therapeutic_progress_tracker.py`, "models/therapeutic_progress_tracker.py");
  move(`${therapeutic}/utils/logger.py`, "utils/logger.py");
  for (const name of ["train_ovh.py", "Dockerfile.training", "training-job.yaml", "run-training.sh"])
    move(`${n.ovh}/${name}`, `platforms/ovh/${name}`);
  move(
    `${n.consolidated}/final/MASTER_STAGE_MANIFEST.json`,
    "data/training_data_consolidated/final/MASTER_STAGE_MANIFEST.json",
  );
  const keep = (keep: string, instead: string, reason: string): void =>
    void w.plan.canonical.push({ keep, instead: [instead], reason });
  const scripts = `${therapeutic}/training_scripts`;
  keep(
    `${scripts}/train_moe_h100.py`,
    `${lightning}/scripts/train_moe_h100.py`,
    "its entries load; the other is its older version",
  );
  keep(
    `${scripts}/inference_service.py`,
    `${lightning}/${n.checks}/inference_service.py`,
    "its entries load",
  );
  keep(
    `${scripts}/moe_architecture.py`,
    `${lightning}/models/moe_architecture.py`,
    "the other is an older version or less complete",
  );
  keep(
    `${lightning}/models/therapeutic_progress_tracker.py`,
    `${scripts}/therapeutic_progress_tracker.py`,
    "the other is its older version",
  );
  keep(
    `${therapeutic}/docs/QUICK_START_GUIDE.md`,
    "ai/QUICK_START_GUIDE.md",
    "the other is its older version",
  );
}
