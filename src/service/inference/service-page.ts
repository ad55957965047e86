import type { ServerResponse } from "node:http";
import { html, Markup, pagePolicy, pageStyle, tool } from "../../shared/index.ts";

/** The frame of a page that the service publishes about itself: it reads without a script. */
export function servicePage(title: string, lead: Markup, main: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Markup(pageStyle)}
        </style>
      </head>
      <body>
        <div class="wrap">
          <header class="top">
            <h1><small>${tool.name}</small>${title}</h1>
            ${lead}
          </header>
          <main>${main}</main>
        </div>
      </body>
    </html>`.text;
}

/** Sends a page of the service. */
export function sendServicePage(response: ServerResponse, page: string): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(page),
    "content-security-policy": `${pagePolicy(pageStyle)}; frame-ancestors 'none'`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(page);
}
