import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gitEnvironment } from "./git.ts";

/** A repository in a temporary folder, with a fixed author and one more minute on the clock for each commit. */
export class TemporaryRepository {
  readonly root: string;
  #minute = 0;

  constructor(options: { git?: boolean } = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "overlaps-")));
    if (options.git !== false) this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...args: string[]): string {
    const when = new Date(Date.UTC(2024, 0, 1, 0, this.#minute)).toISOString();
    return execFileSync("git", args, {
      cwd: this.root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...gitEnvironment(process.env),
        GIT_NO_LAZY_FETCH: "0", // the fixture may fetch, the code under test may not
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_SYSTEM: "/dev/null",
        GIT_AUTHOR_NAME: "A Builder",
        GIT_AUTHOR_EMAIL: "builder@example.org",
        GIT_COMMITTER_NAME: "A Builder",
        GIT_COMMITTER_EMAIL: "builder@example.org",
        GIT_AUTHOR_DATE: when,
        GIT_COMMITTER_DATE: when,
      },
    }).trimEnd();
  }

  write(files: Record<string, string | Uint8Array>): void {
    for (const [path, text] of Object.entries(files)) {
      const full = join(this.root, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(target, join(this.root, path));
  }

  executable(path: string): void {
    chmodSync(join(this.root, path), 0o755);
  }

  /** Writes files, stages everything, commits, and gives the commit's id. */
  commit(message: string, files: Record<string, string | Uint8Array> = {}): string {
    this.write(files);
    this.git("add", "--all");
    this.#minute++;
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
