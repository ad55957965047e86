import { TrainingReadyError } from "../../shared/index.ts";

/** Root id and path of a `gdrive://` address. Throws `E_CLI_ARGUMENT`. */
export function drivePlaceOf(uri: string): { root: string; path: string[] } {
  const [root = "", ...path] = uri
    .replace(/^gdrive:\/\//, "")
    .split("/")
    .filter((part, at) => at === 0 || part !== "");
  if (
    !uri.startsWith("gdrive://") ||
    !/^[\w-]{5,200}$/.test(root) ||
    path.some((part) => part === "." || part === "..")
  )
    throw new TrainingReadyError(
      "E_CLI_ARGUMENT",
      `${uri} is not of the form gdrive://FOLDER_ID or gdrive://FOLDER_ID/path`,
    );
  return { root, path: path.map((part) => decodeURIComponent(part)) };
}
