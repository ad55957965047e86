import { manifestFileName, manifestSchema } from "../home/index.ts";
import type { RemoteData } from "../references/index.ts";
import type { WorkTree } from "../repository/index.ts";
import type { AuditWarning } from "./report.ts";

const longest = 16 * 1024 * 1024;

/** Data sets that home manifests in the tree say lie elsewhere, with the address. A manifest that does not fit is a warning. */
export async function readRemoteData(tree: WorkTree, warnings: AuditWarning[]): Promise<RemoteData[]> {
  const found: RemoteData[] = [];
  for (const path of [...tree.index.named(manifestFileName)].sort()) {
    const entry = tree.index.files.get(path);
    if (entry === undefined || entry.size > longest || (entry.mode !== "file" && entry.mode !== "exec"))
      continue;
    let text: string;
    try {
      text = Buffer.from(await tree.read(entry)).toString("utf8");
    } catch {
      continue; // the scan says that it cannot be read
    }
    // Another program's `home.json` has no pointers of ours.
    if (!/"datasets"\s*:/.test(text) || !/"training-ready"/.test(text)) continue;
    const manifest = manifestSchema.safeParse(parsed(text));
    if (!manifest.success) {
      const issue = manifest.error.issues[0];
      const message = `not read as a home's manifest: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`;
      warnings.push({ code: "manifest-unreadable", message, path });
      continue;
    }
    const home = path.slice(0, Math.max(0, path.length - manifestFileName.length - 1));
    for (const { name, pointer, state, path: own } of manifest.data.datasets) {
      if (pointer === undefined || state === "present") continue;
      found.push({
        name,
        pointer,
        manifest: path,
        ...(own === undefined ? {} : { path: home === "" ? own : `${home}/${own}` }),
      });
    }
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
