import type { ManifestMismatch } from "../manifests/check-manifests.ts";
import type { Draft } from "./schema.ts";
import { count, listed, quoted } from "./words.ts";

const said = { absent: "is not here", size: "has another size", digest: "has other contents" } as const;

/** `manifest-mismatch`: one finding for each manifest whose files are not as it states. */
export function mismatchedManifests(mismatches: readonly ManifestMismatch[]): Draft[] {
  const byManifest = new Map<string, ManifestMismatch[]>();
  for (const one of mismatches) {
    const same = byManifest.get(one.manifest);
    if (same === undefined) byManifest.set(one.manifest, [one]);
    else same.push(one);
  }
  return [...byManifest].map(([path, rows]): Draft => {
    const first = rows[0] as ManifestMismatch;
    const kinds = (["absent", "size", "digest"] as const).flatMap((what) => {
      const number = rows.filter((one) => one.what === what).length;
      return number === 0
        ? []
        : [
            `${number} ${what === "absent" ? "not here" : what === "size" ? "of another size" : "of other contents"}`,
          ];
    });
    return {
      rule: "manifest-mismatch",
      path,
      subject: "files",
      places: rows.map(({ manifest, line, start, end, target }) => ({
        path: manifest,
        line,
        start,
        end,
        target,
      })),
      message:
        rows.length === 1
          ? `${quoted(path)} states ${quoted(first.target)}, which ${said[first.what]}.`
          : `${quoted(path)} states ${count(rows.length, "file")} that are not as it says: ${listed(kinds)}.`,
      evidence: rows.slice(0, 8).map((one) => ({
        kind: one.what,
        text:
          one.what === "absent"
            ? `${one.target} is listed and not here`
            : one.what === "size"
              ? `${one.target}: ${one.stated} bytes stated, ${one.found} found`
              : `${one.target}: ${one.stated.slice(0, 12)}… stated, ${one.found?.slice(0, 12)}… found`,
        path: one.target,
        line: one.line,
      })),
    };
  });
}
