import { describe, expect, it } from "vitest";
import type { ChatMessage } from "../../inference/index.ts";
import { lastWindow } from "./window.ts";

const talk = (count: number): ChatMessage[] =>
  Array.from({ length: count }, (_, at) => ({
    role: at % 2 === 0 ? "user" : "assistant",
    content: String(at),
  }));

describe("the window of a session", () => {
  it("holds at most ten messages, ends with the newest and begins with a user's", () => {
    for (let count = 1; count < 60; count += 2) {
      const { kept, dropped } = lastWindow(talk(count));
      expect(kept.length).toBeLessThanOrEqual(10);
      expect(kept.length + dropped).toBe(count);
      expect(kept.at(-1)?.content).toBe(String(count - 1));
      expect(kept[0]?.role).toBe("user");
    }
  });

  it("drops in steps, so that most prompts begin as the one before did", () => {
    let same = 0;
    let before = lastWindow(talk(11)).kept[0]?.content;
    for (let count = 13; count < 73; count += 2) {
      const first = lastWindow(talk(count)).kept[0]?.content;
      if (first === before) same++;
      before = first;
    }
    expect(same).toBe(20);
  });
});
