import { expect, it } from "vitest";
import { send, startEcho, startRunning } from "./running.test-support.ts";

it("GET /docs shows every route of the OpenAPI document, without a script", async () => {
  const echo = await startEcho();
  const served = await startRunning(echo.url);
  const page = await send(served.url, "GET", "/docs");
  const { body } = await send(served.url, "GET", "/openapi.json");
  const text = String(page.body["text"]);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toMatch(/frame-ancestors 'none'/);
  const paths = body["paths"] as Record<string, Record<string, unknown>>;
  const routes = Object.entries(paths).flatMap(([path, one]) =>
    Object.keys(one).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.length).toBeGreaterThan(15);
  for (const route of routes) expect(text).toContain(`<code>${route}</code>`);
  expect(text).toContain('id="ChatRequest"');
  expect(text).not.toMatch(/<script/);
  await served.close();
  await echo.close();
});
