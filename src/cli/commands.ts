import type { CommandNode, CommandSpec } from "./framework/command.ts";

const command = (name: string, summary: string, load: () => Promise<{ default: unknown }>): CommandNode => ({
  kind: "command",
  name,
  summary,
  load: load as () => Promise<{ default: CommandSpec<never> }>,
});

/** Every command, in the order of the help. Each loads on use. */
export const commands: readonly CommandNode[] = [
  command(
    "audit",
    "find packages, overlaps, references, imports and missing files",
    () => import("./audit.ts"),
  ),
];
