import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { hasUnknown } from "./values.ts";
import { spanOf } from "./word-span.ts";

const commandStart =
  /^\s*(?:[A-Za-z_]\w*=\S* +)*(?:python[\d.]*|torchrun|deepspeed|accelerate|bash|sh|srun|sbatch|mpirun|horovodrun|uv run|poetry run|conda run|node|npx|tsx|ts-node(?:-dev)?|pytest|make|\.{0,2}\/[\w./-]+\.(?:sh|py))(?= |\n|$)/;

/**
 * A quoted text that is a command (`CMD="torchrun $X train.py"`, `--command "python a.py"`) is read as one; false for
 * other texts. `isRun`: the place says that it runs.
 */
export function enterCommandText(state: ShellState, word: Word, isRun: boolean): boolean {
  const [first] = word.parts;
  if (first === undefined || first.quote === "" || word.parts.some(({ quote }) => quote !== first.quote))
    return false;
  const span = spanOf(word);
  if (span.end - span.start < 8 || !commandStart.test(state.text.slice(span.start, span.start + 200)))
    return false;
  const before = state.isLater;
  state.isLater = before || !isRun;
  state.nested(span.start, span.end);
  state.isLater = before;
  return true;
}

const named =
  /(?<![\w/.${}:@~-])(?:\.{0,2}\/)?[\w.-]*(?:[\w.-]+\/)*[\w-][\w.-]*\.(?:py|sh|ipynb|ya?ml|json|toml|md|txt|cfg|sbatch|slurm)(?![\w/-])/g;

/** Files that a message names (`echo "run prepare.sh first"`). */
export function enterMessage(state: ShellState, words: readonly Word[]): void {
  if (hasUnknown(state.cwd)) return;
  for (const word of words) {
    for (const part of word.parts) {
      if (part.type !== "text" || part.value.length < 5) continue;
      for (const { 0: path, index } of state.text.slice(part.start, part.end).matchAll(named)) {
        if (!path.includes("/") && !/\.(?:py|sh|ipynb|md)$/.test(path)) continue;
        const start = part.start + index;
        if (/[\w/.${}:@~-]/.test(state.text.charAt(start - 1))) continue;
        const found = { value: path, keep: start };
        state.recorder.mention({ start, end: start + path.length }, found, state.cwd, {
          kind: "text",
          strength: "weak",
          use: "read",
        });
      }
    }
  }
}
