import type { Transfer } from "../../data/index.ts";

/** How many files went over, and how many were there already. */
export function formatTransfer({ files, sent, skipped, bytes, root, published, warnings }: Transfer): string {
  const said = [`${sent} of ${files} files, ${bytes} bytes; ${skipped} were there already`, `root ${root}`];
  if (published !== undefined) said.push(`version ${published.slice(0, 12)}`);
  return [...said, ...warnings.map((warning) => `warning: ${warning}`), ""].join("\n");
}
