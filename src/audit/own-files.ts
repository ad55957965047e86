import type { WorkTree } from "../repository/index.ts";

const forms = ["audit.html", "audit.json", "audit.md", "audit.sarif"];
const longestBaseline = 16 * 1024 * 1024;

/**
 * Files that an earlier audit wrote into the tree: a folder with all four forms of a report, and baselines. They name
 * every missing path, so that reading them would report each one again.
 */
export async function ownFiles(tree: Pick<WorkTree, "index" | "read">): Promise<Set<string>> {
  const own = new Set<string>();
  for (const path of tree.index.named("audit.sarif")) {
    const folder = path.slice(0, path.length - "audit.sarif".length);
    if (!forms.every((name) => tree.index.hasFile(folder + name))) continue;
    for (const name of [...forms, "home.json"]) own.add(folder + name);
  }
  for (const [path, entry] of tree.index.files) {
    if (!/baseline[^/]*\.json$/i.test(path) || entry.size > longestBaseline) continue;
    if (entry.mode !== "file" && entry.mode !== "exec") continue;
    const head = Buffer.from(await tree.read(entry)).toString("latin1", 0, 200);
    if (/"tool":\s*\{\s*"name":\s*"training-ready"/.test(head)) own.add(path);
  }
  return own;
}
