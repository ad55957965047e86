/** One line a source: records and what gave none. */
export function formatProcess(
  sources: readonly { name: string; records: number; quarantined: number; setAside: number }[],
): string {
  return `${sources
    .map(
      (one) =>
        `${one.name}: ${one.records} records, ${one.quarantined} items in quarantine, ${one.setAside} set aside`,
    )
    .join("\n")}\n`;
}
