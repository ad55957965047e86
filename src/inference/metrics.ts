type Labels = Readonly<Record<string, string>>;
type Kind = "counter" | "gauge" | "histogram";
type Histogram = { counts: number[]; sum: number; count: number };
type Family = {
  kind: Kind;
  help: string;
  bounds: readonly number[];
  values: Map<string, number>;
  histograms: Map<string, Histogram>;
};

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
  declare(name: string, kind: Kind, help: string, bounds: readonly number[] = secondBounds): void {
    this.families.set(name, { kind, help, bounds, values: new Map(), histograms: new Map() });
  }

  /** A gauge that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    this.declare(name, "gauge", help);
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

  text(): string {
    const lines: string[] = [];
    for (const [name, family] of [...this.families].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      lines.push(`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.kind}`);
      const read = this.gauges.get(name);
      if (read !== undefined) lines.push(`${name} ${read()}`);
      else if (family.kind === "histogram") lines.push(...histogramLines(name, family));
      else if (family.values.size === 0) lines.push(`${name} 0`);
      for (const [labels, value] of family.values) lines.push(`${name}${braced(labels)} ${value}`);
    }
    return `${lines.join("\n")}\n`;
  }

  private family(name: string): Family {
    const found = this.families.get(name);
    if (found === undefined) throw new Error(`no metric ${name}`);
    return found;
  }
}

function histogramLines(name: string, { bounds, histograms }: Family): string[] {
  return [...histograms].flatMap(([labels, { counts, sum, count }]) => {
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
