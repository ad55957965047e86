/** What a file's suffix says it holds. `archive` and `model` count as data where files are missing. */
export type SuffixRole = "code" | "document" | "config" | "data" | "model" | "archive" | "media" | "log";

const suffixes: Record<SuffixRole, string> = {
  code: "py pyi pyx pxd ipynb sh bash zsh fish bat cmd ps1 js mjs cjs jsx ts mts cts tsx c cc cpp cxx h hh hpp hxx cu cuh go rs java kt scala rb pl pm php lua r jl swift m mm sql css scss less vue svelte html htm jsonnet libsonnet tf hcl cmake mk make j2 jinja jinja2 tmpl template sbatch slurm batch nix proto thrift awk sed ksh",
  document:
    "md mdx markdown rst txt text pdf docx doc pptx ppt xlsx xls tex bib adoc org rtf odt csl ipynb_checkpoints",
  config:
    "json json5 jsonc yaml yml toml cfg ini conf config properties env lock xml plist gin service timer desktop editorconfig pbtxt prototxt def in cff",
  data: "jsonl ndjson csv tsv parquet arrow feather npy npz pkl pickle p h5 hdf5 hdf db sqlite sqlite3 lmdb mdb tfrecord tfrecords record recordio idx avro orc mmap dat data rec msgpack jsonlines warc wet ark scp mat geojson srt vtt",
  model:
    "pt pth ckpt bin safetensors gguf ggml onnx pb tflite engine mlmodel joblib weights caffemodel msgpack model bpe tiktoken spm vocab merges fst",
  archive: "zip tar gz tgz bz2 xz zst 7z rar tbz2 txz lz4 whl egg jar deb rpm",
  media:
    "png jpg jpeg gif svg webp bmp tif tiff ico mp3 wav flac ogg m4a aac opus mp4 avi mov mkv webm ttf otf woff woff2 eps heic",
  log: "log out err",
};

/** Suffix (lower case, without dot) to role; a suffix in two lists has the first one's role. */
export const roleOfSuffix: ReadonlyMap<string, SuffixRole> = new Map(
  (Object.entries(suffixes) as [SuffixRole, string][])
    .reverse()
    .flatMap(([role, list]) => list.split(" ").map((suffix) => [suffix, role] as const)),
);

/** Suffixes that are as often an attribute or a word as a file: they count only with a folder before them. */
export const ambiguousSuffixes: ReadonlySet<string> = new Set(
  "m mm r p h c cc data model bin in config env lock out err def text org log record records weights vocab engine dat idx template service rec make pl pm go rs java in properties conf db mk pb spm merges".split(
    " ",
  ),
);

/** Files known by their whole name. */
export const wholeNames: ReadonlySet<string> = new Set(
  "dockerfile makefile license licence copying notice readme changelog contributing codeowners jenkinsfile procfile vagrantfile gemfile rakefile justfile containerfile pipfile .gitignore .gitattributes .gitmodules .dockerignore .env .env.example .editorconfig .flake8 .pylintrc .coveragerc .pre-commit-config.yaml .gitlab-ci.yml .isort.cfg .clang-format .bashrc .npmrc .prettierrc .eslintrc".split(
    " ",
  ),
);

/** Products and words that look like a file with a code suffix. */
export const notFiles: ReadonlySet<string> = new Set(
  "node.js next.js vue.js react.js three.js d3.js chart.js express.js nuxt.js ember.js backbone.js socket.io mathjax.js tensorflow.js onnx.js transformers.js asp.net require.js p5.js discord.js alpine.js llama.cpp whisper.cpp ggml.cpp bert.cpp moment.js i.e e.g a.k.a etc.".split(
    " ",
  ),
);
