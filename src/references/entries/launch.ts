/** What a command starts, after its launchers are taken off. `target`: a file, a module, or `module:attribute`. */
export type Launch = {
  mode: "script" | "module" | "asgi";
  target: string;
  environment: Record<string, string>;
  /** Folder that the command itself changes to, below the one it runs in. */
  folder?: string;
  /** Runs in a container, whose folders are not the repository's. */
  inContainer: boolean;
};

const assignment = /^([A-Za-z_]\w*)=(.*)$/s;
const pythonName = /(?:^|\/)(?:python|pypy|ipython)[\d.]*$/;
const starter =
  /(?:^|\/)(?:python[\d.]*|torchrun|deepspeed|accelerate|colossalai|bash|sh|uv|poetry|uvicorn|gunicorn|streamlit)$|\.py$/;

/** Launchers that only stand before another command, with the options that take a word of their own. */
const wrappers: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    sudo: "-[ugpCD]",
    nohup: "",
    time: "-[fo]",
    exec: "-a",
    command: "",
    env: "-[uCS]|--unset|--chdir",
    nice: "-n",
    ionice: "-[nc]",
    setsid: "",
    stdbuf: "-[oei]",
    timeout: "-[sk]",
    "xvfb-run": "-[sne]",
    numactl: "-[NmCi]",
    taskset: "",
    nsys: "-[otscyw]|--[a-z-]+",
    ncu: "-[okc]|--[a-z-]+",
    coverage: "",
    catchsegv: "",
    unbuffer: "",
    caffeinate: "",
  }).map(([name, options]) => [name, new RegExp(`^(?:${options === "" ? "(?!)" : options})$`)]),
);

const runners: ReadonlyMap<string, RegExp> = new Map([
  [
    "uv",
    /^(?:-p|--python|--project|--directory|--with|--extra|--group|--env-file|--package|--index|--with-requirements|--with-editable)$/,
  ],
  ["poetry", /^(?:-C|--directory|-P|--project)$/],
  ["conda", /^(?:-n|--name|-p|--prefix|--cwd)$/],
  ["mamba", /^(?:-n|--name|-p|--prefix)$/],
  ["micromamba", /^(?:-n|--name|-p|--prefix)$/],
  ["pipenv", /^(?!)$/],
  ["hatch", /^(?:-e|--env)$/],
  ["pdm", /^(?:-p|--project)$/],
  ["rye", /^(?!)$/],
  ["pixi", /^(?:-e|--environment|--manifest-path)$/],
]);

// Options of launchers that stand alone; every other one written without "=" takes the next word.
const alone =
  /^(?:--?(?:standalone|no[-_]python|multi[-_]gpu|cpu|tpu|use_\w+|bf16|fp16|nnodes=.*|help|version|no[-_]\w+|exclusive|label|overcommit|oversubscribe|pty|unbuffered|debug|quiet|verbose|module|allow-run-as-root|force_multi|no_ssh|bind_cores_to_rank|dynamic_\w+|same_network|main_training_function|gpu|rdzv[-_]conf=.*)|-[vqlu])$/;

const serverOption =
  /^(?:-[bkwtcpAn]|--(?:bind|workers|worker-class|threads|timeout|config|port|host|log-level|log-config|chdir|app-dir|reload-dir|env-file|loop|http|ws|access-logfile|error-logfile|worker-tmp-dir|name|pid|graceful-timeout|keep-alive|max-requests|limit-concurrency|root-path|ssl-\w+))$/;

const profilers = new Set([
  "pdb",
  "cProfile",
  "profile",
  "trace",
  "ipdb",
  "kernprof",
  "line_profiler",
  "memory_profiler",
  "scalene",
  "viztracer",
  "torch.utils.bottleneck",
  "debugpy",
  "coverage",
  "pudb",
]);
const distributed = new Set([
  "torch.distributed.launch",
  "torch.distributed.run",
  "torch.distributed.elastic",
  "accelerate.commands.launch",
  "deepspeed.launcher.runner",
  "deepspeed.launcher.launch",
  "torch.utils.collect_env",
  "oneccl_bindings_for_pytorch",
  "intel_extension_for_pytorch.cpu.launch",
  "bagua.distributed.launch",
  "paddle.distributed.launch",
]);
const servers = new Set(["uvicorn", "gunicorn", "hypercorn", "daphne"]);

/** Words of `bash -c "…"`, `--wrap "…"`: split at blanks, quotes off, up to the first operator. */
const wordsOf = (text: string): string[] =>
  (
    text.split(/\s*(?:&&|\|\||[;|&])\s*/).find((part) =>
      starter.test(
        part
          .trim()
          .split(/\s+/)
          .find((one) => !assignment.test(one)) ?? "",
      ),
    ) ?? text
  )
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/["']/g, ""));

/** Takes launchers off a command; undefined if it starts no Python. */
export function unwrapLaunch(
  words: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Launch | undefined {
  const environment: Record<string, string> = { ...given };
  let rest = words.filter((word) => word !== "\\");
  let inContainer = false;
  let folder: string | undefined;
  const launch = (mode: Launch["mode"], target: string | undefined): Launch | undefined =>
    target === undefined || target === "" || target.startsWith("-")
      ? undefined
      : { mode, target, environment, inContainer, ...(folder === undefined ? {} : { folder }) };

  for (let round = 0; round < 20 && rest.length > 0; round++) {
    const pair = assignment.exec(rest[0] as string);
    if (pair !== null) {
      environment[pair[1] as string] = pair[2] as string;
      rest = rest.slice(1);
      continue;
    }
    const first = rest[0] as string;
    const name = first.slice(first.lastIndexOf("/") + 1);
    const wrapper = wrappers.get(name);
    if (wrapper !== undefined) {
      rest = afterOptions(rest.slice(1), wrapper);
      if ((name === "timeout" || name === "taskset") && rest[0] !== undefined) rest = rest.slice(1);
      if (name === "nsys" && rest[0] === "profile") rest = rest.slice(1);
      if (name === "nsys" || name === "ncu") rest = fromStarter(rest);
      if (name === "coverage" && rest[0] === "run") rest = ["python", ...rest.slice(1)];
      continue;
    }
    const runner = runners.get(name);
    if (runner !== undefined) {
      const run = rest.indexOf("run");
      if (run < 0) return undefined;
      const options = rest.slice(1);
      const at = options.findIndex((word) => word === "--cwd" || word === "--directory" || word === "-C");
      if (at >= 0) folder = options[at + 1];
      rest = afterOptions(rest.slice(run + 1), runner);
      if (rest[0] === "--") rest = rest.slice(1);
      if (rest[0] === "-m" || rest[0] === "--module") rest = ["python", ...rest];
      continue;
    }
    if (
      /^(?:srun|mpirun|mpiexec(?:\.hydra)?|horovodrun|salloc|sbatch|bsub|qsub|jsrun|aprun|orterun|prun|parallel|xargs|ray|dlrover-run|pdsh|ssh)$/.test(
        name,
      )
    ) {
      const wrap = rest.findIndex((word) => /^--wrap(?:=|$)/.test(word));
      if (wrap >= 0) {
        const text = (rest[wrap] as string).includes("=")
          ? (rest[wrap] as string).replace(/^--wrap=/, "")
          : (rest[wrap + 1] ?? "");
        rest = wordsOf(text);
        continue;
      }
      if (rest.some((word) => /^--container-(?:image|name)/.test(word))) inContainer = true;
      rest = fromStarter(rest.slice(1));
      continue;
    }
    if (
      /^(?:docker|podman|nvidia-docker|singularity|apptainer|enroot|kubectl|docker-compose|shifter)$/.test(
        name,
      )
    ) {
      inContainer = true;
      const at = rest.findIndex((word) => word === "-w" || word === "--workdir" || word === "--pwd");
      if (at >= 0) folder = rest[at + 1];
      rest = fromStarter(rest.slice(1));
      continue;
    }
    if (/^(?:bash|sh|zsh)$/.test(name)) {
      const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
      if (at < 0 || rest[at + 1] === undefined) return undefined;
      rest = rest.length === at + 2 ? wordsOf(rest[at + 1] as string) : rest.slice(at + 1);
      continue;
    }
    if (pythonName.test(first)) {
      const found = pythonLaunch(rest, launch);
      if (found !== "again") return found;
      rest = rest.slice(rest.findIndex((word) => /^-[uBOEsSiv]*m$/.test(word)) + 1);
      continue;
    }
    if (name === "accelerate" || name === "colossalai") {
      const at = rest.findIndex((word) => word === "launch" || word === "run");
      return at < 0 ? undefined : scriptAfterOptions(rest.slice(at + 1), launch);
    }
    if (name === "torchrun" || name === "deepspeed" || distributed.has(name))
      return scriptAfterOptions(rest.slice(1), launch);
    if (profilers.has(name)) return scriptAfterOptions(rest.slice(1), launch);
    if (servers.has(name)) {
      const operands = rest.slice(1);
      const at = operands.findIndex((word) => /^--(?:app-dir|chdir)(?:=|$)/.test(word));
      if (at >= 0)
        folder = (operands[at] as string).includes("=")
          ? (operands[at] as string).replace(/^[^=]*=/, "")
          : operands[at + 1];
      return launch(
        "asgi",
        operandsOf(operands, serverOption).find((word) => /^[\w.]+:[\w.]+(?:\(.*\))?$/.test(word)),
      );
    }
    if (name === "streamlit" || name === "chainlit" || name === "fastapi" || name === "marimo") {
      const at = rest.findIndex((word) => /^(?:run|dev)$/.test(word));
      return at < 0
        ? undefined
        : launch(
            "script",
            rest.slice(at + 1).find((word) => word.endsWith(".py")),
          );
    }
    if (name === "flask" || name === "celery") {
      const at = rest.findIndex((word) => word === "--app" || word === "-A");
      const target = rest[at + 1];
      return at < 0 || target === undefined
        ? undefined
        : launch(target.endsWith(".py") ? "script" : "asgi", target);
    }
    return first.endsWith(".py") ? launch("script", first) : undefined;
  }
  return undefined;
}

function afterOptions(words: readonly string[], takesValue: RegExp): string[] {
  let at = 0;
  while (
    at < words.length &&
    /^-./.test(words[at] as string) &&
    words[at] !== "--" &&
    !/^(?:-m|--module)$/.test(words[at] as string)
  ) {
    at += takesValue.test(words[at] as string) ? 2 : 1;
  }
  return words.slice(at);
}

const fromStarter = (words: readonly string[]): string[] => {
  const at = words.findIndex((word) => starter.test(word));
  return at < 0 ? [] : words.slice(at);
};

function operandsOf(words: readonly string[], takesValue: RegExp): string[] {
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (!word.startsWith("-")) operands.push(word);
    else if (takesValue.test(word)) at++;
  }
  return operands;
}

type Make = (mode: Launch["mode"], target: string | undefined) => Launch | undefined;

/** `[options] script.py …` or `[options] -m module …` of a distributed launcher. */
function scriptAfterOptions(words: readonly string[], launch: Make): Launch | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "-m" || word === "--module")
      return launch(
        "module",
        words.slice(at + 1).find((one) => !one.startsWith("-")),
      );
    if (pythonName.test(word)) return scriptAfterOptions(words.slice(at + 1), launch);
    if (!word.startsWith("-"))
      return launch("script", word.endsWith(".py") || !/^[\d.:]+$/.test(word) ? word : undefined);
    const next = words[at + 1];
    if (
      !word.includes("=") &&
      !alone.test(word) &&
      next !== undefined &&
      !next.startsWith("-") &&
      !next.endsWith(".py")
    )
      at++;
  }
  return undefined;
}

/** `python [options] (script | -m module | -c code)`. `again`: the module is a launcher itself. */
function pythonLaunch(words: readonly string[], launch: Make): Launch | undefined | "again" {
  for (let at = 1; at < words.length; at++) {
    const word = words[at] as string;
    if (/^-[uBOEsSiv]*m$/.test(word)) {
      const module = words[at + 1];
      if (module === undefined) return undefined;
      if (distributed.has(module) || servers.has(module) || profilers.has(module)) return "again";
      if (module === "streamlit" || module === "accelerate") return "again";
      return launch("module", module);
    }
    if (/^-[a-zA-Z]*m\S/.test(word) && /^-[uBOEsS]*m/.test(word))
      return launch("module", word.replace(/^-[uBOEsS]*m/, ""));
    if (/^-[a-zA-Z]*c$/.test(word) || word === "-") return undefined;
    if (word === "-W" || word === "-X" || word === "--check-hash-based-pycs") at++;
    else if (!word.startsWith("-")) return launch("script", word);
  }
  return undefined;
}
