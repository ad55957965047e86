type Labels = Readonly<Record<string, string>>;
type Kind = "counter" | "gauge" | "histogram";
type Histogram = { counts: number[]; sum: number; count: number };
/** How the gauges of several processes become one. */
type Join = "sum" | "most" | "least";
type Family = {
  kind: Kind;
  help: string;
  bounds: readonly number[];
  join: Join;
  values: Map<string, number>;
  histograms: Map<string, Histogram>;
};
/** The families of one process at a moment, as they cross to another. */
export type MetricsSnapshot = Record<
  string,
  Omit<Family, "values" | "histograms"> & {
    values: Record<string, number>;
    histograms: Record<string, Histogram>;
  }
>;

const escaped = (value: string): string =>
  /["\\\n]/u.test(value)
    ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
    : value;
const labelText = (labels: Labels): string => {
  const names = Object.keys(labels);
  if (names.length > 1) names.sort();
  return names.map((name) => `${name}="${escaped(labels[name] as string)}"`).join(",");
};
const braced = (inner: string): string => (inner === "" ? "" : `{${inner}}`);

/** Seconds, from a quick word to a long reply. */
export const secondBounds: readonly number[] = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/**
 * Counters, gauges and histograms in Prometheus's text format 0.0.4. Labels are fixed words: a client's or session's id has
 * no place here.
 */
export class Metrics {
  private readonly families = new Map<string, Family>();
  private readonly gauges = new Map<string, () => number>();

  /** Declares a family; what was declared and never happened shows as 0 where it has no labels. */
  declare(
    name: string,
    kind: Kind,
    help: string,
    { bounds = secondBounds, join = "sum" }: { bounds?: readonly number[]; join?: Join } = {},
  ): void {
    this.families.set(name, { kind, help, bounds, join, values: new Map(), histograms: new Map() });
  }

  /** A gauge that is read when somebody asks; of several processes the sum, unless one value stands for all. */
  gauge(name: string, help: string, read: () => number, join: Join = "sum"): void {
    this.declare(name, "gauge", help, { join });
    this.gauges.set(name, read);
  }

  count(name: string, labels: Labels = {}, by = 1): void {
    const { values } = this.family(name);
    const key = labelText(labels);
    values.set(key, (values.get(key) ?? 0) + by);
  }

  observe(name: string, value: number, labels: Labels = {}): void {
    const { bounds, histograms } = this.family(name);
    const key = labelText(labels);
    const one = histograms.get(key) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 };
    const least = bounds.findIndex((bound) => value <= bound);
    if (least >= 0) one.counts[least] = (one.counts[least] ?? 0) + 1;
    one.sum += value;
    one.count += 1;
    histograms.set(key, one);
  }

  snapshot(): MetricsSnapshot {
    return Object.fromEntries(
      [...this.families].map(([name, { values, histograms, ...rest }]) => {
        const read = this.gauges.get(name);
        return [
          name,
          {
            ...rest,
            values: read === undefined ? Object.fromEntries(values) : { "": read() },
            histograms: Object.fromEntries(histograms),
          },
        ];
      }),
    );
  }

  text(): string {
    return metricsText(this.snapshot());
  }

  private family(name: string): Family {
    const found = this.families.get(name);
    if (found === undefined) throw new Error(`no metric ${name}`);
    return found;
  }
}

/** Families in Prometheus's text format, sorted by name. */
export function metricsText(snapshot: MetricsSnapshot): string {
  const lines: string[] = [];
  for (const [name, family] of Object.entries(snapshot).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.kind}`);
    const values = Object.entries(family.values);
    if (family.kind === "histogram") lines.push(...histogramLines(name, family));
    else if (values.length === 0) lines.push(`${name} 0`);
    for (const [labels, value] of values) lines.push(`${name}${braced(labels)} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}

/** What several processes of one service counted, as one. */
export function mergeMetrics(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  const merged: MetricsSnapshot = {};
  for (const snapshot of snapshots)
    for (const [name, family] of Object.entries(snapshot)) {
      const into = (merged[name] ??= { ...family, values: {}, histograms: {} });
      for (const [labels, value] of Object.entries(family.values)) {
        const known = into.values[labels];
        into.values[labels] =
          known === undefined
            ? value
            : family.join === "sum"
              ? known + value
              : Math[family.join === "most" ? "max" : "min"](known, value);
      }
      for (const [labels, one] of Object.entries(family.histograms)) {
        const known = into.histograms[labels];
        into.histograms[labels] = {
          counts: one.counts.map((count, at) => count + (known?.counts[at] ?? 0)),
          sum: one.sum + (known?.sum ?? 0),
          count: one.count + (known?.count ?? 0),
        };
      }
    }
  return merged;
}

/** What goes on to count of a process that has ended: a gauge of it says nothing any more. */
export function countedOnly(snapshot: MetricsSnapshot): MetricsSnapshot {
  return Object.fromEntries(Object.entries(snapshot).filter(([, { kind }]) => kind !== "gauge"));
}

function histogramLines(
  name: string,
  { bounds, histograms }: Pick<MetricsSnapshot[string], "bounds" | "histograms">,
): string[] {
  return Object.entries(histograms).flatMap(([labels, { counts, sum, count }]) => {
    const bucket = (bound: string, value: number): string =>
      `${name}_bucket${braced([labels, `le="${bound}"`].filter((one) => one !== "").join(","))} ${value}`;
    let upTo = 0; // Prometheus's buckets hold all that is less too
    return [
      ...bounds.map((bound, at) => bucket(String(bound), (upTo += counts[at] ?? 0))),
      bucket("+Inf", count),
      `${name}_sum${braced(labels)} ${sum}`,
      `${name}_count${braced(labels)} ${count}`,
    ];
  });
}
