import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TrainingReadyError } from "../shared/index.ts";
import { git } from "./git.ts";
import type { TreeWarning } from "./schema.ts";

/** Where a repository's parts lie. */
export type RepositoryPlace = { root: string; gitFolder: string; commonFolder: string; shallow: boolean };

/**
 * The work tree that holds a folder. Undefined without one: `warning` then says whether there is no repository, no
 * git, or a repository that git cannot use. Throws `E_GIT` inside a bare repository or a `.git` folder.
 */
export async function findRepository(
  folder: string,
): Promise<{ place: RepositoryPlace; warning?: undefined } | { place?: undefined; warning: TreeWarning }> {
  try {
    const said = await git(folder, [
      "rev-parse",
      "--absolute-git-dir",
      "--is-shallow-repository",
      "--git-common-dir",
      "--show-toplevel",
    ]);
    const [gitFolder = "", shallow = "", common = "", ...root] = said
      .toString("utf8")
      .replace(/\n$/, "")
      .split("\n");
    return {
      place: {
        root: root.join("\n"),
        gitFolder,
        commonFolder: resolve(folder, common),
        shallow: shallow === "true",
      },
    };
  } catch (error) {
    if (!(error instanceof TrainingReadyError)) throw error;
    if (error.code === "E_NO_GIT")
      return { warning: { code: "no-git", message: "git is not installed: history is not known" } };
    if (error.code !== "E_GIT") throw error;
    if (/must be run in a work tree/.test(error.message)) {
      throw new TrainingReadyError("E_GIT", `${folder} is git's own storage, not a work tree`, {
        hint: "Name a folder of the checked-out files.",
        cause: error,
      });
    }
    if (/not a git repository \(or any/.test(error.message))
      return { warning: { code: "no-git", message: "no git repository: history is not known" } };
    return {
      warning: {
        code: "git-unusable",
        message: `git cannot use this repository, its files are read as plain ones (${error.message})`,
      },
    };
  }
}

const operations = [
  ["MERGE_HEAD", "a merge"],
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase or `git am`"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["BISECT_LOG", "a bisection"],
] as const;

function configText({ commonFolder }: RepositoryPlace): string {
  try {
    return readFileSync(join(commonFolder, "config"), "utf8");
  } catch {
    return ""; // git has read it before: only a race can bring us here
  }
}

/** What limits or disturbs a repository as it stands: shallow or partial clone, an operation that was not finished. */
export function repositoryWarnings(place: RepositoryPlace): TreeWarning[] {
  const warnings: TreeWarning[] = [];
  for (const [file, name] of operations) {
    if (existsSync(join(place.gitFolder, file))) {
      warnings.push({ code: "operation-in-progress", message: `${name} is in progress` });
    }
  }
  if (place.shallow) {
    warnings.push({ code: "shallow-clone", message: "a shallow clone: history is cut" });
  }
  if (/^\s*promisor\s*=\s*true\s*$/im.test(configText(place))) {
    warnings.push({
      code: "partial-clone",
      message: "a partial clone: past versions that are not here are not fetched",
    });
  }
  return warnings;
}
