import { argumentShape } from "./argument-shape.ts";
import { enterArguments, enterValue } from "./arguments.ts";
import { enterMounts } from "./container-commands.ts";
import { checkers, shells } from "./commands.data.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { lastOf } from "./values.ts";
import { bareStart, literalOf, spanOf, wordHead } from "./word-span.ts";

const script = /\.(?:py|sh|bash|zsh|slurm|sbatch|pl|R|jl|js|mjs|cjs|ts|tsx|rb|php|lua|ipynb|batch|ksh)$/;

/** Options of interpreters and launchers that take no value, so that what follows may be the script. */
const bareOption =
  /^-(?:[uBEOISsxvqiebnl]+|-[a-z-]*(?:exec|no-[a-z-]+|standalone|multi_gpu|multi-gpu|cpu|use_[a-z_]+|allow-run-as-root|oversubscribe|bf16|fp16|module|interactive|login))$/;

/** The script runs inside a container, whose files are others. */
const containerOption =
  /^--?(?:container|no-container)|^(?:singularity|apptainer|enroot|docker|podman|kubectl|pyxis)$/;
const foreign =
  /^(?:singularity|apptainer|enroot|kubectl|ssh|pdsh|parallel-ssh|scp|gcloud|salloc|log|echo|die|usage)$/;

/** Where the script of a launch stands in its words; -1 for none. `module`: it follows `-m`; `code`: it follows `-c`. */
function findScript(
  state: ShellState,
  words: readonly Word[],
  name: string,
): { at: number; kind: "script" | "module" | "code" } {
  let isShell = shells.has(name);
  let isPython = /^(?:python|pypy|ipython)[\d.]*$/.test(name);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const bare = bareStart(word);
    if ((bare === "-m" || bare === "--module") && at + 1 < words.length && !isShell) {
      // `mpirun -m`, `srun -m` mean something else: a module follows an interpreter or a module launcher.
      if (isPython || /^(?:torchrun|deepspeed|accelerate|coverage|debugpy|kernprof|launch)$/.test(name))
        return { at: at + 1, kind: "module" };
      continue;
    }
    if ((isShell || isPython) && /^-[a-z]*c$/.test(bare)) return { at: at + 1, kind: "code" };
    if (/^[-+]/.test(bare)) {
      if (
        !bareOption.test(bare) &&
        !bare.includes("=") &&
        /^--?[A-Za-z]/.test(bare) &&
        !(isShell || isPython)
      ) {
        const next = words[at + 1];
        // A launcher's option with its value; a script there would be no value.
        if (next !== undefined && !script.test(state.evaluate(next).value)) at += 1;
      } else if (isPython && /^-[WX]$/.test(bare)) at += 1;
      else if (isShell && /^[-+][oO]$/.test(bare)) at += 1;
      continue;
    }
    const { value } = state.evaluate(word);
    // Names with blanks stand quoted; before an interpreter is seen they are rather prose.
    const isName = argumentShape(value) !== undefined || ((isShell || isPython) && !/[\n;|&]/.test(value));
    if (script.test(value) && isName) return { at, kind: "script" };
    if (isShell || isPython) return { at: argumentShape(value) === undefined ? -1 : at, kind: "script" };
    const base = lastOf(value);
    if (shells.has(base)) isShell = true;
    else if (/^(?:python|pypy|ipython)[\d.]*$/.test(base)) isPython = true;
  }
  return { at: -1, kind: "script" };
}

/** `python x.py …`, `torchrun … x.py …`, `bash x.sh`, `sbatch x.sh`: the script must exist, the rest may be paths. */
export function launch(
  state: ShellState,
  name: string,
  words: readonly Word[],
  nested: (from: number, to: number) => void,
): void {
  enterMounts(state, words);
  const { at, kind } = findScript(state, words, name);
  if (at < 0 || at >= words.length) {
    enterArguments(state, words);
    return;
  }
  enterArguments(state, words.slice(0, kind === "script" ? at : at - 1));
  const word = words[at] as Word;
  if (kind === "code") {
    const span = spanOf(word);
    if (shells.has(name) || isShellBefore(state, words, at)) nested(span.start, span.end);
  } else if (kind === "module") {
    const module = literalOf(word) ?? "";
    if (checkers.has(module)) return check(state, words.slice(at + 1));
  } else {
    const option = words[at - 1];
    const inContainer = words.slice(0, at).some((one) => containerOption.test(bareStart(one)));
    const isLog = option !== undefined && /^--?(?:out|err|log)/.test(bareStart(option));
    enterValue(
      state,
      word,
      isLog
        ? { use: "write" }
        : {
            certain: true,
            strength: inContainer || foreign.test(name) ? "soft" : "hard",
            kind: "command",
            use: "run",
          },
    );
  }
  enterArguments(state, words.slice(at + 1));
}

/** `pytest tests/test_a.py::test_b`, `ruff check src`: operands are paths. */
export function check(state: ShellState, words: readonly Word[]): void {
  for (const [at, word] of words.entries()) {
    const bare = bareStart(word);
    const before = at === 0 ? "" : bareStart(words[at - 1] as Word);
    const isNamed = bare.includes("/") || /\.(?:py|ipynb|sh)$/.test(bare);
    if (bare.startsWith("-") || (/^-{1,2}[a-zA-Z][\w-]*$/.test(before) && !isNamed)) {
      if (/^(?:-c|--config|--rootdir|--confcutdir|--config-file|--rcfile)$/.test(before))
        enterValue(state, word, { certain: true, key: before.replace(/^-+/, "") });
      continue;
    }
    if (/^(?:check|format|run|lint)$/.test(bare) || bare === ".") continue;
    const node = bare.indexOf("::");
    const path = node < 0 ? word : wordHead(word, node);
    if (/[\w.)}*/-]$/.test(state.evaluate(path).value))
      enterValue(state, path, { certain: true, strength: "soft", key: "check" });
  }
}

function isShellBefore(state: ShellState, words: readonly Word[], at: number): boolean {
  return words.slice(0, at).some((word) => shells.has(lastOf(state.evaluate(word).value)));
}
