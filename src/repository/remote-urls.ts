import { git } from "./git.ts";

/** The addresses of a repository's remotes, each once, in git's order; none without git. Credentials are cut out. */
export async function remoteUrls(root: string): Promise<string[]> {
  const output = await git(root, ["config", "--null", "--get-regexp", "^remote\\..*\\.url$"]).catch(() =>
    Buffer.from(""),
  );
  const urls = output
    .toString("utf8")
    .split("\0")
    .map((line) => line.slice(line.indexOf("\n") + 1))
    .filter((url) => url !== "")
    .map((url) => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1"));
  return [...new Set(urls)];
}
