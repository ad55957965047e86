import type { ArtifactRole } from "../../home/index.ts";
import type { SignalKind } from "./signals.ts";

const dataSuffix =
  /\.(?:jsonl|csv|tsv|parquet|arrow|npz?|npy|pkl|pickle|pt|pth|bin|safetensors|gguf|h5|tfrecord|zip|gz|zst|tar|wav|mp3|vtt|srt)$/i;
const weights = /\.(?:safetensors|gguf|pt|pth|bin|onnx)$/i;
const place = (folder: string) => new RegExp(`(?:^|/)(?:[a-z]+_)?${folder}(?:/|$)`, "i");
const inTests = place("tests?");
const inPipelines = place("(?:data_)?pipelines?");
const inModels = place("models?");
const inUtilities = place("(?:utils?|common|helpers?)");
const inExperimental = place("(?:experimental|experiments?|sandbox|scratch)");
const inPlatforms = place("(?:platforms|ovh|kubernetes|k8s|slurm|lightning_studio|docker|deploy|deployment)");
const inScripts = place("scripts?");
const inData = place("(?:data|datasets?|final)");

const platformName =
  /^(?:dockerfile|containerfile|docker-compose|compose)(?:[.-].*)?$|\.dockerfile$|-job\.ya?ml$|\.(?:sbatch|slurm)$/i;

/**
 * What a file is for in a home: by content first, then by place, then by name.
 * @param facts what reading it showed: signals, a main guard, classes that are network modules
 */
export function roleOf(
  path: string,
  facts: { signals: readonly SignalKind[]; hasMain: boolean; definesModel: boolean },
): ArtifactRole {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const lower = name.toLowerCase();
  if (/^(?:test_.*|.*_test)\.py$|^conftest\.py$/.test(lower) || inTests.test(path)) return "test";
  if (inExperimental.test(path)) return "experimental";
  if (facts.signals.includes("gpu-image") || facts.signals.includes("job-file") || platformName.test(name))
    return "platform";
  if (
    /^(?:requirements.*\.txt|environment.*\.ya?ml|pyproject\.toml|setup\.(?:py|cfg)|constraints.*\.txt|poetry\.lock|uv\.lock)$/.test(
      lower,
    )
  ) {
    return "requirements";
  }
  if (weights.test(name) && inModels.test(path)) return "model";
  if (facts.signals.includes("data-manifest") || dataSuffix.test(name)) return "data";
  if (/\.(?:md|rst|txt|pdf|ipynb|html)$/.test(lower)) return lower.endsWith(".ipynb") ? "script" : "doc";
  if (lower.endsWith(".py")) {
    if (inPipelines.test(path) || /(?:_loader|_pipeline)\.py$/.test(lower)) return "pipeline";
    if (facts.definesModel && !facts.hasMain) return "model";
    if (inModels.test(path) || /(?:_architecture|_model)\.py$/.test(lower)) return "model";
    if (facts.hasMain || facts.signals.length > 0) return "script";
    if (inUtilities.test(path)) return "utility";
    if (inScripts.test(path)) return "script";
    if (/(?:logger|logging|utils?|helpers?)\.py$/.test(lower)) return "utility";
    if (lower === "__init__.py") return "utility";
    return "unplaced";
  }
  if (/\.(?:sh|bash|ps1)$/.test(lower)) return inPlatforms.test(path) ? "platform" : "script";
  if (/\.(?:json|ya?ml|toml|ini|cfg)$/.test(lower)) {
    if (facts.signals.includes("package-manifest")) return "doc";
    if (facts.signals.includes("training-config")) return "config";
    return inData.test(path) ? "data" : "config";
  }
  return inPlatforms.test(path) ? "platform" : "unplaced";
}
