import type { TreeIndex } from "../../repository/index.ts";
import { folderOf, joinPath } from "./paths.ts";
import type { TreeLookup } from "./lookup.ts";

// A file that marks the folder as the source of a documentation or web site, and where the pages lie from there.
const markers: readonly { name: RegExp; pages: readonly string[] }[] = [
  { name: /^mkdocs\.ya?ml$/, pages: ["docs", "doc"] },
  { name: /^docusaurus\.config\.[cm]?[jt]s$/, pages: ["docs", "blog", "src/pages", "static", ""] },
  { name: /^_toctree\.yml$/, pages: [""] },
  { name: /^conf\.py$/, pages: [""] },
  { name: /^book\.toml$/, pages: ["src"] },
  { name: /^_config\.yml$/, pages: [""] },
  { name: /^(?:SUMMARY|_sidebar)\.md$/, pages: [""] },
  { name: /^mint\.json$|^docs\.json$/, pages: [""] },
];

/** The folders whose pages a site builder turns into addresses, longest first. */
export function findSites(index: TreeIndex): string[] {
  const sites = new Set<string>();
  for (const folder of index.folders()) {
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    if (name === ".vitepress" || name === ".vuepress") {
      const above = folderOf(folder);
      const pages = joinPath(above, "docs");
      if (index.isFolder(pages)) sites.add(pages);
      if (above !== "") sites.add(above);
    }
    for (const child of index.children(folder)) {
      const childName = child.slice(folder === "" ? 0 : folder.length + 1);
      for (const marker of markers) {
        if (!marker.name.test(childName)) continue;
        // A conf.py is Sphinx's only beside pages; a _config.yml in the root may only theme the README.
        if (childName === "conf.py" && !index.children(folder).some((one) => /\.(?:rst|md)$/.test(one)))
          continue;
        if (
          childName === "_config.yml" &&
          !index.children(folder).some((one) => /\/?(?:_layouts|_posts|index\.\w+)$/.test(one))
        )
          continue;
        for (const pages of marker.pages) {
          const path = joinPath(folder, pages);
          if ((pages === "" || index.isFolder(path)) && path !== "") sites.add(path);
        }
      }
    }
  }
  return [...sites].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** Folders whose files a web build serves from its root. */
const served = ["public", "static", ""];

/** What `/name` of a page means in the web project around it: a file of its folder, or of one that is served as the root. */
export function findServed(
  path: string,
  from: string,
  lookup: TreeLookup,
): { target: string; base: string } | undefined {
  for (let folder = folderOf(from); folder !== ""; folder = folderOf(folder)) {
    for (const one of served) {
      const base = joinPath(folder, one);
      const target = lookup.find(joinPath(base, path));
      if (target !== undefined && target !== base) return { target, base: `cwd:${base}` };
    }
  }
  return undefined;
}

/** The site that a page belongs to. */
export function siteOf(path: string, sites: readonly string[]): string | undefined {
  return sites.find((site) => path.startsWith(`${site}/`));
}

const pageSuffixes = [
  ".md",
  ".mdx",
  ".rst",
  ".ipynb",
  ".html",
  "/index.md",
  "/index.mdx",
  "/README.md",
  "/index.rst",
  "/index.html",
];

/**
 * The page that a site's builder would serve for a link: with a suffix left out or `.html` for its source, from the
 * page's folder, from the page's own address (`guide.md` is served as `guide/`), or from the site's root.
 */
export function findPage(path: string, from: string, site: string, lookup: TreeLookup): string | undefined {
  const stem = from.replace(/\.\w+$/, "").replace(/\/(?:index|README)$/, "");
  const starts: string[] = [];
  if (path.startsWith("/")) {
    starts.push(joinPath(site, path), joinPath(folderOf(site), path), joinPath(`${site}/static`, path));
    const below = path.replace(/^\/[^/]+\//, "/");
    if (below !== path) starts.push(joinPath(site, below));
  } else {
    starts.push(joinPath(folderOf(from), path), joinPath(stem, path), joinPath(site, path));
    starts.push(
      joinPath(`${site}/static`, path),
      joinPath(folderOf(site), path),
      joinPath(`${folderOf(site)}/static`, path),
    );
  }
  for (const start of starts) {
    const bare = start.replace(/\.html?$/, "").replace(/\/$/, "");
    const exact = lookup.find(start);
    if (exact !== undefined) return exact;
    for (const suffix of pageSuffixes) {
      const found = lookup.find(`${bare}${suffix}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
