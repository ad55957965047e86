/** What marks a folder as a training package. */
export const signalKinds = [
  "entry-script",
  "training-config",
  "requirements",
  "gpu-image",
  "job-file",
  "serving-script",
  "data-manifest",
  "package-manifest",
  "training-guide",
  "home-folder",
  "vendored-tree",
] as const;
export type SignalKind = (typeof signalKinds)[number];

const trainingImport =
  /^[ \t]*(?:from|import)[ \t]+(?:torch\.optim|torch\.distributed|transformers|deepspeed|accelerate|peft|trl|pytorch_lightning|lightning|bitsandbytes|unsloth|datasets|axolotl|megatron|fairscale|horovod|tensorflow|jax|flax|keras|xgboost)\b/m;
const torchImport = /^[ \t]*(?:from|import)[ \t]+torch\b/m;
const trainingCall =
  /\b(?:loss\.backward|optimizer\.step|\.zero_grad|Trainer\(|SFTTrainer\(|\.fit\(|AdamW\(|Adam\(|SGD\(|train_one_epoch|training_loop|def train\b|def train_)/;
const mainGuard = /^if[ \t]+__name__[ \t]*==[ \t]*["']__main__["']/m;
const servingImport =
  /^[ \t]*(?:from|import)[ \t]+(?:fastapi|flask|starlette|uvicorn|sanic|aiohttp|gradio|vllm|litserve|bentoml|ray\.serve)\b/m;
const modelUse = /\b(?:torch|transformers|AutoModel|from_pretrained|vllm|llama_cpp|onnxruntime|generate\()/;
const trainingKey =
  /["']?\b(?:learning_rate|num_train_epochs|per_device_train_batch_size|gradient_accumulation_steps|warmup_steps|warmup_ratio|weight_decay|lora_r|lora_alpha|num_epochs|max_steps|lr_scheduler_type|train_batch_size|micro_batch_size|max_seq_length|block_size|optimizer|epochs|batch_size)["']?[ \t]*[:=]/g;
const machineLearningPackage =
  /^[ \t]*["']?(?:torch|transformers|datasets|accelerate|peft|trl|deepspeed|pytorch-lightning|lightning|bitsandbytes|tensorflow|jax|flax|keras|sentencepiece|xformers|flash-attn|vllm|wandb)\b/im;
const gpuImage =
  /^[ \t]*FROM[ \t]+\S*(?:nvidia|cuda|pytorch|tensorflow\S*gpu|rocm|vllm|ollama|huggingface|deepspeed|nemo|megatron)/im;
const gpuJob =
  /^[ \t]*#SBATCH[ \t]+\S*(?:gres=gpu|gpus)|nvidia\.com\/gpu|^[ \t]*(?:gpu|gpus|gpu_count|accelerators?|flavor|gpuModel)[ \t]*:|\bovhai[ \t]+job\b|resources:\s*\n\s*(?:.*\n){0,4}?\s*gpu/im;
const trainingWord =
  /(?<![a-z])(?:train(?:ing|ed|er|s)?|fine-?tun(?:e|ing|ed)|lora|moe|mixture of experts|epochs?|checkpoints?|gpu|h100|a100|inference)(?![a-z])/gi;

const has = (pattern: RegExp, text: string): boolean => pattern.test(text);
const count = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0;

/**
 * The signals that one file gives, from its name and the text that it holds (at most its first 256 kB are needed).
 * A pure function, so that it can be cached by blob.
 */
export function signalsOf(name: string, text: string): SignalKind[] {
  const found: SignalKind[] = [];
  const lower = name.toLowerCase();
  if (lower.endsWith(".py")) {
    const runs = has(mainGuard, text);
    const trains = (has(trainingImport, text) || has(torchImport, text)) && has(trainingCall, text);
    if (runs && trains) found.push("entry-script");
    else if (runs && /^(?:train|run_|finetune|fine_tune|pretrain|quick_start)/.test(lower))
      found.push("entry-script");
    if (has(servingImport, text) && has(modelUse, text)) found.push("serving-script");
  } else if (/\.(?:json|ya?ml|toml)$/.test(lower)) {
    if (/(?:manifest|dataset_info|integration_summary|component_summary)[^/]*\.json$/.test(lower)) {
      found.push(/(?:stage|data|integration|component)/.test(lower) ? "data-manifest" : "package-manifest");
    } else if (/\.(?:ya?ml)$/.test(lower) && has(gpuJob, text)) found.push("job-file");
    else if (new Set(text.match(trainingKey)?.map((key) => key.replace(/[^a-z_]/g, "")) ?? []).size >= 3) {
      found.push("training-config");
    }
  } else if (/^requirements[^/]*\.txt$|^environment[^/]*\.ya?ml$/.test(lower)) {
    if (has(machineLearningPackage, text)) found.push("requirements");
  } else if (/^(?:dockerfile|containerfile)(?:\..+)?$|\.dockerfile$/.test(lower)) {
    if (has(gpuImage, text)) found.push("gpu-image");
  } else if (/\.(?:sh|sbatch|slurm|bash)$/.test(lower)) {
    if (has(gpuJob, text)) found.push("job-file");
  } else if (lower.endsWith("manifest.md")) {
    found.push("package-manifest");
  } else if (lower.endsWith(".md")) {
    const named = /(?:quick_?start|train|fine-?tun|deploy|execution_order|moe|lora)/.test(lower);
    const density = count(trainingWord, text) / Math.max(1, text.length / 1000);
    if (named && count(trainingWord, text) >= 4 && density >= 1) found.push("training-guide");
  }
  if (lower === "pyproject.toml" && has(machineLearningPackage, text.replace(/^[ \t]*["']/gm, "")))
    found.push("requirements");
  return found;
}

/** True for files whose text can give a signal; others need not be read. */
export function canSignal(name: string): boolean {
  return /\.(?:py|json|ya?ml|toml|txt|sh|sbatch|slurm|bash|md|dockerfile)$|^(?:dockerfile|containerfile)(?:\..+)?$/i.test(
    name,
  );
}
