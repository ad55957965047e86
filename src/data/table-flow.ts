/**
 * Whole numbers for the cells of a table so that rows and columns have given sums and no cell exceeds its size, or
 * undefined if there are none. Starts from the proportional fill and completes it by augmenting paths (Ford, Fulkerson
 * 1956; shortest first: Edmonds, Karp 1972).
 */
export function fillTable(
  sizes: readonly (readonly number[])[],
  rowSums: readonly number[],
  columnSums: readonly number[],
): number[][] | undefined {
  const total = rowSums.reduce((all, one) => all + one, 0);
  const fill = sizes.map((line, i) =>
    line.map((size, j) =>
      total === 0
        ? 0
        : Math.min(size, Math.floor(((rowSums[i] as number) * (columnSums[j] as number)) / total)),
    ),
  );
  const at = (i: number, j: number): number => fill[i]?.[j] as number;
  const rowLeft = rowSums.map((sum, i) => sum - (fill[i] as number[]).reduce((all, one) => all + one, 0));
  const columnLeft = columnSums.map(
    (sum, j) => sum - fill.reduce((all, line) => all + (line[j] as number), 0),
  );
  let open = rowLeft.reduce((all, one) => all + one, 0);
  while (open > 0) {
    // Breadth first from rows that lack records to a column that does.
    const rowFrom = new Map<number, number>(); // row <- column it was reached by; -1 at the start
    const columnFrom = new Map<number, number>();
    const queue: number[] = [];
    for (const [i, left] of rowLeft.entries()) {
      if (left <= 0) continue;
      rowFrom.set(i, -1);
      queue.push(i);
    }
    let end = -1;
    for (let head = 0; head < queue.length && end < 0; head++) {
      const i = queue[head] as number;
      for (let j = 0; j < columnSums.length && end < 0; j++) {
        if (columnFrom.has(j) || at(i, j) >= (sizes[i]?.[j] as number)) continue;
        columnFrom.set(j, i);
        if ((columnLeft[j] as number) > 0) end = j;
        for (let other = 0; other < rowSums.length; other++) {
          if (rowFrom.has(other) || at(other, j) <= 0) continue;
          rowFrom.set(other, j);
          queue.push(other);
        }
      }
    }
    if (end < 0) return undefined;
    // The path back: cells to raise and, between them, cells to lower.
    const raise: [number, number][] = [];
    const lower: [number, number][] = [];
    let start = -1;
    for (let j = end; j >= 0;) {
      const i = columnFrom.get(j) as number;
      raise.push([i, j]);
      const before = rowFrom.get(i) as number;
      if (before >= 0) lower.push([i, before]);
      else start = i;
      j = before;
    }
    let amount = Math.min(rowLeft[start] as number, columnLeft[end] as number);
    for (const [i, j] of raise) amount = Math.min(amount, (sizes[i]?.[j] as number) - at(i, j));
    for (const [i, j] of lower) amount = Math.min(amount, at(i, j));
    for (const [i, j] of raise) (fill[i] as number[])[j] = at(i, j) + amount;
    for (const [i, j] of lower) (fill[i] as number[])[j] = at(i, j) - amount;
    rowLeft[start] = (rowLeft[start] as number) - amount;
    columnLeft[end] = (columnLeft[end] as number) - amount;
    open -= amount;
  }
  return fill;
}
