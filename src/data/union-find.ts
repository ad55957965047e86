/** Sets of rows that grow together; a set's root is its smallest row. */
export class UnionFind {
  readonly parent: Uint32Array;
  constructor(size: number) {
    this.parent = Uint32Array.from({ length: size }, (_, index) => index);
  }
  find(row: number): number {
    let root = row;
    while (this.parent[root] !== root) root = this.parent[root] as number;
    for (let at = row; at !== root;) {
      const next = this.parent[at] as number;
      this.parent[at] = root;
      at = next;
    }
    return root;
  }
  /** True if the two were apart. */
  union(a: number, b: number): boolean {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return false;
    this.parent[Math.max(x, y)] = Math.min(x, y);
    return true;
  }
}
