import { createInterface } from "node:readline/promises";
import { resolve } from "node:path";
import {
  didYouMean,
  errorDocument,
  isDiskRefusal,
  redactSecrets,
  tool,
  TrainingReadyError,
  visibleText,
  type ExitCode,
  type JobEvent,
} from "../../shared/index.ts";
import type { CommandContext, CommandNode, CommandSpec } from "./command.ts";
import { commandHelp, groupHelp } from "./help.ts";
import { parseCall } from "./parse.ts";
import { progressPrinter } from "./progress.ts";

/** What the program is connected to; tests give their own. */
export type Host = {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  isTerminal: boolean;
  /** False where stdout goes into a file or pipe: no colours then. */
  stdoutIsTerminal?: boolean;
  environment: NodeJS.ProcessEnv;
  cwd: string;
  signal: AbortSignal;
};

const summary = `training-ready ${tool.version}: one home for a team's language-model training work`;

type Found = { node: CommandNode; path: string; rest: readonly string[] };

function find(nodes: readonly CommandNode[], words: readonly string[], path: string): Found | undefined {
  const word = words[0];
  if (word === undefined || word.startsWith("-")) return undefined;
  const node = nodes.find((one) => one.name === word);
  const known = nodes.map((one) => one.name);
  if (node === undefined) {
    throw new TrainingReadyError(
      "E_CLI_UNKNOWN_COMMAND",
      `"${[path, word].filter(Boolean).join(" ")}" is no command.${didYouMean(word, known)}`,
      { hint: `See \`${["training-ready", path].filter(Boolean).join(" ")} --help\`.` },
    );
  }
  const here = [path, word].filter(Boolean).join(" ");
  if (node.kind === "group")
    return find(node.children, words.slice(1), here) ?? { node, path: here, rest: words.slice(1) };
  // Any other word is the command's own argument.
  const below = node.children?.find((one) => one.name === words[1]);
  if (below !== undefined) return find([below], words.slice(1), here);
  return { node, path: here, rest: words.slice(1) };
}

function refuseFlag(word: string, where: string): never {
  throw new TrainingReadyError(
    "E_CLI_UNKNOWN_FLAG",
    `${word} is no flag of ${where}.${didYouMean(word, ["--help", "--version", "--json"])}`,
  );
}

function showGroup(
  nodes: readonly CommandNode[],
  path: string,
  title: string,
  rest: readonly string[],
  host: Host,
): ExitCode {
  const word = rest[0];
  if (word === undefined || word === "--help" || word === "-h") {
    (word === undefined && path !== "" ? host.stderr : host.stdout)(groupHelp(nodes, path, title));
    return word === undefined && path !== "" ? 2 : 0;
  }
  if (path === "" && (word === "--version" || word === "-v")) {
    host.stdout(`${tool.version}\n`);
    return 0;
  }
  return refuseFlag(word, path === "" ? "training-ready" : path);
}

function contextOf(
  commands: readonly CommandNode[],
  host: Host,
  call: { json: boolean; yes: boolean },
): CommandContext {
  const emitError = (text: string): void => host.stderr(redactSecrets(text));
  const draw = progressPrinter({ write: emitError, enabled: host.isTerminal && !call.json });
  return {
    cwd: host.cwd,
    environment: host.environment,
    json: call.json,
    interactive: host.isTerminal,
    colour: host.isTerminal && host.stdoutIsTerminal !== false && host.environment["NO_COLOR"] === undefined,
    signal: host.signal,
    print: (text) => host.stdout(redactSecrets(text)),
    notice: (text) => emitError(`${text}\n`),
    progress: (event: JobEvent) => draw(event),
    commandNames: commands.map((one) => one.name),
    runWords: (words) => runProgram(commands, words, { ...host, isTerminal: false }),
    async confirm(question) {
      if (call.yes) return true;
      if (!host.isTerminal)
        throw new TrainingReadyError("E_NEEDS_YES", `${question} There is no terminal to answer on.`);
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
      } finally {
        lines.close();
      }
    },
  };
}

async function runCommand(commands: readonly CommandNode[], found: Found, host: Host): Promise<ExitCode> {
  const { node, path, rest } = found;
  if (node.kind === "group") return showGroup(node.children, path, node.summary, rest, host);
  const spec = (await node.load()).default as unknown as CommandSpec;
  const call = parseCall(spec, path, rest);
  if (call.help) {
    host.stdout(commandHelp(spec, path));
    return 0;
  }
  const result = await spec.run(
    { options: call.options, arguments: call.arguments },
    contextOf(commands, host, call),
  );
  if (typeof result === "number") return result;
  // One document, secrets filtered string by string so that the JSON stays whole.
  const document = (): string => {
    const body = { version: 1, tool, ...result.document };
    return JSON.stringify(
      body,
      (_, value: unknown) => (typeof value === "string" ? redactSecrets(value) : value),
      2,
    );
  };
  host.stdout(call.json ? `${document()}\n` : redactSecrets(result.text));
  return result.exitCode;
}

function report(error: unknown, words: readonly string[], host: Host): ExitCode {
  const wantsStack = words.includes("--debug");
  const known =
    error instanceof TrainingReadyError
      ? error
      : new TrainingReadyError(
          isDiskRefusal(error) ? "E_WRITE_FAILED" : "E_INTERNAL",
          error instanceof Error ? error.message : String(error),
          {
            cause: error,
          },
        );
  if (words.includes("--json")) host.stdout(`${redactSecrets(JSON.stringify(errorDocument(known)))}\n`);
  else {
    const message = known.message.split("\n").map(visibleText).join("\n");
    host.stderr(redactSecrets(`${known.code}: ${message}\n${visibleText(known.hint)}\n`));
  }
  if (wantsStack || known.code === "E_INTERNAL") {
    host.stderr(redactSecrets(`${(known.cause instanceof Error ? known.cause.stack : known.stack) ?? ""}\n`));
  }
  return known.exitCode;
}

/** Runs one command line against a tree of commands and gives the exit code; never throws. */
export async function runProgram(
  commands: readonly CommandNode[],
  words: readonly string[],
  host: Host,
): Promise<ExitCode> {
  try {
    const found = find(commands, words, "");
    if (found === undefined) return showGroup(commands, "", summary, words, host);
    return await runCommand(commands, found, host);
  } catch (error) {
    return report(error, words, host);
  }
}

/** A path that the user typed, made absolute. */
export function userPath(context: Pick<CommandContext, "cwd">, path: string): string {
  return resolve(context.cwd, path);
}
