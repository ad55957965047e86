import type { ToolState } from "../../platforms/index.ts";
import { visibleText } from "../../shared/index.ts";

type Listed = { name: string; title: string; can: readonly string[]; tools: readonly ToolState[] };

/** A paragraph a platform: what it can do, and its programs. */
export function formatList(listed: readonly Listed[]): string {
  return listed
    .map(({ name, title, can, tools }) => {
      const lines = [`${name}: ${title}`, `  can: ${can.join("; ")}`];
      for (const { program, found, install } of tools)
        lines.push(
          found === null
            ? `  missing: ${program} (${install})`
            : `  installed: ${program} (${visibleText(found)})`,
        );
      return `${lines.join("\n")}\n`;
    })
    .join("\n");
}
