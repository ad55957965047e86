import type { Tree, TreeIndex } from "../repository/index.ts";

const forms = ["audit.html", "audit.json", "audit.md", "audit.sarif"];
const longestBaseline = 16 * 1024 * 1024;

/**
 * Files that an earlier audit wrote into the tree: a folder with all four forms of a report, and baselines. They name
 * every missing path, so that reading them would report each one again.
 */
export async function ownFiles(
  tree: Pick<Tree, "read"> & { readonly index: TreeIndex },
): Promise<Set<string>> {
  const own = new Set<string>();
  for (const path of tree.index.named("audit.sarif")) {
    const folder = path.slice(0, path.length - "audit.sarif".length);
    if (!forms.every((name) => tree.index.hasFile(folder + name))) continue;
    for (const name of [...forms, "home.json"]) own.add(folder + name);
  }
  for (const path of tree.index.named("consolidation.json")) {
    // A home that a consolidation made keeps its record and its manifest: both name the old places.
    const folder = path.slice(0, -"consolidation.json".length);
    if (!folder.endsWith(".training-ready/")) continue;
    own.add(path);
    own.add(`${folder.slice(0, -".training-ready/".length)}home.json`);
  }
  for (const path of tree.index.named("training-ready.plan.yaml")) own.add(path);
  for (const [path, entry] of tree.index.files) {
    if (!/baseline[^/]*\.json$/i.test(path) || entry.size > longestBaseline) continue;
    if (entry.mode !== "file" && entry.mode !== "exec") continue;
    const head = Buffer.from(await tree.read(entry)).toString("latin1", 0, 200);
    if (/"tool":\s*\{\s*"name":\s*"training-ready"/.test(head)) own.add(path);
  }
  return own;
}
