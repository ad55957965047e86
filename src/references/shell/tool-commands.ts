import { enterArguments, enterValue } from "./arguments.ts";
import { hard, type Options, walkOptions } from "./option-walk.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { hasUnknown, lastOf } from "./values.ts";
import { bareStart, wordHead } from "./word-span.ts";

/** `pip install`: requirement files, constraint files and folders to install; distributions are no paths. */
export function installPython(state: ShellState, words: readonly Word[]): void {
  const folder = (word: Word): void => {
    const { value } = state.evaluate(word);
    const extras = /\[[\w,\s.-]+\]$/.exec(bareStart(word));
    if (!/^(?:\.|\.\.|\.{1,2}\/.*|[\u0001/].*|[\w.-]+\/(?:[\w./-]+)?)(?:\[[\w,\s.-]+\])?$/.test(value))
      return;
    const own = extras === null ? word : wordHead(word, bareStart(word).length - extras[0].length);
    const relative = /^\.{1,2}(?:\/|$)/.test(state.evaluate(own).value);
    enterValue(state, own, { kind: "context", certain: true, strength: relative ? "hard" : "soft" });
  };
  const source = { ...hard, kind: "include" } as const;
  walkOptions(
    state,
    words,
    {
      "-r": source,
      "--requirement": source,
      "--requirements": source,
      "-c": source,
      "--constraint": source,
      "-t": "skip",
      "--target": "skip",
      "-i": "skip",
      "--index-url": "skip",
      "--extra-index-url": "skip",
      "--prefix": "skip",
      "-f": "skip",
      "--find-links": "skip",
      "--cache-dir": "skip",
    },
    folder,
  );
}

/** Tools that read a manifest, a chart, a plan or a build file by option. */
const fileOptions: Readonly<Record<string, Options>> = {
  kubectl: {
    "-f": hard,
    "--filename": hard,
    "-k": hard,
    "--kustomize": hard,
    "-n": "skip",
    "--namespace": "skip",
    "-l": "skip",
    "-o": "skip",
  },
  oc: { "-f": hard, "--filename": hard, "-k": hard },
  helm: {
    "-f": hard,
    "--values": hard,
    "--set": "skip",
    "-n": "skip",
    "--namespace": "skip",
    "--version": "skip",
    "--repo": "skip",
  },
  conda: {
    "-f": hard,
    "--file": hard,
    "-n": "skip",
    "--name": "skip",
    "-c": "skip",
    "-p": "skip",
    "--prefix": "skip",
  },
  make: {
    "-f": hard,
    "--file": hard,
    "--makefile": hard,
    "-C": { ...hard, kind: "context" },
    "--directory": { ...hard, kind: "context" },
    "-j": "skip",
  },
  cmake: {
    "-S": { ...hard, kind: "context" },
    "-B": { certain: true, use: "write" },
    "-G": "skip",
    "--build": { certain: true, strength: "weak" },
  },
  terraform: { "-var-file": hard, "-chdir": { ...hard, kind: "context" } },
  "docker-compose": { "-f": hard, "--file": hard, "--env-file": hard, "-p": "skip" },
  npm: { "--prefix": { ...hard, kind: "context" } },
  yarn: { "--cwd": { ...hard, kind: "context" } },
  pnpm: { "-C": { ...hard, kind: "context" }, "--dir": { ...hard, kind: "context" } },
};
const sameOptions: Readonly<Record<string, string>> = {
  mamba: "conda",
  micromamba: "conda",
  gmake: "make",
  k: "kubectl",
};

/** Handles a tool of the table; false if it is none. */
export function runTool(state: ShellState, name: string, words: readonly Word[]): boolean {
  const tool = sameOptions[name] ?? name;
  const options = fileOptions[tool];
  if (options === undefined) return false;
  walkOptions(state, words, options, (word, index) => {
    const { value } = state.evaluate(word);
    if (tool === "helm" && index > 0 && /^\.{0,2}\//.test(value))
      enterValue(state, word, { ...hard, kind: "context" });
    else if (tool === "terraform" || tool === "cmake") {
      if (/^\.\.?(?:\/|$)/.test(value) && value !== ".") enterValue(state, word, { certain: true });
    } else if (tool === "make") enterArguments(state, [word]);
  });
  return true;
}

/** `git`: clones become folders, patches and submodules are files here; refs and pathspecs say nothing sure. */
export function runGit(state: ShellState, words: readonly Word[]): void {
  const values = words.map((word) => state.evaluate(word).value);
  let at = 0;
  while (values[at] === "-C" || values[at] === "-c") at += 2;
  const verb = values[at];
  if (verb === "clone") {
    const operands: string[] = [];
    for (let index = at + 1; index < values.length; index += 1) {
      const value = values[index] as string;
      if (
        /^(?:-b|--branch|--depth|-o|-j|--jobs|-c|--config|--filter|--reference|--origin|--shallow-since|--recurse-submodules=.*)$/.test(
          value,
        ) &&
        !value.includes("=")
      )
        index += 1;
      else if (!value.startsWith("-")) operands.push(value);
    }
    const [url, folder] = operands;
    if (url === undefined) return;
    const name = lastOf(url.replace(/\/+$/, ""))
      .replace(/\.git$/, "")
      .replace(/^.*:/, "");
    const target = folder ?? name;
    if (target !== "" && !hasUnknown(target))
      state.recorder.cloned(target, state.cwd, state.recorder.shown(url));
  } else if (verb === "apply" || verb === "am") enterArguments(state, words.slice(at + 1), { key: verb });
}
