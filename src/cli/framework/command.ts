import type { z } from "zod";
import type { ExitCode, JobEvent } from "../../shared/index.ts";

/** What a command is given beside its options. `cwd` is where relative paths start. */
export type CommandContext = {
  cwd: string;
  environment: NodeJS.ProcessEnv;
  json: boolean;
  /** True where a question can be asked and a bar be drawn. */
  interactive: boolean;
  colour: boolean;
  signal: AbortSignal;
  /** Writes to stdout while the command runs (servers, event streams); results are returned instead. */
  print: (text: string) => void;
  /** A warning or a line of progress for people, on stderr. */
  notice: (text: string) => void;
  /** An event of a long job: drawn as progress on a terminal, else dropped. */
  progress: (event: JobEvent) => void;
  /** The program's top-level commands, so that reports name only what exists. */
  commandNames: readonly string[];
  /** Runs another command line of this program, output as it comes, without a terminal; gives its exit code. */
  runWords: (words: readonly string[]) => Promise<ExitCode>;
  /** Asks yes or no on a terminal; elsewhere throws `E_NEEDS_YES`. */
  confirm: (question: string) => Promise<boolean>;
};

/** What a command gives back: its JSON document (with `version`) and the same as text for people. */
export type CommandResult = { exitCode: ExitCode; document: Record<string, unknown>; text: string };

export type ArgumentSpec = { name: string; description: string; required?: boolean; variadic?: boolean };

/** Facts about a flag that its schema cannot say; kept with `.meta()` on the zod type. */
export type FlagMeta = {
  /** What the value is called in help: `--repo <DIR>`. */
  value?: string;
  short?: string;
};

/** One command: its zod schema drives parsing, `--help` and the generated reference. */
export type CommandSpec<S extends z.ZodObject = z.ZodObject> = {
  name: string;
  summary: string;
  description?: string;
  arguments?: readonly ArgumentSpec[];
  options: S;
  /** Command lines with what they do. */
  examples: readonly { line: string; does: string }[];
  /** True if it writes into a repository or home: gets `--yes`. */
  writes?: boolean;
  run(
    input: { options: z.output<S>; arguments: string[] },
    context: CommandContext,
  ): Promise<CommandResult | ExitCode>;
};

/** Types a command without losing its schema's type. */
export function defineCommand<S extends z.ZodObject>(spec: CommandSpec<S>): CommandSpec<S> {
  return spec;
}

/** A group of commands (`data build`) or a single one. */
export type CommandNode =
  | {
      kind: "command";
      name: string;
      summary: string;
      load: () => Promise<{ default: CommandSpec<never> }>;
      /** Commands below one that runs by itself too (`serve` and `serve keys add`). */
      children?: readonly CommandNode[];
    }
  | { kind: "group"; name: string; summary: string; children: readonly CommandNode[] };
