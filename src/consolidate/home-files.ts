import {
  emptyManifest,
  manifestFileName,
  manifestText,
  type Artifact,
  type HomeManifest,
} from "../home/index.ts";
import { sha256, isBelow, nameOf } from "../shared/index.ts";
import type { Inventory } from "./inventory.ts";
import { join } from "./plan/layout.ts";
import type { PlanLine } from "./plan/schema.ts";
import type { SimulatedTree } from "./proof/simulated-tree.ts";
import type { NewFile } from "./transaction/change.ts";

const marks = { start: "<!-- training-ready: documents -->", end: "<!-- training-ready: end -->" };

/** The block of a home's README that lists the documents brought together in it. */
function documentBlock(home: string, lines: readonly PlanLine[]): string {
  const documents = lines
    .filter(
      (line) =>
        line.action === "move" &&
        line.role === "doc" &&
        line.to !== undefined &&
        isBelow(line.to, join(home, "docs")),
    )
    .map((line) => (line.to as string).slice(home.length + 1))
    .sort();
  const items = documents.map((path) => {
    const text = nameOf(path).replace(/[[\]\\`*<]/g, "\\$&");
    return `- [${text}](${path.replace(/[ ()<>#?%"\\]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)})`;
  });
  return [marks.start, "", "## Documents", "", ...items, "", marks.end].join("\n");
}

/** The home's README with its block put in or renewed; text outside the block stays as it is. */
export function readmeWith(text: string | undefined, home: string, lines: readonly PlanLine[]): string {
  const block = documentBlock(home, lines);
  if (text === undefined) return `# ${nameOf(home)}\n\nThe home of this team's training work.\n\n${block}\n`;
  const start = text.indexOf(marks.start);
  const end = text.indexOf(marks.end);
  if (start >= 0 && end > start) return text.slice(0, start) + block + text.slice(end + marks.end.length);
  return `${text.replace(/\n*$/, "\n\n")}${block}\n`;
}

/** The manifest of the home after the change: every file in it with role, hash and origin. */
export async function manifestAfter(input: {
  inventory: Inventory;
  lines: readonly PlanLine[];
  home: string;
  tree: SimulatedTree;
  datasets: HomeManifest["datasets"];
  written: ReadonlySet<string>;
}): Promise<HomeManifest> {
  const { inventory, home, tree } = input;
  const fileOf = new Map(inventory.files.map((file) => [file.path, file]));
  const roleOf = new Map(input.lines.map((line) => [line.to ?? line.from, line.role]));
  const artifacts: Artifact[] = [];
  for (const entry of tree.index.below(home)) {
    const origin = tree.origin.get(entry.path);
    if (origin === undefined || input.written.has(entry.path) || entry.mode === "submodule") continue;
    const file = fileOf.get(origin);
    artifacts.push({
      path: entry.path.slice(home.length + 1),
      role: roleOf.get(entry.path) ?? file?.role ?? "unplaced",
      sha256: sha256(await tree.read(entry)),
      bytes: entry.size,
      origin: { package: file?.package ?? nameOf(home), path: origin, commit: inventory.commit },
    });
  }
  artifacts.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    ...emptyManifest(),
    packages: inventory.packages.map((one) => ({
      name: one.name,
      path: one.path,
      files: inventory.files.filter((file) => file.package === one.name).length,
    })),
    artifacts,
    datasets: input.datasets,
  };
}

/** The files that a consolidation adds to the home: README block, manifest, record. */
export function homeFiles(
  home: string,
  texts: { readme: string; manifest: HomeManifest; record: unknown },
): NewFile[] {
  const file = (path: string, text: string): NewFile => ({
    path: join(home, path),
    bytes: Buffer.from(text),
    mode: "file",
  });
  return [
    file("README.md", texts.readme),
    file(manifestFileName, manifestText(texts.manifest)),
    file(".training-ready/consolidation.json", `${JSON.stringify(texts.record, null, 1)}\n`),
  ];
}
