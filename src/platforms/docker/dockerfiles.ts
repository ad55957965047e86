import type { RenderedFile } from "../rendered.ts";
import type { DockerSettings } from "./schema.ts";

/** User that OVH's platforms run containers as; elsewhere any number but 0 will do. */
const user = 42_420;

/** What the build takes from the program's folder, as it was built there; everything else stays outside the context. */
const contextPaths = [
  ".npmrc",
  "bin",
  "dist",
  "package-lock.json",
  "package.json",
  "recipes",
  "web",
  "trainer",
] as const;

/** Everything is left out, then what is needed is taken in again, without tests and leftovers. */
function dockerignore(paths: readonly string[]): string {
  const left = [
    "dist/**/*.d.ts",
    "dist/**/*.map",
    "dist/cli/joined",
    "trainer/tests",
    "trainer/pyproject.toml",
    "trainer/requirements-test.txt",
    "trainer/.venv",
    "**/__pycache__",
    "**/.env*",
    "**/*.key",
  ];
  return `${["*", ...paths.map((path) => `!${path}`), ...left].join("\n")}\n`;
}

const header = (base: string): string[] => [
  "# Written by training-ready; settings make it anew.",
  ...(base.includes("@sha256:")
    ? []
    : [
        "# The base is pinned by tag. Add @sha256:… to the setting, as your registry shows it, to pin its bytes.",
      ]),
];

// A package that only a service before a shared engine needs, in the version that the program is tested with; in a
// folder above the program's own, since there it counts as one of development and is left out.
const redisClient = `npm install --prefix / --no-save "ioredis@$(node -p "require('./package.json').devDependencies.ioredis")"`;

const modulesStage = (settings: DockerSettings, more: readonly string[] = []): string[] => [
  `FROM ${settings.node_image} AS modules`,
  "WORKDIR /app",
  "COPY .npmrc package.json package-lock.json ./",
  ["RUN npm ci --omit=dev", ...more].join(" \\\n && "),
  "",
];

const programFiles = [
  "COPY --from=modules /app/node_modules node_modules",
  "COPY dist dist",
  "COPY package.json ./",
  "COPY bin bin",
  "COPY recipes recipes",
  "COPY web web",
];

const asUser = (folders: readonly string[]): string[] => [
  `RUN groupadd --gid ${user} ready && useradd --uid ${user} --gid ${user} --create-home ready \\`,
  ` && mkdir -p ${folders.join(" ")} && chown ${user}:${user} ${folders.join(" ")}`,
  `USER ${user}:${user}`,
];

function training(settings: DockerSettings): string {
  return [
    ...header(settings.node_image),
    ...modulesStage(settings),
    `FROM ${settings.node_image}`,
    "RUN apt-get update \\",
    " && apt-get install --yes --no-install-recommends ca-certificates git python3 python3-venv \\",
    " && rm -rf /var/lib/apt/lists/*",
    "WORKDIR /app",
    "COPY trainer/requirements.txt trainer/requirements.txt",
    "RUN python3 -m venv /opt/trainer \\",
    " && /opt/trainer/bin/pip install --no-cache-dir --disable-pip-version-check --requirement trainer/requirements.txt",
    ...programFiles,
    "COPY trainer trainer",
    "ENV PATH=/app/bin:/opt/trainer/bin:$PATH \\",
    "    TRAINING_READY_PYTHON=/opt/trainer/bin/python \\",
    "    TRAINING_READY_CACHE=/workspace/.cache \\",
    "    PYTHONDONTWRITEBYTECODE=1",
    ...asUser(["/workspace"]),
    "WORKDIR /workspace",
    'ENTRYPOINT ["training-ready"]',
    'CMD ["--help"]',
    "",
  ].join("\n");
}

const probe = (port: number): string =>
  `fetch('http://127.0.0.1:${port}/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;

function inference(settings: DockerSettings): string {
  return [
    ...header(settings.node_image),
    ...modulesStage(settings, [redisClient]),
    `FROM ${settings.node_image}`,
    "WORKDIR /app",
    "COPY --from=modules /node_modules /node_modules",
    ...programFiles,
    "ENV PATH=/app/bin:$PATH TRAINING_READY_CACHE=/workspace/.cache",
    ...asUser(["/workspace", "/models"]),
    "WORKDIR /workspace",
    "EXPOSE 8080",
    `HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 CMD ["node", "-e", "${probe(8080)}"]`,
    "STOPSIGNAL SIGTERM",
    'ENTRYPOINT ["training-ready", "serve"]',
    'CMD ["--model", "/models", "--port", "8080"]',
    "",
  ].join("\n");
}

/** Starts Ollama, loads the named models once it answers, says so by a file, and goes on until it is stopped. */
const ollamaEntry = [
  "#!/bin/bash",
  "# Written by training-ready. OLLAMA_PRELOAD names models, separated by commas or spaces.",
  "set -euo pipefail",
  'ready="${OLLAMA_READY_FILE:-/tmp/ollama-ready}"',
  'rm -f "$ready"',
  "ollama serve &",
  "server=$!",
  'stop() { kill -TERM "$server" 2>/dev/null || true; wait "$server" || true; exit 0; }',
  "trap stop TERM INT",
  "until ollama list >/dev/null 2>&1; do",
  '  if ! kill -0 "$server" 2>/dev/null; then echo "the server ended before it was ready" >&2; exit 1; fi',
  "  sleep 0.5",
  "done",
  "IFS=', ' read -r -a models <<<\"${OLLAMA_PRELOAD:-}\"",
  'for model in ${models[@]+"${models[@]}"}; do',
  '  echo "loading $model" >&2',
  '  ollama show "$model" >/dev/null 2>&1 || ollama pull "$model" || { echo "$model could not be loaded" >&2; kill "$server"; exit 1; }',
  "done",
  'touch "$ready"',
  'wait "$server"',
  "",
].join("\n");

function ollama(settings: DockerSettings): string {
  return [
    ...header(settings.ollama_image),
    `FROM ${settings.ollama_image}`,
    "COPY ollama-entry.sh /usr/local/bin/ollama-entry.sh",
    ...asUser(["/models"]),
    "ENV OLLAMA_HOST=0.0.0.0:11434 OLLAMA_MODELS=/models HOME=/home/ready \\",
    `    OLLAMA_PRELOAD="${settings.preload.join(",")}"`,
    "VOLUME /models",
    "EXPOSE 11434",
    'HEALTHCHECK --interval=15s --timeout=5s --start-period=600s --retries=3 CMD ["/bin/bash", "-c", "test -e /tmp/ollama-ready && ollama list"]',
    'ENTRYPOINT ["/bin/bash", "/usr/local/bin/ollama-entry.sh"]',
    "",
  ].join("\n");
}

/** The three Dockerfiles with what their builds may see. The first two are built from the program's own folder. */
export function dockerfiles(settings: DockerSettings): RenderedFile[] {
  return [
    { path: "training.Dockerfile", text: training(settings) },
    { path: "training.Dockerfile.dockerignore", text: dockerignore(contextPaths) },
    { path: "inference.Dockerfile", text: inference(settings) },
    {
      path: "inference.Dockerfile.dockerignore",
      text: dockerignore(contextPaths.filter((path) => path !== "trainer")),
    },
    { path: "ollama/Dockerfile", text: ollama(settings) },
    { path: "ollama/.dockerignore", text: "*\n!ollama-entry.sh\n" },
    { path: "ollama/ollama-entry.sh", text: ollamaEntry, mode: 0o755 },
  ];
}

/** An image of the settings' registry. */
export function imageOf(
  settings: { registry: string; tag: string },
  name: "training" | "inference" | "ollama",
): string {
  return `${settings.registry}/${name}:${settings.tag}`;
}
