export type Box = { x: number; y: number; width: number; height: number };

function worst(row: readonly number[], side: number): number {
  const sum = row.reduce((total, one) => total + one, 0);
  const least = Math.min(...row);
  const most = Math.max(...row);
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/**
 * Squarified treemap (Bruls, Huizing, van Wijk 2000): boxes whose areas stand in the ratio of the weights, as square
 * as can be. Weights are positive and in descending order; boxes come in the same order.
 */
export function treemap(weights: readonly number[], frame: Box): Box[] {
  const total = weights.reduce((sum, one) => sum + one, 0);
  const areas = weights.map((one) => (one / total) * frame.width * frame.height);
  const boxes: Box[] = [];
  let { x, y, width, height } = frame;
  for (let at = 0; at < areas.length;) {
    const side = Math.min(width, height);
    const row = [areas[at] as number];
    while (at + row.length < areas.length) {
      const grown = [...row, areas[at + row.length] as number];
      if (worst(grown, side) > worst(row, side)) break;
      row.push(areas[at + row.length] as number);
    }
    const sum = row.reduce((all, one) => all + one, 0);
    const thickness = side === 0 ? 0 : sum / side;
    let along = 0;
    for (const area of row) {
      const length = thickness === 0 ? 0 : area / thickness;
      boxes.push(
        width >= height
          ? { x, y: y + along, width: thickness, height: length }
          : { x: x + along, y, width: length, height: thickness },
      );
      along += length;
    }
    if (width >= height) [x, width] = [x + thickness, width - thickness];
    else [y, height] = [y + thickness, height - thickness];
    at += row.length;
  }
  return boxes;
}
