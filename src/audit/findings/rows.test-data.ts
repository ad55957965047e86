import type { Reference } from "../../references/index.ts";
import { buildFindings } from "./build.ts";
import type { FindingContext, FindingRows } from "./schema.ts";

export const noRows: FindingRows = {
  groups: [],
  folders: [],
  copies: [],
  configs: [],
  references: [],
  imports: [],
  entries: [],
};
export const context = (...paths: string[]): FindingContext => {
  const has = new Set(
    paths.flatMap((path) => path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"))),
  );
  return {
    packages: [],
    files: new Map(
      paths.map((path) => [
        path,
        { path, blob: "0".repeat(40), size: 1, mode: "file" as const, state: "tracked" as const },
      ]),
    ),
    has: (path) => has.has(path),
    secrets: [],
    notes: [],
  };
};
export const stale = (
  path: string,
  line: number,
  target: string,
  rest: Partial<Reference> = {},
): Reference => ({
  path,
  line,
  start: line * 10,
  end: line * 10 + 5,
  kind: "link",
  raw: target,
  class: "stale",
  target,
  confidence: "certain",
  evidence: [],
  ...rest,
});
export const said = (rows: Partial<FindingRows>, given = context()): string[] =>
  buildFindings({ ...noRows, ...rows }, given).map(
    (one) => `${one.severity} ${one.rule} x${one.places.length}: ${one.message}`,
  );
