import { html, type Content, type Markup } from "../../shared/index.ts";
import type { Histogram } from "./distributions.ts";

const number = (value: number): string => value.toLocaleString("en-US");

const [width, barHeight, labelWidth, valueWidth] = [460, 20, 180, 60];

/** Horizontal bars with their names and numbers, the longest first as given. */
export function bars(title: string, counts: Readonly<Record<string, number>>): Markup {
  const rows = Object.entries(counts);
  const most = Math.max(1, ...rows.map(([, count]) => count));
  const room = width - labelWidth - valueWidth;
  const height = rows.length * barHeight + 4;
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
      ${rows.map(([name, count], index): Content => {
        const y = index * barHeight + 3;
        return html`<text x="${labelWidth - 8}" y="${y + 12}" class="name">${name}</text
          ><rect
            x="${labelWidth}"
            y="${y}"
            width="${((room * count) / most).toFixed(1)}"
            height="14"
            rx="2"
          /><text x="${labelWidth + (room * count) / most + 6}" y="${y + 12}">${number(count)}</text>`;
      })}
    </svg>
  </figure>`;
}

/** Columns of a histogram over its ranges. */
export function columns(title: string, unit: string, histogram: Histogram): Markup {
  const [columnWidth, height] = [width / histogram.length, 130];
  const most = Math.max(1, ...histogram.map(({ count }) => count));
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${width} ${height + 36}" role="img" aria-label="${title}, ${unit}">
      ${histogram.map(({ from, count }, index): Content => {
        const tall = (height * count) / most;
        const x = index * columnWidth;
        return html`<rect
            x="${(x + 3).toFixed(1)}"
            y="${(height - tall + 14).toFixed(1)}"
            width="${(columnWidth - 6).toFixed(1)}"
            height="${tall.toFixed(1)}"
            rx="2"
            ><title>${from} or more: ${number(count)} records</title></rect
          ><text class="mid" x="${(x + columnWidth / 2).toFixed(1)}" y="${(height - tall + 10).toFixed(1)}"
            >${count === 0 ? "" : number(count)}</text
          ><text class="mid" x="${(x + columnWidth / 2).toFixed(1)}" y="${height + 30}"
            >${from}${index === histogram.length - 1 ? "+" : ""}</text
          >`;
      })}
    </svg>
    <p class="more">${unit}, each range from its number on</p>
  </figure>`;
}

const parts = ["written", "deduplicated", "notSelected", "quarantined"] as const;
export type Fates = { name: string } & Record<(typeof parts)[number], number>;
const partNames = {
  written: "in the data set",
  deduplicated: "duplicates",
  notSelected: "not selected",
  quarantined: "quarantine",
};

/** What became of the items of each source: one bar of four parts a source. */
export function fates(sources: readonly Fates[]): Markup {
  const row = 30;
  return html`<figure>
    <figcaption>What became of each source's items</figcaption>
    <svg
      viewBox="0 0 ${2 * width} ${sources.length * row + 4}"
      role="img"
      aria-label="What became of each source's items"
    >
      ${sources.map((source, index): Content => {
        const all = Math.max(
          1,
          parts.reduce((sum, part) => sum + source[part], 0),
        );
        let x = labelWidth;
        const y = index * row + 4;
        const room = 2 * width - labelWidth - valueWidth;
        return html`<text x="${labelWidth - 8}" y="${y + 15}" class="name">${source.name}</text>${parts.map(
            (part): Content => {
              const wide = (room * source[part]) / all;
              const from = x;
              x += wide;
              return wide > 0
                ? html`<rect
                    class="${part}"
                    x="${from.toFixed(1)}"
                    y="${y}"
                    width="${wide.toFixed(1)}"
                    height="20"
                    ><title>${partNames[part]}: ${number(source[part])}</title></rect
                  >`
                : undefined;
            },
          )}<text x="${x + 6}" y="${y + 15}">${number(all)}</text>`;
      })}
    </svg>
    <ul class="legend">
      ${parts.map((part): Content => html`<li><i class="${part}"></i>${partNames[part]}</li>`)}
    </ul>
  </figure>`;
}
