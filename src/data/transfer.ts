import { TrainingReadyError } from "../shared/index.ts";

export type Transfer = {
  files: number;
  sent: number;
  skipped: number;
  bytes: number;
  root: string;
  /** Hash of the version's list of files; absent for one of the layout without versions. */
  published?: string;
  warnings: string[];
};

/** Throws `E_DATA_SET` for a path that leaves the folder, holds control characters, or meets another but for case. */
export function checkPaths(paths: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const isOutside =
      path.startsWith("/") ||
      path.includes("\\") ||
      path.split("/").some((part) => part === "" || part === "." || part === "..");
    const twin = seen.get(path.toLowerCase());
    const said = isOutside
      ? "leaves the folder"
      : /[\u0000-\u001f\u007f]/.test(path)
        ? "holds control characters"
        : twin === undefined
          ? undefined
          : `differs from ${twin} by case alone`;
    if (said !== undefined)
      throw new TrainingReadyError("E_DATA_SET", `the path ${JSON.stringify(path)} ${said}`, { exitCode: 1 });
    seen.set(path.toLowerCase(), path);
  }
}
