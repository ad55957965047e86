import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

let echo: Echo;
let served: Running;
beforeAll(async () => {
  echo = await startEcho();
  served = await startRunning(echo.url);
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
});

const chat = async (content: string, metadata: Record<string, string>) => {
  const { body } = await send(served.url, "POST", "/v1/chat/completions", {
    body: { messages: [{ role: "user", content }], metadata },
  });
  const [choice] = body["choices"] as { message: { content: string } }[];
  return { text: choice?.message.content ?? "", safety: body["x_safety"], notice: body["x_notice"] };
};
const imminent = "I am going to kill myself tonight";

describe("a reply at risk", () => {
  it("is in the person's language, with the number of the country alone", async () => {
    const { text, safety } = await chat(imminent, { locale: "de-AT", country: "DE" });
    expect(text).toMatch(/^Ich bin froh.*Ruf 112 \(oder TelefonSeelsorge.*Bist du gerade in Sicherheit\?$/);
    expect(safety).toMatchObject({ level: "imminent", language: "de" });
    expect(safety).not.toHaveProperty("languageMissing");
  });

  it("falls back where there are no texts, and says so", async () => {
    const { text, safety } = await chat(imminent, { locale: "th" });
    expect(text).toMatch(/your local emergency number/);
    expect(safety).toMatchObject({ language: "en", languageMissing: "th" });
  });

  it("names no language where nobody asked for one", async () => {
    expect((await chat(imminent, {})).safety).not.toHaveProperty("language");
  });

  it("takes what its session was begun with, until a turn says otherwise", async () => {
    await send(served.url, "POST", "/v1/sessions", {
      body: { session_id: "l-1", client_id: "c", locale: "es", country: "ES" },
    });
    const place = { session_id: "l-1", client_id: "c" };
    const first = await chat("hello", place);
    expect(first.text).toMatch(/^Estás hablando con una IA/);
    const { text, safety } = await chat(imminent, place);
    expect(text).toMatch(/llama al 112 \(o Línea 024/);
    expect(safety).toMatchObject({ language: "es" });
    expect((await chat(imminent, { ...place, locale: "fr" })).text).toMatch(/^Merci de rester/);
  });

  it("has its line at watch, and the model its guidance, in that language", async () => {
    const { notice, safety } = await chat("I feel so hopeless lately, nothing helps", { locale: "fr" });
    expect(safety).toMatchObject({ level: "watch", action: "support", language: "fr" });
    expect(notice).toMatch(/^Si cela devient plus lourd/);
    expect(echo.asked.at(-1)?.messages[0]).toMatchObject({
      role: "system",
      content: expect.stringMatching(/^Sois chaleureux/),
    });
  });
});

describe("the published protocol", () => {
  const page = async (query: string) => {
    const response = await fetch(`${served.url}/protocol${query}`);
    return { status: response.status, text: await response.text() };
  };

  it("shows the texts of a locale, or that there are none", async () => {
    expect((await page("?locale=de")).text).toContain('<li lang="de">Ich bin froh');
    expect((await page("?locale=th")).text).toContain("There are no reviewed texts in th: these are in en.");
    expect((await page("?locale=not%20one")).status).toBe(400);
  });
});
