import { startedModule } from "../entries/started-module.ts";
import { enterValue } from "./arguments.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { hasUnknown, joinValue } from "./values.ts";
import { literalOf, spanOf } from "./word-span.ts";

/** Folders below the start where a command looks for modules: the one it runs in, then those of `PYTHONPATH`. */
function searchedFolders(state: ShellState, cwd: string, pythonPath: string): string[] {
  const folders: string[] = [];
  for (const value of [".", ...pythonPath.split(":").filter((one) => one !== "" && !hasUnknown(one))]) {
    const { path, bases } = state.recorder.place(value, cwd);
    if (bases.length > 0 && path !== "." && !folders.includes(path)) folders.push(path);
  }
  return folders;
}

/** Enters the module that a command starts, behind whatever launches it: `torchrun -m a.b`, `uvicorn a.b:app`. */
export function enterStartedModule(
  state: ShellState,
  words: readonly Word[],
  values: readonly string[],
  environment: readonly [name: string, value: string][],
): void {
  const started = startedModule(values, Object.fromEntries(environment));
  const word = started && words.find((one) => literalOf(one) === started.name);
  if (started === undefined || word === undefined) return;
  const { recorder, cwd } = state;
  const mention = recorder.mention(spanOf(word), { value: started.name, keep: 0 }, cwd, {
    kind: "module",
    strength: "soft",
    use: "run",
    encoding: "dotted",
  });
  mention.path = started.name;
  delete mention.prefix;
  if (mention.bases[0]?.kind === "image") return;
  // In a folder of another machine or image nobody knows what lies there: a whole name means the repository's.
  if (mention.bases.length === 0 && started.name.includes("."))
    mention.bases = [{ kind: "root" }, { kind: "package" }];
  const folder = words.find((one) => started.folder !== undefined && literalOf(one) === started.folder);
  // With a slash it is entered as any argument is.
  if (folder !== undefined && started.folder?.includes("/") === false)
    enterValue(state, folder, { certain: true, strength: "soft", key: "app-dir" });
  const own = started.folder === undefined ? [] : searchedFolders(state, joinValue(cwd, started.folder), "");
  const folders = new Set([...own, ...searchedFolders(state, cwd, started.pythonPath)]);
  if (folders.size > 0) mention.folders = [...folders];
}
