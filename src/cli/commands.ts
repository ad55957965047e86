import type { CommandNode, CommandSpec } from "./framework/command.ts";
import { platformNodes } from "./platform/nodes.ts";

const command = (
  name: string,
  summary: string,
  load: () => Promise<{ default: unknown }>,
  children?: readonly CommandNode[],
): CommandNode => ({
  kind: "command",
  name,
  summary,
  load: load as () => Promise<{ default: CommandSpec<never> }>,
  ...(children === undefined ? {} : { children }),
});

const group = (name: string, summary: string, children: readonly CommandNode[]): CommandNode => ({
  kind: "group",
  name,
  summary,
  children,
});

/** Every command, in the order of the help. Each loads on use. */
export const commands: readonly CommandNode[] = [
  // the whole way
  command(
    "journey",
    "go the whole way on a sample, from scattered packages to a reply",
    () => import("./journey.ts"),
  ),
  command(
    "sample",
    "write a repository of scattered training packages to try things on",
    () => import("./sample.ts"),
  ),
  command("doctor", "show what this machine has and what is missing", () => import("./doctor.ts")),
  // the home
  command("init", "write training-ready.yaml and the layout of a home", () => import("./init.ts")),
  command(
    "audit",
    "find packages, overlaps, references, imports and missing files",
    () => import("./audit.ts"),
  ),
  command("plan", "plan a consolidation, proven before the disk is touched", () => import("./plan.ts")),
  command("apply", "carry a plan out on a new branch, with a journal", () => import("./apply.ts")),
  command("undo", "take the last apply back", () => import("./undo.ts")),
  command("verify", "prove that a consolidation broke and lost nothing", () => import("./verify.ts")),
  // what the home holds
  group("data", "build data sets from sources, look into them, keep them whole", [
    command("build", "acquire, process, modalities and synthesize in one", () => import("./data/build.ts")),
    command("acquire", "find and pin the sources", () => import("./data/acquire.ts")),
    command("process", "turn the sources into scrubbed, labelled records", () => import("./data/process.ts")),
    command("modalities", "tag therapy methods, components and bias", () => import("./data/modalities.ts")),
    command("generate", "let a model write conversations, cost first", () => import("./data/generate.ts")),
    command("knowledge", "join and check psychology concepts", () => import("./data/knowledge.ts")),
    command("synthesize", "remove duplicates, split and publish", () => import("./data/synthesize.ts")),
    command("inspect", "look at records, drops and quarantine", () => import("./data/inspect.ts")),
    command("forget", "take a client out of the data set", () => import("./data/forget.ts")),
    command("status", "check a built data set against its manifest", () => import("./data/status.ts")),
    command("push", "send a data set to S3 or a folder", () => import("./data/push.ts")),
    command("prune", "remove versions of a data set that were sent", () => import("./data/prune.ts")),
    command("pull", "fetch a data set from S3 or a folder", () => import("./data/pull.ts")),
  ]),
  group("train", "train a model by a recipe, exactly resumable", [
    command("plan", "measure this machine and say how long a run takes", () => import("./train/plan.ts")),
    command("run", "train by a recipe", () => import("./train/run.ts")),
    command("resume", "go on with a stopped or killed run, exactly", () => import("./train/resume.ts")),
    command(
      "extend",
      "give a run more time, or train finished weights further",
      () => import("./train/extend.ts"),
    ),
    command("stop", "let a run save and stop", () => import("./train/stop.ts")),
    command("status", "show where a run stands", () => import("./train/status.ts")),
    command("eval", "compare base and tuned model by domain", () => import("./train/eval.ts")),
    command("sample", "let base and tuned model answer the same prompts", () => import("./train/sample.ts")),
    command("export", "write a finished run in a form that others load", () => import("./train/export.ts")),
    command("tensorboard", "write a run's curves for TensorBoard", () => import("./train/tensorboard.ts")),
    group("render", "write a recipe for other trainers", [
      command("axolotl", "write a LoRA recipe for axolotl", () => import("./train/render-axolotl.ts")),
    ]),
  ]),
  command(
    "serve",
    "serve a model with a risk screen before it, and the tracker",
    () => import("./serve.ts"),
    [
      group("keys", "API keys to the inference service", [
        command("add", "give somebody or something a key", () => import("./serve/keys-add.ts")),
        command("list", "show every key, without its secret", () => import("./serve/keys-list.ts")),
        command("revoke", "end a key at once", () => import("./serve/keys-revoke.ts")),
      ]),
      group("safety", "what is said to people at risk, and who signed it", [
        command(
          "init",
          "write the drafts of texts, thresholds and help lines into the home",
          () => import("./serve/safety-init.ts"),
        ),
        command(
          "sign",
          "record who signed the home's safety configuration",
          () => import("./serve/safety-sign.ts"),
        ),
        command(
          "status",
          "show who signed, what changed since and what is not verified",
          () => import("./serve/safety-status.ts"),
        ),
      ]),
      command(
        "erase",
        "erase a client's sessions, reviews and waiting turns for good",
        () => import("./serve/erase.ts"),
      ),
      group("ledger", "the trail of risk and of who read what", [
        command("verify", "check the chain and its checkpoints", () => import("./serve/ledger-verify.ts")),
      ]),
    ],
  ),
  command(
    "bench",
    "measure a server's speed, or the risk screen on labelled texts",
    () => import("./bench.ts"),
    [command("compare", "compare two saved measurements", () => import("./bench/compare.ts"))],
  ),
  group("progress", "keep and report the progress of the people the model talks with", [
    group("principal", "keys to the tracker", [
      command("add", "give somebody or something a key", () => import("./progress/principal-add.ts")),
    ]),
    command("care", "begin, end or limit somebody's care of a client", () => import("./progress/care.ts")),
    command("sample", "enter a synthetic client and show its report", () => import("./progress/sample.ts")),
    command("report", "show where a client stands", () => import("./progress/report.ts")),
    command(
      "check-report",
      "find what was changed in a written report",
      () => import("./progress/check-report.ts"),
    ),
    command(
      "export",
      "write everything stored about a client to a file",
      () => import("./progress/export.ts"),
    ),
    command(
      "fleet",
      "say what the models did, and whether a rollout must hold",
      () => import("./progress/fleet.ts"),
    ),
    command(
      "deidentify",
      "write records for research, without ids, free text and true dates",
      () => import("./progress/deidentify.ts"),
    ),
    command(
      "import",
      "take in the former tracker's database or an export",
      () => import("./progress/import.ts"),
    ),
    command("readers", "say who read whom, from the ledger", () => import("./progress/readers.ts")),
    command("backup", "copy the database while it is in use", () => import("./progress/backup.ts")),
    command("restore", "make a tracker from a backup and its keys", () => import("./progress/restore.ts")),
    command(
      "retention",
      "delete what the site's rules no longer let it keep",
      () => import("./progress/retention.ts"),
    ),
    group("keys", "what everything is sealed with", [
      command("rotate", "new root key, or new keys for clients", () => import("./progress/keys-rotate.ts")),
    ]),
    command("erase", "erase a client for good", () => import("./progress/erase.ts")),
    group("ledger", "the trail of who did what", [
      command("verify", "check the chain and its checkpoints", () => import("./progress/ledger-verify.ts")),
    ]),
  ]),
  group(
    "platform",
    "run on Lightning, OVH, Slurm, Kubernetes or Docker; sync with S3 and Drive",
    platformNodes,
  ),
];
