import { basename, extname } from "node:path";
import { roleFolder, type Artifact, type HomeManifest } from "../home/index.ts";
import type { WorkTree } from "../repository/index.ts";
import { sha256, tool } from "../shared/index.ts";
import type { PlacedFile } from "./artifacts.ts";
import { packageOf } from "./findings/cause-paths.ts";
import type { AuditReport } from "./report.ts";

// Of these the inner structure is kept: one folder for each package.
const kept = new Set<Artifact["role"]>(["platform", "experimental", "unplaced"]);

/**
 * Where each file would lie in a home: in its role's folder under its own name. Platforms and unplaced work keep their
 * structure below the package's name, as do files that want one place and differ; equal bytes share the place.
 */
export function proposedPlaces(
  files: readonly PlacedFile[],
  packages: AuditReport["packages"],
): Map<PlacedFile, string> {
  const named = new Map<string, number>();
  for (const { name } of packages) named.set(name, (named.get(name) ?? 0) + 1);
  const flat = (file: PlacedFile): string => `${roleFolder[file.role]}/${basename(file.path)}`;
  const nested = (file: PlacedFile): string => {
    const owner = packageOf(file.path, packages);
    const folder = owner?.path ?? "";
    const own = folder === "" || file.path === folder ? file.path : file.path.slice(folder.length + 1);
    // Of two packages of one name the path tells them apart.
    const label = named.get(file.package) === 1 || folder === "" ? file.package : folder;
    return `${roleFolder[file.role]}/${label}/${own}`;
  };
  const wanted = new Map<string, Set<string>>();
  for (const file of files) {
    const key = flat(file).toLowerCase(); // some file systems ignore case
    wanted.set(key, (wanted.get(key) ?? new Set()).add(file.blob));
  }
  return new Map(
    files.map((file) => {
      const contested = (wanted.get(flat(file).toLowerCase()) as Set<string>).size > 1;
      return [file, kept.has(file.role) || contested ? nested(file) : flat(file)];
    }),
  );
}

/**
 * The home manifest that the audit proposes: packages, their files with role, hash and origin, data sets with their
 * state, platforms. Reads each file once. Rejects with `E_FILE_UNREADABLE`.
 */
export async function proposeManifest(audited: {
  report: AuditReport;
  tree: WorkTree;
  files: readonly PlacedFile[];
}): Promise<HomeManifest> {
  const { report, tree, files } = audited;
  const places = proposedPlaces(files, report.packages);
  const hashes = new Map<string, string>();
  const artifacts = new Map<string, Artifact>();
  for (const file of files) {
    const entry = tree.index.files.get(file.path);
    if (entry === undefined || entry.mode === "symlink" || entry.state === "ignored") continue;
    const path = places.get(file) as string;
    if (artifacts.has(path)) continue;
    let hash = hashes.get(file.blob);
    if (hash === undefined) hashes.set(file.blob, (hash = sha256(await tree.read(entry))));
    artifacts.set(path, {
      path,
      role: file.role,
      sha256: hash,
      bytes: file.bytes,
      origin: { package: file.package, path: file.path, commit: report.repository.commit },
    });
  }
  const platforms = new Set(files.filter((one) => one.role === "platform").map((one) => one.package));
  return {
    version: 1,
    tool: { ...tool },
    packages: report.packages.map(({ name, path, files: number }) => ({ name, path, files: number })),
    artifacts: [...artifacts.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    datasets: report.datasets.map(({ name, state, pointer, mentions }) => ({
      name,
      state,
      ...(pointer === undefined ? {} : { pointer }),
      mentions,
    })),
    models: files
      .filter((one) => [".safetensors", ".gguf", ".pt", ".pth", ".onnx"].includes(extname(one.path)))
      .map((one) => ({ name: basename(one.path), path: places.get(one) as string })),
    platforms: [...platforms].sort().map((name) => ({ name, path: `platforms/${name}` })),
  };
}
