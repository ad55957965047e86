import type { readersOf } from "../../progress/index.ts";
import { visibleText } from "../../shared/index.ts";

/** Who read whom, one line a person and client. */
export function formatReaders(found: ReturnType<typeof readersOf>): string {
  const lines = found.items.map((one) => {
    const who = `${one.name ?? one.principal} (${one.role ?? "this machine"})`;
    const did = `${one.reads} reads, ${one.writes} other acts${one.denied === 0 ? "" : `, ${one.denied} refused`}`;
    const minute = (at: string): string => at.slice(0, 16).replace("T", " ");
    return visibleText(
      `${who}: ${one.client_id ?? one.client}: ${did}; ${minute(one.first)} to ${minute(one.last)}`,
    );
  });
  const period = `${found.from.slice(0, 10)} to ${found.to.slice(0, 10)}`;
  return `${[lines.length === 0 ? `Nobody, ${period}.` : `Who read whom, ${period}, UTC`, ...lines].join("\n")}\n`;
}
