/** Eigenvalues, largest first, and eigenvectors of a symmetric matrix, by Jacobi's rotations. */
export function eigen(matrix: readonly Float64Array[]): { values: number[]; axes: Float64Array[] } {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const axes = a.map((_, at) => {
    const row = new Float64Array(size);
    row[at] = 1;
    return row;
  });
  const cell = (row: number, column: number): number => (a[row] as Float64Array)[column] as number;
  const turn = (rows: Float64Array[], p: number, q: number, c: number, s: number): void => {
    const [one, two] = [rows[p] as Float64Array, rows[q] as Float64Array];
    for (let k = 0; k < size; k++) {
      const [x, y] = [one[k] as number, two[k] as number];
      one[k] = c * x - s * y;
      two[k] = s * x + c * y;
    }
  };
  for (let sweep = 0; sweep < 40; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += cell(p, q) ** 2;
    if (off < 1e-20) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        const apart = cell(p, q);
        if (Math.abs(apart) < 1e-15) continue;
        const slope = (cell(q, q) - cell(p, p)) / (2 * apart);
        const t = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        for (const row of a) {
          const [x, y] = [row[p] as number, row[q] as number];
          row[p] = c * x - t * c * y;
          row[q] = t * c * x + c * y;
        }
        turn(a, p, q, c, t * c);
        turn(axes, p, q, c, t * c);
      }
  }
  const order = a.map((_, at) => at).toSorted((x, y) => cell(y, y) - cell(x, x));
  return { values: order.map((at) => cell(at, at)), axes: order.map((at) => axes[at] as Float64Array) };
}
