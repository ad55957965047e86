/** How much of each list the page holds. What is left out is counted on the page and stands in audit.json. */
export type Caps = {
  findings: number;
  places: number;
  packages: number;
  matrix: number;
  pairs: number;
  list: number;
  warnings: number;
};

const full: Caps = {
  findings: 1500,
  places: 40,
  packages: 200,
  matrix: 32,
  pairs: 150,
  list: 40,
  warnings: 300,
};

/** The caps scaled down, for a page that would grow too large. */
export function capsAt(scale: number): Caps {
  const scaled = Object.entries(full).map(([key, value]) => [key, Math.max(5, Math.floor(value * scale))]);
  return Object.fromEntries(scaled) as Caps;
}
