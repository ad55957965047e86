import { unknown } from "./values.ts";

const suffixes = new Set(
  (
    "py pyi pyx ipynb sh bash zsh ksh slurm sbatch ps1 bat r jl lua js mjs cjs jsx ts tsx rs go c cc cpp cu cuh h hpp java " +
    "scala rb pl php sql proto json jsonc json5 jsonl ndjson yaml yml toml ini cfg conf config env properties xml tf tfvars " +
    "hcl j2 jinja jinja2 tmpl tpl template service lock mk cmake md mdx rst txt html css csv tsv parquet arrow npy npz pt " +
    "pth bin safetensors ckpt h5 hdf5 pkl pickle gguf onnx model vocab bpe gz tgz zip tar bz2 xz zst 7z whl deb rpm log out " +
    "err png jpg jpeg gif svg webp wav flac mp3 mp4 pdf ark scp patch diff pem key crt dockerfile lst list idx db sqlite tfrecord " +
    "def sif sqsh ipynb jsonnet libsonnet d2 mmd tex bib arpa fst int stm ctm"
  ).split(" "),
);

const wholeNames =
  /^(?:(?:Dockerfile|Containerfile|Makefile)(?:[._-][\w.-]+)?|GNUmakefile|Pipfile|Procfile|Jenkinsfile|Justfile|Taskfile|Gemfile|Rakefile|LICENSE|README|\.env(?:\.[\w-]+)?|\.(?:gitignore|dockerignore|npmrc|bashrc|coveragerc|pylintrc|flake8))$/;

/** Suffixes that also end versions, hosts, attributes and dotted modules: a bare name needs a folder before it. */
const needsFolder = new Set(
  "r c h model config env key out err log list lst lock template service bin in def int int fst".split(" "),
);

const mime = /^(?:application|text|image|audio|video|multipart)\/[\w.+-]+$/;
const reference = /^(?:refs|origin|upstream|heads|tags|remotes)\//;
const device = /^\/(?:dev|proc|sys|bin|sbin|usr|etc|lib|lib64|opt|var|run|tmp|root\/\.\w+)(?:\/|$)/;

/** The last segment of a path. */
export function lastSegment(path: string): string {
  const end = path.endsWith("/") ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

function suffixOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** True for a path of the operating system, which no repository holds. */
export function isSystemPath(value: string): boolean {
  return device.test(value);
}

/**
 * How much a value looks like a path: `file` by suffix or name, `folder` by `./`, `../` or a slash at the end,
 * `maybe` by nothing but slashes inside (as likely a hub id, a branch or an image).
 */
export function argumentShape(value: string): "file" | "folder" | "maybe" | undefined {
  if (value.length < 2 || value.length > 400) return undefined;
  // Most words are neither paths nor names with a suffix.
  if (!value.includes("/") && !value.includes(".") && !/^[A-Z]/.test(value)) return undefined;
  if (/[\s|&;<>()$`"'\\^!=@%#\u0003-\u001f]/.test(value)) return undefined;
  if (
    value.startsWith("-") ||
    value.includes("://") ||
    /^[\d./,:x+-]+$/.test(value) ||
    /^[./\u0002]+$/.test(value)
  )
    return value === ".." || value === "../.." ? "folder" : undefined;
  if (value.includes(":") || value.includes("//") || /\.{3}|^,|,$/.test(value)) return undefined;
  // A row of a table: `xnli,ar,en,yes/no,test`.
  const cells = value.includes("{") ? [] : value.split(",");
  if (cells.length > 2 && !cells.every((cell) => /[./]/.test(cell))) return undefined;
  if (mime.test(value) || reference.test(value) || isSystemPath(value)) return undefined;
  const name = lastSegment(value);
  const slash = value.includes("/");
  if (value.endsWith("/")) return "folder";
  if (wholeNames.test(name)) return "file";
  const suffix = suffixOf(name);
  if (suffixes.has(suffix) && (slash || (!needsFolder.has(suffix) && !/^v?\d+(?:\.\d+)*$/.test(name)))) {
    return name === `${unknown}.${suffix}` && !slash ? undefined : "file";
  }
  if (!slash) return undefined;
  if (/^(?:\.\.?\/|[\u0001/~])/.test(value)) return "folder";
  return "maybe";
}

const outputName =
  /(?:^|[-_.])(?:out(?:put)?s?|save|saved?|dest(?:ination)?|export|results?|logs?|log[-_]?(?:dir|file|path)|cache|tmp|temp|exp[-_]?dir|work[-_]?dir|run[-_]?dir|logdir|logging|tensorboard|checkpoint[-_]?dir|default_root_dir|artifacts?|profile)(?:$|[-_.])/i;

/** True for an option or variable whose value is written, by its name. */
export function isOutputName(name: string): boolean {
  return outputName.test(name);
}
