import { enterValue, splitAssignment, type Meaning } from "./arguments.ts";
import { hard, walkOptions } from "./option-walk.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { bareStart, spanOf } from "./word-span.ts";

/** `docker build`, `podman build`: the context folder and the file, which is seen from where the command runs. */
export function buildImage(state: ShellState, words: readonly Word[]): void {
  const context = { ...hard, kind: "context" } as const;
  const boolean = new Set([
    "--push",
    "--load",
    "--no-cache",
    "--pull",
    "--quiet",
    "-q",
    "--rm",
    "--force-rm",
    "--squash",
    "--no-cache-filter",
  ]);
  const skip: Record<string, Meaning | "skip"> = {
    "-f": { ...hard, key: "dockerfile" },
    "--file": { ...hard, key: "dockerfile" },
  };
  for (const word of words) {
    const bare = bareStart(word);
    if (/^-{1,2}[a-z]/.test(bare) && !bare.includes("=") && !boolean.has(bare) && skip[bare] === undefined)
      skip[bare] = "skip";
  }
  const file = words.findIndex((word) => /^(?:-f|--file)(?:=|$)/.test(bareStart(word)));
  walkOptions(state, words, skip, (word) => {
    const { value } = state.evaluate(word);
    if (value === "-" || /^(?:https?|git):/.test(value)) return;
    enterValue(state, word, context);
    const named = words[file];
    const dockerfile = named === undefined ? undefined : (splitAssignment(named)?.value ?? words[file + 1]);
    const name = dockerfile === undefined ? undefined : state.evaluate(dockerfile).value;
    state.recorder.build(word.start, value, name, state.cwd);
  });
}

/** `docker run`, `exec`, `create`: only what is mounted or read from here; what follows runs elsewhere. */
export function enterMounts(state: ShellState, words: readonly Word[]): void {
  const mount = (word: Word): void => {
    const bare = bareStart(word);
    const colon = state.evaluate(word).value.indexOf(":");
    if (colon <= 0) return;
    // The host's side; Docker's named volumes have no slash.
    const span = spanOf(word);
    const cut = state.text.indexOf(":", span.start);
    if (cut < 0 || cut >= span.end) return;
    const parts = word.parts
      .filter(({ start }) => start < cut)
      .map((part) =>
        part.type === "text" && part.end > cut
          ? { ...part, end: cut, value: part.value.slice(0, cut - part.start) }
          : part,
      );
    if (parts.some(({ end }) => end > cut)) return;
    const host: Word = { type: "word", start: span.start, end: cut, parts };
    if (/^[./$~\u0001]/.test(bare) || /[/]/.test(state.evaluate(host).value))
      enterValue(state, host, { kind: "mount", certain: true, strength: "weak" });
  };
  for (const [at, word] of words.entries()) {
    const bare = bareStart(word);
    const next = words[at + 1];
    const split = splitAssignment(word);
    if (
      /^(?:-v|--volume|-B|--bind|--container-mounts|--mount)$/.test(bare) &&
      next !== undefined &&
      !/(?:^|,)type=/.test(bareStart(next))
    )
      mount(next);
    else if (split?.option === true && /^--(?:volume|bind|container-mounts|env-file)$/.test(split.name)) {
      if (split.name === "--env-file") enterValue(state, split.value, hard);
      else mount(split.value);
    } else if (bare === "--env-file" && next !== undefined) enterValue(state, next, hard);
  }
}
