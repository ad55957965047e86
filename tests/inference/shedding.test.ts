import { expect, it } from "vitest";
import { send, startEcho, startRunning, type Reply } from "./running.test-support.ts";

const chat = (url: string, content: string): Promise<Reply> =>
  send(url, "POST", "/v1/chat/completions", { body: { messages: [{ role: "user", content }] } });

it("a service whose event loop is late refuses what needs the model, and nothing else", async () => {
  const loop = { p99: 200 };
  const echo = await startEcho();
  const served = await startRunning(echo.url, { loopDelayMs: () => loop.p99 });
  try {
    expect((await chat(served.url, "hello")).status).toBe(200);
    loop.p99 = 201;
    const asked = echo.asked.length;
    const shed = await chat(served.url, "hello");
    expect([shed.status, shed.body["error"]]).toMatchObject([503, { code: "overloaded" }]);
    expect(Number(shed.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    const old = await send(served.url, "POST", "/api/v1/inference", { body: { user_input: "hello" } });
    expect([old.status, old.headers.get("retry-after")]).toEqual([503, shed.headers.get("retry-after")]);
    for (const [level, text] of [
      ["elevated", "I want to kill myself"],
      ["imminent", "I am going to kill myself tonight"],
    ] as const) {
      const reply = await chat(served.url, text);
      expect([reply.status, reply.body["x_safety"]]).toMatchObject([200, { level }]);
    }
    expect((await send(served.url, "GET", "/health/ready")).status).toBe(200);
    const metrics = String((await send(served.url, "GET", "/metrics")).body["text"]);
    expect(metrics).toMatch(/^inference_loop_delay_seconds 0\.201$/m);
    expect(metrics).toMatch(/^inference_shed_total 2$/m);
    expect(echo.asked).toHaveLength(asked);
    loop.p99 = 0;
    expect((await chat(served.url, "hello")).status).toBe(200);
  } finally {
    await served.close();
    await echo.close();
  }
});
