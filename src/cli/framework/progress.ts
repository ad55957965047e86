import type { JobEvent } from "../../shared/index.ts";

const width = 24;

/**
 * Draws `{type, label, done, total}` events as one bar on a terminal, at most ten times a second; other events are
 * left to the run's own files. Without a terminal nothing is drawn.
 */
export function progressPrinter(options: {
  write: (text: string) => void;
  enabled: boolean;
  now?: () => number;
}): (event: JobEvent) => void {
  const now = options.now ?? Date.now;
  const started = now();
  let drawnAt = 0;
  return (event) => {
    if (!options.enabled) return;
    const { label, done, total } = event as { label?: unknown; done?: unknown; total?: unknown };
    if (typeof label !== "string" || typeof done !== "number" || typeof total !== "number") return;
    const finished = done >= total;
    const time = now();
    // Short jobs stay silent: a bar appears once a second has passed.
    if (time - started < 1000 || (!finished && time - drawnAt < 100)) return;
    drawnAt = time;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const bar = "█".repeat(Math.round(share * width)).padEnd(width, "░");
    options.write(`\r\u001b[2K${label} ${bar} ${Math.round(share * 100)} %${finished ? "\r\u001b[2K" : ""}`);
  };
}
