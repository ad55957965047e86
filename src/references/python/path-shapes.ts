// Suffixes by which a bare word is a file, not an attribute or a domain.
const codeSuffix =
  "py|pyi|ipynb|sh|bash|js|ts|tsx|jsx|c|cc|cpp|cu|h|hpp|java|go|rs|rb|sql|proto|slurm|sbatch";
const configSuffix = "json|jsonc|ya?ml|toml|cfg|ini|conf|env|xml|properties|gin|jsonnet|libsonnet";
const documentSuffix = "md|rst|txt|html?|pdf|tex|css|svg|png|jpe?g|gif|webp|ico";
const dataSuffix =
  "jsonl|ndjson|csv|tsv|parquet|arrow|feather|pkl|pickle|npy|npz|h5|hdf5|mat|tfrecords?|db|sqlite3?|zip|tar|gz|tgz|bz2|xz|zst|7z|bin|pt|pth|ckpt|safetensors|gguf|onnx|pb|tflite|joblib|model|vocab|bpe|spm|wav|mp3|flac|mp4|log|out|err|lock";

const suffix = new RegExp(
  `\\.(?:${codeSuffix}|${configSuffix}|${documentSuffix}|${dataSuffix})(?:\\.(?:gz|zip|bz2|xz|zst))?$`,
  "i",
);

/** Ends in a suffix that files of code, configuration, documents or data have. */
export const hasFileSuffix = (path: string): boolean => suffix.test(path);

const segment = /^(?:[\w.@+=~,%#-]|\{…\}|\{\w*\}|[*?]|\[[^\]]*\]| |[^\u0000-\u007f])+$/u;
const mime = /^(?:text|application|image|audio|video|multipart|font|model)\/[\w.+*-]+$/;
const key =
  /(?:path|file|dir|folder|root|config|cfg|data|corpus|input|output|ckpt|checkpoint|model|vocab|weights|log|save|load|src|dst|dest|script|template|manifest|prompt|json|yaml|csv)/i;

export const isPathKey = (name: string): boolean => key.test(name);

/** How a string that nothing opens looks: as a path for sure, perhaps, or not. */
export function shapeOf(path: string, name: string): "path" | "perhaps" | "no" {
  if (
    path.length > 300 ||
    path.length < 3 ||
    /[\n\r\t"'`<>|^$;!]|\\|:\/\/|\s{2}|^\s|\s$|^[-+:=,.]?$/.test(path)
  )
    return "no";
  if (path.startsWith("-") || path.startsWith("#") || mime.test(path) || /%[YmdHMSbyj]/.test(path))
    return "no";
  const segments = path.replace(/^\/+|\/+$/g, "").split("/");
  if (!segments.every((one) => segment.test(one))) return "no";
  if (/ /.test(segments[0] as string) || /[,:;] /.test(path)) return "no";
  const last = segments.at(-1) as string;
  if (hasFileSuffix(last) && !/^\.\w+$/.test(last) && !/^[\w{}…]*\s/.test(last)) {
    return segments.length > 1 || !/^\{…\}\.\w+$/.test(last) ? "path" : "no";
  }
  if (path.includes(" ")) return "no";
  if (/^\.{1,2}\//.test(path)) return "path";
  if (segments.length < 2) return path.endsWith("/") && /^[\w.-]+\/$/.test(path) ? "perhaps" : "no";
  if (/^\d+\/\d+$/.test(path) || /^[A-Z]+(?:\/[A-Z]+)+$/.test(path)) return "no";
  return isPathKey(name) || path.startsWith("/") || path.endsWith("/") ? "perhaps" : "no";
}
