import { html, type Markup } from "../../shared/index.ts";

type Folder = { name: string; files: number; folders: Map<string, Folder> };

function treeOf(paths: readonly string[]): Folder {
  const root: Folder = { name: "", files: 0, folders: new Map() };
  for (const path of paths) {
    let at = root;
    at.files++;
    for (const part of path.split("/").slice(0, -1)) {
      let next = at.folders.get(part);
      if (next === undefined) at.folders.set(part, (next = { name: part, files: 0, folders: new Map() }));
      at = next;
      at.files++;
    }
  }
  return root;
}

const mostFolders = 40;

function rows(folder: Folder, depth: number): Markup {
  const inner = [...folder.folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const left = inner.length - mostFolders;
  return html`<ul class="tree">
    ${inner.slice(0, mostFolders).map((one) => {
      let shown = one;
      let name = one.name;
      // A folder that holds nothing but one folder stands with it on one line.
      while (shown.folders.size === 1 && [...shown.folders.values()][0]?.files === shown.files) {
        shown = [...shown.folders.values()][0] as Folder;
        name += `/${shown.name}`;
      }
      const label = html`<b>${name}/</b> <span>${shown.files} ${shown.files === 1 ? "file" : "files"}</span>`;
      return shown.folders.size === 0
        ? html`<li>${label}</li>`
        : depth >= 2
          ? html`<li>
              <details>
                <summary>${label}</summary>
                ${rows(shown, depth + 1)}
              </details>
            </li>`
          : html`<li>${label}${rows(shown, depth + 1)}</li>`;
    })}
    ${left > 0 && html`<li>and ${left} folders more</li>`}
  </ul>`;
}

/** The folders that hold these files, with how many each holds. */
export function folderTree(paths: readonly string[]): Markup {
  return rows(treeOf(paths), 0);
}
