import { z } from "zod";
import { didYouMean, TrainingReadyError } from "../../shared/index.ts";
import type { ArgumentSpec, CommandSpec } from "./command.ts";
import { flagsOf, type Flag } from "./flags.ts";

export type ParsedCall = { values: Record<string, unknown>; arguments: string[] };

const refuse = (code: "E_CLI_UNKNOWN_FLAG" | "E_CLI_ARGUMENT", message: string, hint?: string): never => {
  throw new TrainingReadyError(code, message, hint === undefined ? {} : { hint });
};

function convert(flag: Flag, raw: string): unknown {
  if (!flag.numeric) return raw;
  const number = Number(raw);
  if (raw.trim() === "" || !Number.isFinite(number))
    refuse("E_CLI_ARGUMENT", `${flag.name} needs a number, not "${raw}".`);
  return number;
}

/**
 * Splits a command's words into flags and arguments. Own code, because commander accepts a value flag's missing value
 * when the next word is a flag, and util.parseArgs names no nearest flag. Throws `E_CLI_UNKNOWN_FLAG`, `E_CLI_ARGUMENT`.
 */
export function splitWords(words: readonly string[], flags: readonly Flag[], command: string): ParsedCall {
  const byName = new Map<string, Flag>();
  for (const flag of flags) {
    byName.set(flag.name, flag);
    if (flag.short !== undefined) byName.set(flag.short, flag);
  }
  const values: Record<string, unknown> = {};
  const positional: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (word === "--") {
      positional.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      positional.push(word);
      continue;
    }
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const flag = byName.get(name);
    if (flag === undefined) {
      const known = flags.map((one) => one.name);
      throw new TrainingReadyError(
        "E_CLI_UNKNOWN_FLAG",
        `${name} is no flag of ${command}.${didYouMean(name, known)}`,
        {
          hint: `See \`training-ready ${command} --help\`.`,
        },
      );
    }
    if (flag.kind === "boolean") {
      if (equals >= 0) refuse("E_CLI_ARGUMENT", `${name} takes no value.`);
      values[flag.key] = true;
      continue;
    }
    let raw: string | undefined = equals < 0 ? words[index + 1] : word.slice(equals + 1);
    if (equals < 0) {
      if (raw === undefined || (raw.startsWith("--") && raw.length > 2)) raw = undefined;
      else index++;
    }
    if (raw === undefined) {
      throw new TrainingReadyError("E_CLI_ARGUMENT", `${name} needs a value (${flag.value}).`);
    }
    if (flag.kind === "list") {
      const list = (values[flag.key] ??= []) as unknown[];
      list.push(convert(flag, raw));
    } else {
      if (flag.key in values) refuse("E_CLI_ARGUMENT", `${name} is given twice.`, "Give it once.");
      values[flag.key] = convert(flag, raw);
    }
  }
  return { values, arguments: positional };
}

function checkArguments(given: readonly string[], specs: readonly ArgumentSpec[], command: string): void {
  const required = specs.filter((one) => one.required === true);
  if (given.length < required.length) {
    refuse("E_CLI_ARGUMENT", `${command} needs ${required[given.length]?.name ?? "an argument"}.`);
  }
  if (!specs.some((one) => one.variadic === true) && given.length > specs.length) {
    refuse("E_CLI_ARGUMENT", `${command} does not take the argument "${given[specs.length]}".`);
  }
}

/** A command's words checked against its schema. Throws `E_CLI_UNKNOWN_FLAG`, `E_CLI_ARGUMENT`. */
export function parseCall(
  spec: CommandSpec,
  command: string,
  words: readonly string[],
): {
  options: Record<string, unknown>;
  arguments: string[];
  json: boolean;
  debug: boolean;
  help: boolean;
  yes: boolean;
} {
  const flags = flagsOf(spec);
  const { values, arguments: given } = splitWords(words, flags, command);
  const { json, debug, help, yes, ...own } = values;
  const common = { json: json === true, debug: debug === true, help: help === true, yes: yes === true };
  if (common.help) return { options: {}, arguments: given, ...common };
  checkArguments(given, spec.arguments ?? [], command);
  const result = spec.options.safeParse(own);
  if (!result.success) {
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    const flag = flags.find((one) => one.key === issue.path[0]);
    const value = flag === undefined ? undefined : own[flag.key];
    const near = flag?.choices && typeof value === "string" ? didYouMean(value, flag.choices) : "";
    const said =
      value === undefined ? "is required" : `does not take ${JSON.stringify(value)}: ${issue.message}`;
    refuse("E_CLI_ARGUMENT", `${flag?.name ?? "the call"} ${said}.${near}`);
  }
  return { options: result.data as Record<string, unknown>, arguments: given, ...common };
}
