import type { ServerResponse } from "node:http";
import { html } from "../../shared/index.ts";
import { sendServicePage, servicePage } from "./service-page.ts";

type Operation = {
  summary?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema?: { $ref?: string } }> };
  security?: unknown[];
};

const methods = ["get", "post", "put", "patch", "delete"];

/** Every route of an OpenAPI document as a page that reads without a script. */
function docsPage(document: Record<string, unknown>): string {
  const paths = document["paths"] as Record<string, Record<string, Operation>>;
  const schemas = (document["components"] as { schemas?: Record<string, unknown> }).schemas ?? {};
  const rows = Object.entries(paths).flatMap(([path, one]) =>
    methods.flatMap((method) => (one[method] === undefined ? [] : [{ path, method, ...one[method] }])),
  );
  const bodyOf = ({ requestBody }: Operation): string | undefined =>
    requestBody?.content["application/json"]?.schema?.$ref?.split("/").at(-1);
  return servicePage(
    "HTTP routes",
    html`<p>${rows.length} routes. As OpenAPI 3.1: <a href="/openapi.json">/openapi.json</a>.</p>`,
    html`<table>
        <thead>
          <tr>
            <th>route</th>
            <th>what it does</th>
            <th>parameters</th>
            <th>body</th>
            <th>key</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <td><code>${row.method.toUpperCase()} ${row.path}</code></td>
                <td>${row.summary ?? ""}</td>
                <td>${(row.parameters ?? []).map(({ name }) => name).join(", ")}</td>
                <td>
                  ${bodyOf(row) === undefined ? "" : html`<a href="#${bodyOf(row) ?? ""}">${bodyOf(row)}</a>`}
                </td>
                <td>${row.security?.length === 0 ? "open" : "needed"}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${Object.entries(schemas).map(
        ([name, schema]) =>
          html`<h2 id="${name}">${name}</h2>
            <pre>${JSON.stringify(schema, null, 2)}</pre>`,
      )}`,
  );
}

/** Sends the page. */
export function sendDocs(response: ServerResponse, document: Record<string, unknown>): void {
  sendServicePage(response, docsPage(document));
}
