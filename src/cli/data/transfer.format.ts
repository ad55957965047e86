import type { Transfer } from "../../data/index.ts";

/** How many files went over, and how many were there already. */
export function formatTransfer({ files, sent, skipped, bytes, root }: Transfer): string {
  return `${sent} of ${files} files, ${bytes} bytes; ${skipped} were there already\nroot ${root}\n`;
}
