/**
 * What the parts of the overlap search cost on a repository, in CPU seconds of this process.
 * Run: npx tsx bench/overlaps.ts FOLDER
 */
import { FingerprintCollector } from "../src/audit/overlaps/fingerprint-collector.ts";
import { findOverlaps } from "../src/audit/overlaps/overlaps.ts";
import { noCache, openHistory, openWorkTree } from "../src/repository/index.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("name a folder");

let last = process.cpuUsage();
const spent: Record<string, number> = {};
function lap(part: string): void {
  const now = process.cpuUsage();
  spent[part] = Math.round((now.user + now.system - last.user - last.system) / 1e4) / 100;
  last = now;
}

const tree = await openWorkTree(folder);
lap("list");
const { history } = await openHistory(tree);
lap("history");
const fingerprints = new FingerprintCollector(noCache());
await fingerprints.complete(tree);
lap("read and fingerprint");
const packages = [...tree.index.children("")]
  .filter((path) => tree.index.isFolder(path))
  .map((path) => ({ path }));
const found = await findOverlaps({
  tree,
  history,
  packages,
  fingerprints,
  isBareInit: (path) => path.endsWith("/__init__.py") && (tree.index.files.get(path)?.size ?? 0) < 200,
});
lap("compare");

const relations: Record<string, number> = {};
for (const { relation } of found.copies) relations[relation] = (relations[relation] ?? 0) + 1;
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const groupsOverFolders = found.groups.filter((group) => new Set(group.paths.map(folderOf)).size > 1).length;
console.log({
  files: tree.index.files.size,
  bytes: [...tree.index.files.values()].reduce((sum, entry) => sum + entry.size, 0),
  commits: history.commits,
  spent,
  rssMegabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
  groups: found.groups.length,
  groupsOverFolders,
  boilerplate: found.boilerplate,
  folders: found.folders.length,
  copies: relations,
  families: found.families.length,
  configs: found.configs.length,
});
