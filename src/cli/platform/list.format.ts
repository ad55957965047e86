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

/** A line a store: what carries files to and from it. */
export function formatStores(
  stores: readonly { name: string; through: string; rclone: string | null }[],
): string {
  return stores
    .map(({ name, through, rclone }) =>
      through === "rclone"
        ? `${name}: through ${visibleText(rclone ?? "rclone")}\n`
        : `${name}: through its own REST API\n`,
    )
    .join("");
}
