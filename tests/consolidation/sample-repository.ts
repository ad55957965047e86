import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../src/cli/commands.ts";
import { runProgram } from "../../src/cli/framework/run.ts";
import { writeSample } from "../../src/sample/index.ts";

const folders: string[] = [];
/** Removes every folder that these helpers made. */
export function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

// A file that is not there: git then has no settings of the user.
const environment = { ...process.env, GIT_CONFIG_GLOBAL: join(tmpdir(), "consolidation-no-git-settings") };
export const git = (root: string, ...args: string[]): string =>
  execFileSync("git", args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

/** A repository without a commit. */
export function emptyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), "consolidation-"));
  folders.push(folder);
  const root = join(folder, "repository");
  mkdirSync(root);
  git(root, "init", "-q", "-b", "main");
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  return root;
}

export async function sample(seed: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "consolidation-"));
  folders.push(folder);
  const root = join(folder, "repository");
  await writeSample({ seed, folder: root });
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  return root;
}

export type Line = { action: string; from: string; to: string; instead?: string; keptAt?: string };
type Document = {
  comparison: { references: { broken: { before: { raw: string } }[] } };
  lines: Line[];
  commits: string[];
  tree: string;
  references: { unchanged: number };
  history: { moved: number; exactRenames: number };
  reported: { path: string; what: string; text: string }[];
  error?: { code: string; hint: string };
};

export async function run(
  root: string,
  ...words: string[]
): Promise<{ code: number; document: Document; stderr: string }> {
  let stdout = "";
  let stderr = "";
  const code = await runProgram(commands, [...words, "--json"], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    isTerminal: false,
    environment: { ...process.env, TRAINING_READY_CACHE: join(root, "../cache") },
    cwd: root,
    signal: new AbortController().signal,
  });
  return { code, document: JSON.parse(stdout) as Document, stderr };
}

export function disk(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (path === ".git" || path.startsWith(".git/")) continue;
    const facts = lstatSync(join(root, path));
    if (facts.isSymbolicLink()) found[path] = `->${readlinkSync(join(root, path))}`;
    else if (facts.isFile()) found[path] = `${facts.mode & 0o100}${readFileSync(join(root, path), "latin1")}`;
    else found[`${path}/`] = "";
  }
  return found;
}
