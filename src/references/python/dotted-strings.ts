import type { ImportMention } from "../schema.ts";
import type { MentionSink } from "./mention-sink.ts";
import type { Block, Guard } from "./statements.ts";
import { pathTextOf } from "./string-literals.ts";
import type { Value } from "./values.ts";

const dotted = /^\.*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_][\w.]*)?$/;

/**
 * A string that names a module (`import_module`) or something in one (`mock.patch`). The first kind is also an import,
 * loaded when its place runs.
 */
export function enterDotted(
  value: Value,
  kind: "module" | "attribute",
  sink: MentionSink,
  imports: ImportMention[],
  block: Block,
  guard: Guard | undefined,
): void {
  const name = pathTextOf(value);
  const [piece] = value.pieces;
  if (piece === undefined || !dotted.test(name)) return;
  if (kind === "attribute" && !name.includes(".") && !name.includes(":")) return;
  sink.enter(value, { strength: "weak", use: "import", kind: "module" });
  if (kind !== "module") return;
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  imports.push({
    start: piece.start,
    end: piece.end,
    line: 0,
    module: name.slice(level).replace(/:.*$/, ""),
    level,
    names: [],
    star: false,
    guarded: guard !== undefined,
    typeChecking: false,
    lazy: true,
    string: true,
    ...guard,
    ...(block.main ? { main: true } : {}),
  });
}
