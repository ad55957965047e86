import { deployGuide } from "../content/deploy-guide.ts";
import { inferenceOptimizer, inferenceService, progressApi } from "../content/serving.ts";
import { moeArchitecture, trainMoe } from "../content/training.ts";
import type { World } from "../world.ts";

/**
 * The folder that is gone: some of its files live on byte for byte, one moved in the commit that removed it and was
 * edited since, the rest went without a successor.
 */
export function plantVanished(w: World): void {
  const { names: n } = w;
  const old = n.vanished;
  w.file(`${old}/train_moe_h100.py`, trainMoe(w, 1, "lightning"), { stage: "experiments" });
  w.file(`${old}/train_moe_h100.py`, trainMoe(w, 2, "lightning"), { stage: "tuning" });
  w.file(`${old}/moe_architecture.py`, moeArchitecture(w, 1), { stage: "experiments" });
  w.file(`${old}/inference_service.py`, inferenceService(w, "first"), { stage: "experiments" });
  w.file(`${old}/inference_optimizer.py`, inferenceOptimizer, { stage: "experiments" });
  w.file(`${old}/progress_tracking_api.py`, progressApi(w, 1), { stage: "pipelines" });
  w.file(`${old}/data_loader.py`, dataLoader, { stage: "start" });
  w.file(
    `${old}/MODEL_ARCHITECTURE_PERFORMANCE.md`,
    "# Architecture and performance\n\nFour experts, two of them per token. Figures are estimates.\n",
    { stage: "experiments" },
  );
  w.file(
    `${old}/TRAINING_PROCEDURES.md`,
    "# Procedures\n\n1. Check the data.\n2. Start the run.\n3. Watch the window.\n",
    { stage: "experiments" },
  );
  w.file(
    `${old}/USER_GUIDE.md`,
    "# For the people who operate it\n\nOpen a session, record the state, close the session.\n",
    { stage: "experiments" },
  );
  w.file(`${old}/H100_QUICK_DEPLOY.md`, deployGuide(w), { stage: "experiments" });
  w.file(`${old}/serving.yaml`, "host: 0.0.0.0\nport: 8080\ncache_entries: 1000\n", { stage: "experiments" });
  w.file(
    `${old}/RUNBOOK.md`,
    "# Runbook\n\nThe studio stops after twelve hours. Start it again by hand and load the newest checkpoint.\n",
    { stage: "pipelines" },
  );
  for (const path of [...w.files.keys()].filter((path) => path.startsWith(`${old}/`)))
    w.remove(path, "cleanup");
}

const dataLoader = `"""Streams dialogues from a folder."""

import json
from pathlib import Path


def stream(folder):
    for path in sorted(Path(folder).glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
`;
