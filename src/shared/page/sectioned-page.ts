import { html, Markup, type Content } from "./markup.ts";

/** A part of a page, reached from the bar at its top. */
export type PageSection = { id: string; title: string; lead: string; content: Content };

/** One self-contained page of sections: bar, header, footer; nothing of it is loaded from a network. */
export function sectionedPage(page: {
  title: string;
  policy: string;
  style: string;
  /** Readable without it. */
  script?: string;
  skip: { id: string; text: string };
  header: Content;
  sections: readonly PageSection[];
  footer: Content;
}): string {
  const { sections } = page;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${page.policy}" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${page.title}</title>
        ${new Markup(`<style>${page.style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#${page.skip.id}">${page.skip.text}</a>
        <header class="top wrap">${page.header}</header>
        <nav class="bar" aria-label="Sections">
          <ul class="wrap">
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        <main class="wrap">
          ${sections.map(
            ({ id, title, lead, content }) =>
              html`<section id="${id}" aria-labelledby="h-${id}">
                <h2 id="h-${id}">${title}</h2>
                <p class="lead">${lead}</p>
                ${content}
              </section> `,
          )}
        </main>
        <footer class="wrap">${page.footer}</footer>
        ${page.script !== undefined && new Markup(`<script>${page.script}</script>`)}
      </body>
    </html> `.text;
}

const mostBytes = 5_000_000;

/** The fullest page of at most 5 MB: `pageAt` is asked for less and less of it, from 1 down. */
export function pageWithin(pageAt: (scale: number) => string): string {
  let page = "";
  for (let scale = 1; scale > 0.01; scale /= 2) {
    page = pageAt(scale);
    if (Buffer.byteLength(page) <= mostBytes) break;
  }
  return page;
}
