import type { FileMode, Version } from "./world.ts";
import { stageNames, stages, type Stage } from "./stages.ts";

export type PlainVersion = Omit<Version, "content"> & { content: Buffer | null };
export type SampleCommit = {
  stage: Stage;
  message: string;
  time: number;
  author: string;
  changes: { path: string; mode: FileMode; content: Buffer | null }[];
};

// Autumn 2025, a commit every two or three days.
const firstDay = Date.UTC(2025, 7, 4, 9, 12, 0) / 1000;
const authors = ["Mara Example <mara@example.org>", "Jonas Sample <jonas@example.org>"];

/** Commits from the versions of all files, in the order of the stages; a stage without a change gives none. */
export function commitsOf(files: ReadonlyMap<string, readonly PlainVersion[]>): SampleCommit[] {
  const commits: SampleCommit[] = [];
  for (const [index, stage] of stageNames.entries()) {
    const changes: SampleCommit["changes"] = [];
    for (const [path, versions] of files) {
      for (const version of versions) {
        if (version.stage === stage) changes.push({ path, mode: version.mode, content: version.content });
      }
    }
    if (changes.length === 0) continue;
    changes.sort((a, b) => (a.path < b.path ? -1 : 1));
    commits.push({
      stage,
      message: stages[stage],
      time: firstDay + index * 216_000 + (index % 5) * 3_700,
      author: authors[index % authors.length] as string,
      changes,
    });
  }
  return commits;
}

// Paths are quoted when git could misread them (fast-import reads C-style quotes).
function quoted(path: string): string {
  return /["\\\n ]|^$/.test(path) ? `"${path.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"` : path;
}

/** One stream for `git fast-import`; commit number n gets the mark n + 1. */
export function fastImportStream(commits: readonly SampleCommit[]): Buffer {
  const parts: Buffer[] = [];
  const say = (text: string): void => void parts.push(Buffer.from(text));
  const data = (content: Buffer): void => {
    say(`data ${content.length}\n`);
    parts.push(content);
    say("\n");
  };
  for (const [index, commit] of commits.entries()) {
    say(`commit refs/heads/main\nmark :${index + 1}\n`);
    say(`author ${commit.author} ${commit.time} +0000\ncommitter ${commit.author} ${commit.time} +0000\n`);
    data(Buffer.from(`${commit.message}\n`));
    if (index > 0) say(`from :${index}\n`);
    // Removals first: a folder may become a file.
    for (const change of commit.changes) if (change.content === null) say(`D ${quoted(change.path)}\n`);
    for (const change of commit.changes) {
      if (change.content === null) continue;
      say(`M ${change.mode} inline ${quoted(change.path)}\n`);
      data(change.content);
    }
    say("\n");
  }
  say("done\n");
  return Buffer.concat(parts);
}
