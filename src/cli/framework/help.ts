import type { CommandNode, CommandSpec } from "./command.ts";
import { flagsOf, type Flag } from "./flags.ts";

const program = "training-ready";

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) =>
      left.length > width
        ? `  ${left}\n  ${" ".repeat(width)}  ${right}`
        : `  ${left.padEnd(width)}  ${right}`,
    )
    .join("\n");
}

/** `--repo <DIR>` with its short form first. */
export function flagSynopsis(flag: Flag): string {
  const value = flag.kind === "boolean" ? "" : ` ${flag.value}`;
  return `${flag.short === undefined ? "" : `${flag.short}, `}${flag.name}${value}`;
}

/** A flag's sentence with its default and whether it may be repeated. */
export function flagDescription(flag: Flag): string {
  const notes: string[] = [];
  if (flag.default !== undefined && flag.kind !== "boolean")
    notes.push(`default ${JSON.stringify(flag.default)}`);
  if (flag.kind === "list") notes.push("may be repeated");
  if (flag.required) notes.push("required");
  return notes.length === 0 ? flag.description : `${flag.description} (${notes.join("; ")})`;
}

/** `training-ready audit [PATH…] [flags]` */
export function usageLine(spec: CommandSpec, path: string): string {
  const words = (spec.arguments ?? []).map((one) => {
    const name = `${one.name}${one.variadic === true ? "…" : ""}`;
    return one.required === true ? name : `[${name}]`;
  });
  return [program, path, ...words, "[flags]"].join(" ");
}

/** The whole help of one command. */
export function commandHelp(spec: CommandSpec, path: string): string {
  const parts = [`${spec.summary}\n`, `Usage: ${usageLine(spec, path)}\n`];
  if (spec.description !== undefined) parts.push(`${spec.description}\n`);
  if (spec.arguments !== undefined && spec.arguments.length > 0) {
    parts.push(`Arguments:\n${table(spec.arguments.map((one) => [one.name, one.description]))}\n`);
  }
  parts.push(`Flags:\n${table(flagsOf(spec).map((flag) => [flagSynopsis(flag), flagDescription(flag)]))}\n`);
  parts.push(`Examples:\n${spec.examples.map(({ line, does }) => `  ${line}\n      ${does}`).join("\n")}\n`);
  return parts.join("\n");
}

/** The list of commands of the program or of a group. */
export function groupHelp(nodes: readonly CommandNode[], path: string, summary: string): string {
  const usage = [program, path, "COMMAND [flags]"].filter(Boolean).join(" ");
  const rows = nodes.map((node): [string, string] => [node.name, node.summary]);
  return `${summary}\n\nUsage: ${usage}\n\nCommands:\n${table(rows)}\n\nSee \`${[program, path, "COMMAND"].filter(Boolean).join(" ")} --help\` for one of them.\n`;
}
