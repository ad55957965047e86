import { enterValue } from "./arguments.ts";
import type { Nested } from "./simple-command.ts";
import type { Redirect, ShellState } from "./state.ts";
import type { Operator, Word } from "./tokens.ts";
import { bareStart } from "./word-span.ts";

/** Where a redirection leads: a file that is read or made, or a here-document. */
export function redirectFile(
  state: ShellState,
  redirect: Redirect,
  words: readonly Word[],
  all: readonly Redirect[],
  nested: Nested,
): void {
  const { operator, target, token } = redirect;
  if (target === undefined) return;
  if (operator === "<<" || operator === "<<-") return readDocument(state, token, words, all, nested);
  if (operator === "<<<") return;
  const { value } = state.evaluate(target);
  if (/^&?\d*-?$/.test(value) || value.startsWith("/dev/") || (operator.endsWith("&") && /^\d$/.test(value)))
    return;
  const reads = operator === "<" || operator === "<>";
  const defines =
    operator.startsWith(">") &&
    /^(?:cat|echo|printf)$/.test(words[0] === undefined ? "" : bareStart(words[0]));
  enterValue(state, target, {
    kind: "redirect",
    certain: true,
    strength: "weak",
    use: reads ? "read" : defines ? "define" : "write",
  });
}

/** The body of a here-document: commands, if a shell reads it or a script is written with it. */
function readDocument(
  state: ShellState,
  operator: Operator,
  words: readonly Word[],
  all: readonly Redirect[],
  nested: Nested,
): void {
  const { document } = operator;
  if (document === undefined) return;
  const names = words.map((word) => bareStart(word));
  const target = all.find((one) => one.operator.startsWith(">"))?.target;
  const written = target === undefined ? "" : state.evaluate(target).value;
  if (names.some((name) => /^(?:bash|sh|zsh|sbatch|qsub)$/.test(name))) {
    if (names.some((name) => /^(?:ssh|docker|kubectl)$/.test(name)))
      state.elsewhere(() => nested(document.from, document.to));
    else nested(document.from, document.to);
  } else if (names[0] === "ssh") state.elsewhere(() => nested(document.from, document.to));
  else if (/\.(?:sh|bash|slurm|sbatch)$/.test(written)) {
    // A script that runs later, from who knows where: what it names is no hard place here.
    const before = state.isLater;
    state.isLater = true;
    nested(document.from, document.to);
    state.isLater = before;
  }
}
