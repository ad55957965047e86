import { shellWord, type RenderedFile } from "./rendered.ts";
import { recipeOf, type Program, type Workload } from "./workload.ts";

/** What the script of a job differs in between platforms. */
export type JobScript = {
  /** Folder in which secrets lie as files of mode 0600, one a name; absent: they are in the environment. */
  secretsFolder?: string;
  /** Asks the bucket to encrypt what is sent. */
  encrypt?: boolean;
  /** Lines before the run: checks, modules of the cluster. */
  before?: readonly string[];
  /** Lines after it; `$code` is the exit status. */
  after?: readonly string[];
};

function secretLines(workload: Workload, folder: string | undefined): string[] {
  const names = workload.checkpoints === undefined ? workload.secrets : withStore(workload.secrets);
  if (names.length === 0) return [];
  return [
    "",
    "# Secrets come by name: from the environment, else from a file that only this user reads.",
    `for name in ${names.join(" ")}; do`,
    ...(folder === undefined
      ? []
      : [
          `  if [ -z "\${!name:-}" ] && [ -r ${shellWord(folder)}/"$name" ]; then`,
          `    export "$name=$(cat ${shellWord(folder)}/"$name")"`,
          "  fi",
        ]),
    `  if [ -z "\${!name:-}" ]; then echo "E_PLATFORM_CREDENTIALS: the secret $name is missing" >&2; exit 64; fi`,
    "done",
  ];
}

/** Checkpoints in a bucket need its keys too. */
export function withStore(secrets: readonly string[]): string[] {
  return [...new Set([...secrets, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])];
}

const call = (program: string, words: readonly string[]): string =>
  [program, ...words].map(shellWord).join(" ");

const pushWords = (run: string, place: string, encrypt: boolean): string[] => [
  "platform",
  "s3",
  "push",
  run,
  place,
  "--apply",
  ...(encrypt ? ["--encrypt-stored"] : []),
];

function storeLines(workload: Workload, program: string, encrypt: boolean): string[] {
  const { checkpoints, checkpoint_minutes: minutes, run } = workload;
  if (checkpoints === undefined) return [];
  const push = call(program, pushWords(run, checkpoints, encrypt));
  return [
    "",
    "# A run that was begun elsewhere is fetched; then whole checkpoints are sent while it goes on.",
    `if [ ! -e "$run/recipe.yaml" ]; then ${call(program, ["platform", "s3", "pull", checkpoints, run, "--apply"])} >&2 || exit 70; fi`,
    `( while sleep ${minutes * 60}; do ${push} >&2 || echo "checkpoints could not be sent, trying again" >&2; done ) &`,
    "sender=$!",
  ];
}

/**
 * The script of a training job: starts the run or goes on with it, forwards signals, and ends with the worker's own
 * exit status (75: stopped, resumable), whatever stopped it.
 */
export function trainingScript(workload: Workload & Program, options: JobScript = {}): RenderedFile {
  const { run, data, base, program, checkpoints } = workload;
  const { encrypt = false } = options;
  const { recipe, set } = recipeOf(workload);
  const words = ["train", "run", "--recipe", recipe, "--data", data, "--run", run, "--yes"];
  if (base !== undefined) words.push("--base", base);
  for (const one of set) words.push("--set", one);
  const lines = [
    "#!/usr/bin/env bash",
    `# Job ${workload.name}: recipe ${recipe.replaceAll(/[^\w./-]/g, "?")}. Written by training-ready; settings make it anew.`,
    "set -uo pipefail",
    `run=${shellWord(run)}`,
    'child="" sender="" told=0',
    "# Everything that asks the job to stop reaches the run as TERM: it saves and ends with 75.",
    "stop() {",
    "  told=1",
    '  if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null; fi',
    "}",
    "trap stop TERM INT USR1",
    ...secretLines(workload, options.secretsFolder),
    ...(options.before ?? []),
    ...storeLines(workload, program, encrypt),
    "",
    `ends() { grep -c '"type":"run-end"' "$run/events.jsonl" 2>/dev/null || true; }`,
    "before=$(ends)",
    'if [ -e "$run/recipe.yaml" ]; then',
    `  ${call(program, ["train", "resume", "--run", run, "--yes"])} &`,
    "else",
    `  ${call(program, words)} &`,
    "fi",
    "child=$!",
    'if [ "$told" -eq 1 ]; then kill -TERM "$child" 2>/dev/null; fi',
    "while :; do",
    '  wait "$child"; code=$?',
    '  if [ "$code" -le 128 ]; then break; fi',
    "  # A signal ends the wait, not the run: its status is asked for again, once it is there.",
    '  if kill -0 "$child" 2>/dev/null; then continue; fi',
    '  wait "$child" 2>/dev/null; again=$?',
    '  if [ "$again" -ne 127 ]; then code=$again; fi',
    "  break",
    "done",
    'if [ "$code" -ne 0 ]; then',
    "  # The worker's own status, if it wrote one in this attempt.",
    `  said=$(grep '"type":"run-end"' "$run/events.jsonl" 2>/dev/null | tail -n 1 | sed -n 's/.*"exit":\\([0-9]\\{1,3\\}\\).*/\\1/p')`,
    '  if [ "$(ends)" != "$before" ] && [ -n "$said" ]; then code=$said',
    '  elif [ "$told" -eq 1 ]; then code=75',
    '  elif [ "$code" -eq 1 ]; then code=64; else code=70; fi',
    "  # A worker that was told before it could listen is killed by the signal: nothing is lost.",
    '  if [ "$told" -eq 1 ] && [ "$code" -eq 70 ]; then code=75; fi',
    "fi",
    ...(checkpoints === undefined
      ? []
      : [
          'if [ -n "$sender" ]; then kill "$sender" 2>/dev/null; fi',
          `${call(program, pushWords(run, checkpoints, encrypt))} >&2 || { if [ "$code" -eq 0 ]; then code=70; fi; }`,
        ]),
    ...(options.after ?? []),
    'exit "$code"',
    "",
  ];
  return { path: "train.sh", text: lines.join("\n"), mode: 0o755 };
}
