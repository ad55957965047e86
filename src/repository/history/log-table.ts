/**
 * A repository's log as tables. `changes` holds pairs, grouped by commit in the order of `commits`:
 * path index * 2 + (1 if the commit added the path), then blob index, or -1 - blob index where the commit removed the
 * path (the blob is the one it had last). `firstChange[i]` is where commit i's pairs begin.
 */
export type LogTable = {
  commits: string[];
  times: number[];
  parents: string[];
  paths: string[];
  blobs: string[];
  changes: Int32Array;
  firstChange: number[];
};

const submodule = "160000";

/** Builds a table from the tokens of `git log -c --raw -z` with the format `logFormat`. */
export class LogTableBuilder {
  readonly #commits: string[];
  readonly #times: number[];
  readonly #parents: string[];
  readonly #firstChange: number[];
  readonly #paths = new Map<string, number>();
  readonly #blobs = new Map<string, number>();
  #changes: Int32Array;
  #used: number;
  #raw: string | undefined;

  /** Starts empty, or goes on from an earlier table. */
  constructor(earlier?: LogTable) {
    this.#commits = [...(earlier?.commits ?? [])];
    this.#times = [...(earlier?.times ?? [])];
    this.#parents = [...(earlier?.parents ?? [])];
    this.#firstChange = [...(earlier?.firstChange ?? [])];
    for (const path of earlier?.paths ?? []) this.#paths.set(path, this.#paths.size);
    for (const blob of earlier?.blobs ?? []) this.#blobs.set(blob, this.#blobs.size);
    this.#changes = new Int32Array(Math.max(4096, (earlier?.changes.length ?? 0) * 2));
    if (earlier !== undefined) this.#changes.set(earlier.changes);
    this.#used = earlier?.changes.length ?? 0;
  }

  get commitCount(): number {
    return this.#commits.length;
  }

  /** Takes the next NUL-separated token of the log. */
  token(token: string): void {
    if (this.#raw !== undefined) {
      this.#change(this.#raw, token);
      this.#raw = undefined;
      return;
    }
    const text = token.startsWith("\n") ? token.slice(1) : token;
    if (text.startsWith("\u0001")) {
      const [id = "", time = "0", ...parents] = text.slice(1).trimEnd().split(" ");
      this.#commits.push(id);
      this.#times.push(Number(time));
      this.#parents.push(parents.join(" "));
      this.#firstChange.push(this.#used);
    } else if (text.startsWith(":")) this.#raw = text;
  }

  #change(raw: string, path: string): void {
    let parents = 0;
    while (raw[parents] === ":") parents++;
    const fields = raw.slice(parents).split(" ");
    const mode = fields[parents] as string;
    const removed = mode === "000000";
    const before = fields.findIndex((field, index) => index < parents && field !== "000000");
    if (mode === submodule || (before >= 0 && fields[before] === submodule)) return;
    const blob = removed ? fields[parents + 1 + before] : fields[parents + 1 + parents];
    if (blob === undefined || (removed && before < 0)) return;
    if (this.#used + 2 > this.#changes.length) {
      const larger = new Int32Array(this.#changes.length * 2);
      larger.set(this.#changes);
      this.#changes = larger;
    }
    const blobIndex = indexIn(this.#blobs, blob);
    this.#changes[this.#used++] = indexIn(this.#paths, path) * 2 + (before < 0 ? 1 : 0);
    this.#changes[this.#used++] = removed ? -1 - blobIndex : blobIndex;
  }

  table(): LogTable {
    return {
      commits: this.#commits,
      times: this.#times,
      parents: this.#parents,
      paths: [...this.#paths.keys()],
      blobs: [...this.#blobs.keys()],
      changes: this.#changes.slice(0, this.#used),
      firstChange: this.#firstChange,
    };
  }
}

function indexIn(map: Map<string, number>, key: string): number {
  const known = map.get(key);
  if (known !== undefined) return known;
  const index = map.size;
  map.set(key, index);
  return index;
}

/**
 * Positions of the commits, newest first: children before parents, then later committer time, then id. A function of
 * the commits alone, so that a table that was extended orders as one that was read at once.
 */
export function newestFirst(table: Pick<LogTable, "commits" | "times" | "parents">): Int32Array {
  const indexOf = new Map(table.commits.map((id, index) => [id, index]));
  const parents = table.parents.map((ids) =>
    ids === ""
      ? []
      : ids
          .split(" ")
          .map((id) => indexOf.get(id))
          .filter((index) => index !== undefined),
  );
  const children = new Int32Array(table.commits.length);
  for (const list of parents) for (const parent of list) children[parent]!++;
  const isBefore = (a: number, b: number): boolean => {
    const [first, second] = [table.times[a] as number, table.times[b] as number];
    return (
      first > second || (first === second && (table.commits[a] as string) < (table.commits[b] as string))
    );
  };
  const heap: number[] = [];
  const push = (value: number): void => {
    let at = heap.push(value) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(value, heap[up] as number)) break;
      heap[at] = heap[up] as number;
      at = up;
    }
    heap[at] = value;
  };
  const pop = (): number => {
    const top = heap[0] as number;
    const last = heap.pop() as number;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = at * 2 + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && isBefore(heap[child + 1] as number, heap[child] as number)) child++;
        if (!isBefore(heap[child] as number, last)) break;
        heap[at] = heap[child] as number;
        at = child;
      }
      heap[at] = last;
    }
    return top;
  };
  for (let index = 0; index < children.length; index++) if (children[index] === 0) push(index);
  const order = new Int32Array(table.commits.length);
  let filled = 0;
  while (heap.length > 0) {
    const commit = pop();
    order[filled++] = commit;
    for (const parent of parents[commit] as number[]) if (--children[parent]! === 0) push(parent);
  }
  return order;
}
