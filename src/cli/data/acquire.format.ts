import { visibleText } from "../../shared/index.ts";

type Found = {
  name: string;
  uri: string;
  licence: string;
  format: string;
  packed: boolean;
  bytes: number;
  sha256: string;
  units: number;
};

/** One line a source: what it is and how it is pinned. */
export function formatAcquire(
  sources: readonly Found[],
  absent: readonly { name: string; uri: string }[],
): string {
  const lines = sources.map(
    (one) =>
      `${one.name}: ${visibleText(one.uri)}, ${one.format}${one.packed ? " (gzip)" : ""}, ${one.bytes} bytes, ${visibleText(one.licence)}, ` +
      `sha256 ${one.sha256.slice(0, 12)}…, ${one.units} ${one.units === 1 ? "unit" : "units"}`,
  );
  for (const { name, uri } of absent) lines.push(`${name}: ${visibleText(uri)}, absent as declared`);
  return `${lines.join("\n")}\n`;
}
