import { visibleText } from "../../shared/index.ts";
import type { Difference, Moved } from "../../storage/index.ts";
import type { Pointer } from "./pointers.ts";

const mostLines = 200;

function limited(lines: readonly string[]): string[] {
  return lines.length <= mostLines
    ? [...lines]
    : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more (--json lists all)`];
}

/** What would go over, be replaced and be removed. */
export function formatDifference(
  found: Difference,
  options: { direction: "push" | "pull"; remove: boolean },
): string {
  const isPush = options.direction === "push";
  const [from, other] = isPush ? [found.here, found.there] : [found.there, found.here];
  const lines = from.map(({ path, bytes, local, remote }) => {
    const replaces = (isPush ? remote : local) !== undefined;
    return `${replaces ? "replace" : isPush ? "send   " : "fetch  "}  ${visibleText(path)} (${bytes} bytes)`;
  });
  const surplus = other.filter(({ local, remote }) => (isPush ? local : remote) === undefined);
  if (options.remove) lines.push(...surplus.map(({ path }) => `remove   ${visibleText(path)}`));
  const bytes = from.reduce((sum, one) => sum + one.bytes, 0);
  const rest = options.remove ? "" : `, ${surplus.length} only on the other side`;
  return `${[...limited(lines), `${from.length} files, ${bytes} bytes; ${found.same} are equal${rest}`].join("\n")}\n`;
}

/** What went over. */
export function formatMoved(moved: Moved, direction: "push" | "pull"): string {
  const done = direction === "push" ? "sent" : "fetched";
  return `${done} ${moved.files} files, ${moved.bytes} bytes; ${moved.same} were equal, ${moved.removed} removed\n`;
}

/** One line a file. */
export function formatFiles(
  files: readonly { path: string; bytes: number; sha256?: string | null }[],
): string {
  const lines = files.map(({ path, bytes, sha256 }) => {
    const hash = sha256 === undefined ? "" : `${sha256 ?? "sha256 unknown".padEnd(64)}  `;
    return `${hash}${String(bytes).padStart(12)}  ${visibleText(path)}`;
  });
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${[...limited(lines), `${files.length} files, ${total} bytes`].join("\n")}\n`;
}

/** One line a data set that a home's list gets. */
export function formatPointers(pointers: readonly Pointer[], isWritten: boolean): string {
  if (pointers.length === 0) return "";
  const lines = pointers.map(({ name, pointer }) => `data set ${visibleText(name)}: ${visibleText(pointer)}`);
  const done = isWritten ? "kept in home.json" : "would be kept in home.json with --apply";
  return `${[...limited(lines), `${pointers.length} data sets ${done}`].join("\n")}\n`;
}
