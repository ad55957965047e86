import type { FileVersion, RepositoryHistory } from "../../repository/index.ts";

/** Renames that are followed back from a living file. */
const mostRenames = 5;

/** What the past says of living files, exact renames followed. */
export class Lineages {
  readonly #history: RepositoryHistory;
  readonly #known = new Map<string, readonly FileVersion[]>();
  #heirs: Map<string, string[]> | undefined;

  constructor(history: RepositoryHistory) {
    this.#history = history;
  }

  get history(): RepositoryHistory {
    return this.#history;
  }

  /** A living file's versions, newest first, also under the names it had before it was moved unchanged. */
  of(path: string): readonly FileVersion[] {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const versions = [...this.#history.versions(path)];
    let name = path;
    const seen = new Set([path]);
    for (let renames = 0; renames < mostRenames; renames++) {
      const first = versions.at(-1);
      if (first === undefined) break;
      const before = this.#history
        .placesOf(first.blob)
        .find(
          (place) =>
            !seen.has(place.path) &&
            this.#history.pastFile(place.path)?.removedIn === first.commit &&
            this.#history.pastFile(place.path)?.movedTo.includes(name) === true,
        );
      if (before === undefined) break;
      name = before.path;
      seen.add(name);
      versions.push(...this.#history.versions(name));
    }
    this.#known.set(path, versions);
    return versions;
  }

  /** The living files that a past path became, by exact moves. */
  heirs(path: string, isLiving: (path: string) => boolean): string[] {
    this.#heirs ??= new Map();
    const known = this.#heirs.get(path);
    if (known !== undefined) return known;
    const found = new Set<string>();
    let level = [path];
    const seen = new Set(level);
    for (let renames = 0; renames <= mostRenames && level.length > 0; renames++) {
      const next: string[] = [];
      for (const one of level) {
        if (isLiving(one)) found.add(one);
        else {
          for (const to of this.#history.pastFile(one)?.movedTo ?? []) {
            if (!seen.has(to)) next.push(to);
            seen.add(to);
          }
        }
      }
      level = next;
    }
    const heirs = [...found].sort();
    this.#heirs.set(path, heirs);
    return heirs;
  }

  /** How old a file is: the rank of the commit that made it, larger is older; -1 if no commit did. */
  age(path: string): number {
    const first = this.of(path).at(-1);
    return first === undefined ? -1 : (this.#history.rank(first.commit) ?? -1);
  }
}
