import { editDistance } from "../shared/index.ts";
import type { TreeIndex } from "../repository/index.ts";
import { findSites, siteOf } from "./resolve/sites.ts";
import type { Extraction, Reference } from "./schema.ts";

/** A link to a heading that the page does not have. `near`: the page's anchor that is spelled almost like it. */
export type MissingAnchor = {
  path: string;
  line: number;
  start: number;
  end: number;
  anchor: string;
  target: string;
  near?: string;
};

const vendored = /(?:^|\/)(?:vendor|third[-_]party|node_modules)\//;
const page = /\.(?:md|markdown)$/i;
// Lines of code, a text to be found, and what a host's page or a builder adds.
const notOfPage = /^(?:L\d+|:~:|readme$|top$|start-of-content$|issuecomment-|discussion_|fn:|fnref|cite)/i;

function decoded(anchor: string): string {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}

/**
 * The links into Markdown pages whose fragment is no heading and no id of the page. Pages that a site's builder serves
 * are left out: it has rules of its own.
 */
export function missingAnchors(
  extractions: ReadonlyMap<string, Extraction>,
  references: readonly Reference[],
  index: TreeIndex,
): MissingAnchor[] {
  const found: MissingAnchor[] = [];
  const withFragments = [...extractions].filter(([, one]) => one.fragments !== undefined);
  if (withFragments.length === 0) return found;
  const sites = findSites(index);
  const paths = new Set(withFragments.map(([path]) => path));
  const targets = new Map<string, string>();
  for (const one of references) {
    if (one.class === "resolves" && one.target !== undefined && paths.has(one.path))
      targets.set(`${one.start} ${one.path}`, one.target);
  }
  for (const [path, { fragments = [] }] of withFragments) {
    if (!page.test(path) || vendored.test(path) || siteOf(path, sites) !== undefined) continue;
    for (const { start, end, line, to, anchor } of fragments) {
      const target = to === "" ? path : targets.get(`${start} ${path}`);
      if (target === undefined || !page.test(target) || siteOf(target, sites) !== undefined) continue;
      const extraction = extractions.get(target);
      // A page that is made of others, or by a template, has headings that are not in it.
      if (extraction === undefined || extraction.anchors === undefined || extraction.isTemplate === true)
        continue;
      const wanted = decoded(anchor)
        .toLowerCase()
        .replace(/^user-content-/, "");
      if (wanted === "" || notOfPage.test(wanted) || extraction.anchors.includes(wanted)) continue;
      const near = nearest(wanted, extraction.anchors);
      found.push({
        path,
        line,
        start,
        end,
        anchor: decoded(anchor),
        target,
        ...(near === undefined ? {} : { near }),
      });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start));
}

function nearest(wanted: string, anchors: readonly string[]): string | undefined {
  const folded = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");
  const same = anchors.filter((one) => folded(one) === folded(wanted));
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  if (wanted.length < 6) return undefined;
  const close = anchors.filter((one) => editDistance(one, wanted) <= 2);
  return close.length === 1 ? close[0] : undefined;
}
