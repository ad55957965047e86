import type { MissingAnchor } from "../../references/index.ts";
import type { Draft } from "./schema.ts";
import { code, count, quoted } from "./words.ts";

/** `anchor-missing`: one finding for each heading that links name and the page lacks. */
export function anchorsMissing(missing: readonly MissingAnchor[]): Draft[] {
  const causes = new Map<string, MissingAnchor[]>();
  for (const one of missing) {
    const key = `${one.target}#${one.anchor}`;
    const same = causes.get(key);
    if (same === undefined) causes.set(key, [one]);
    else same.push(one);
  }
  return [...causes].map(([subject, rows]): Draft => {
    const first = rows[0] as MissingAnchor;
    const from =
      rows.length === 1
        ? `${quoted(first.path)} (line ${first.line}) links`
        : `${count(rows.length, "place")} of ${count(new Set(rows.map(({ path }) => path)).size, "file")} link`;
    const nearly = first.near === undefined ? "" : ` It has ${code(`#${first.near}`)}.`;
    return {
      rule: "anchor-missing",
      path: "",
      subject,
      places: rows.map(({ path, line, start, end, target }) => ({ path, line, start, end, target })),
      message: `${from} to ${code(`#${first.anchor}`)} of ${quoted(first.target)}, which has no such heading.${nearly}`,
      evidence:
        first.near === undefined
          ? []
          : [
              {
                kind: "near-name",
                text: `its anchor #${first.near} is spelled almost like it`,
                path: first.target,
              },
            ],
    };
  });
}
