import { existsSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../repository/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

export type RepositoryState = { root: string; head: string; branch: string | null };

const textOf = (bytes: Buffer): string => bytes.toString("utf8").trim();

/**
 * Refuses a repository in which nothing may be moved now. Throws `E_NO_GIT`, `E_NO_IDENTITY`, `E_IN_PROGRESS`,
 * `E_DIRTY` and, unless a new branch is named, `E_DETACHED`.
 */
export async function checkRepository(
  folder: string,
  options: { newBranch: boolean },
): Promise<RepositoryState> {
  const top = await git(folder, ["rev-parse", "--show-toplevel"]).catch((cause: unknown) => {
    throw new TrainingReadyError("E_NO_GIT", `${folder} is in no git repository`, { cause });
  });
  const root = top.toString("utf8").replace(/\n$/, "");
  const head = textOf(
    await git(root, ["rev-parse", "--verify", "HEAD"]).catch((cause: unknown) => {
      throw new TrainingReadyError("E_NO_GIT", "the repository has no commit yet", {
        cause,
        hint: "Make a first commit, then try again.",
      });
    }),
  );
  const gitFolder = textOf(await git(root, ["rev-parse", "--absolute-git-dir"]));
  for (const [name, what] of [
    ["MERGE_HEAD", "a merge"],
    ["rebase-merge", "a rebase"],
    ["rebase-apply", "a rebase"],
    ["CHERRY_PICK_HEAD", "a cherry-pick"],
    ["REVERT_HEAD", "a revert"],
    ["BISECT_LOG", "a bisect"],
  ] as const) {
    if (existsSync(join(gitFolder, name)))
      throw new TrainingReadyError("E_IN_PROGRESS", `${what} is in progress`, { exitCode: 2 });
  }
  await git(root, ["var", "GIT_COMMITTER_IDENT"]).catch((cause: unknown) => {
    throw new TrainingReadyError("E_NO_IDENTITY", "git has no name or address for commits", { cause });
  });
  const changed = (
    await git(root, ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=dirty"])
  ).toString("utf8");
  if (changed !== "") {
    const paths = changed
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => line.slice(3));
    const shown = paths.slice(0, 10).join(", ");
    throw new TrainingReadyError(
      "E_DIRTY",
      `${paths.length} tracked files are changed: ${shown}${paths.length > 10 ? ", …" : ""}`,
    );
  }
  const symbolic = await git(root, ["symbolic-ref", "--quiet", "HEAD"]).then(textOf, () => null);
  if (symbolic === null && !options.newBranch) throw new TrainingReadyError("E_DETACHED", "HEAD is detached");
  return { root, head, branch: symbolic };
}
