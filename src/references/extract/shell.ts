import { lineCounter } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { scanShell } from "../shell/index.ts";

/** Shell scripts, Slurm and other batch jobs: by suffix, else by their first line. */
export const shell: Extractor = {
  format: "shell",
  version: 4,
  matches: (path, head) =>
    /\.(?:sh|bash|zsh|ksh|slurm|sbatch|sub|bats|pbs)$/i.test(path) ||
    /^#![^\n]*\b(?:ba|z|k|da)?sh\b/.test(head) ||
    /(?:^|\/)(?:\.bashrc|\.bash_profile|\.profile|\.zshrc|\.envrc)$/.test(path),
  extract(text): Extraction {
    return scanShell(text, { lineOf: lineCounter(text) });
  },
};
