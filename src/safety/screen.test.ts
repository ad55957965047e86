import { describe, expect, it } from "vitest";
import { screenConversation, screenText, type RiskLevel } from "./index.ts";

// Synthetic sentences, written for this test.
const cases: [string, RiskLevel[]][] = [
  ["hello how are you", ["none"]],
  ["What time is the meeting tomorrow", ["none"]],
  ["I feel so hopeless", ["watch"]],
  ["I want to kill myself", ["elevated"]],
  ["I don't want to live anymore", ["elevated"]],
  ["everyone would be better off without me", ["elevated"]],
  ["I'm going to kill myself tonight", ["imminent"]],
  ["I just took a whole bottle of pills", ["imminent"]],
  ["I'm standing at the edge of the bridge", ["imminent"]],
  ["k i l l m y s e l f", ["elevated"]],
  ["k1ll my$elf", ["elevated"]],
  ["I want to ki\u200Bll mys\u00ADelf", ["elevated"]],
  ["I could kill for a coffee", ["none"]],
  ["I'm dying to see the new film", ["none"]],
  ["I killed it at the presentation today", ["none"]],
  ["My phone is dying", ["none"]],
  ["My mom is going to kill me", ["none"]],
  ["I cut myself shaving", ["none"]],
  ["I would never kill myself", ["none"]],
  ["I'm not going to kill myself", ["none", "watch"]],
  ["I'm not suicidal, just tired", ["none", "watch"]],
  ["I'm writing a paper about suicide prevention", ["none", "watch"]],
  ["how do I kill a process in linux", ["none"]],
  ["my friend wants to kill herself", ["watch", "elevated"]],
  ["I used to want to die but that was years ago", ["watch"]],
  ["je veux mourir", ["elevated"]],
  ["Ich will nicht mehr leben", ["elevated"]],
  ["quiero morir", ["elevated"]],
  ["voglio morire", ["elevated"]],
  ["quero morrer", ["elevated"]],
  ["मैं मरना चाहता हूँ", ["elevated"]],
  ["ฉันอยากตาย", ["elevated"]],
  ["ฉันไม่ได้อยากตาย", ["none"]],
];

describe("risk screen", () => {
  for (const [text, levels] of cases)
    it(`reads "${text}" as ${levels.join(" or ")}`, () => {
      expect(levels).toContain(screenText(text).level);
    });

  it("gives evidence as places, never as text", () => {
    const { evidence } = screenText("well, I want to kill myself");
    expect(evidence.length).toBeGreaterThan(0);
    expect(evidence[0]).toMatchObject({ category: "suicide", level: "elevated" });
    expect(JSON.stringify(evidence)).not.toMatch(/kill/);
  });
});

describe("risk of a conversation", () => {
  const user = (content: string) => ({ role: "user" as const, content });
  const assistant = (content: string) => ({ role: "assistant" as const, content });

  it("lets an older imminent turn raise a plain one to elevated at most, then fade", () => {
    const turns = [user("I am going to kill myself tonight"), assistant("…")];
    expect(screenConversation([...turns, user("what a nice day")]).level).toBe("elevated");
    const later = ["one", "two", "three", "four", "five", "six"].flatMap((word) => [
      user(word),
      assistant("ok"),
    ]);
    expect(screenConversation([...turns, ...later, user("what a nice day")]).level).toBe("none");
  });

  it("lets an assent inherit what was asked", () => {
    const asked = assistant("I hear you. Are you thinking of ending your life?");
    expect(screenConversation([user("I feel low"), asked, user("yes")]).level).toBe("elevated");
    expect(screenConversation([user("I feel low"), asked, user("yes, tonight")]).level).toBe("imminent");
    expect(screenConversation([user("hello"), assistant("Do you like tea?"), user("yes")]).level).toBe(
      "none",
    );
  });

  it("counts imminent turns, so that the next step is another", () => {
    const turn = user("I am going to kill myself tonight");
    expect(screenConversation([turn]).step).toBe(0);
    expect(screenConversation([turn, assistant("a"), turn, assistant("b"), turn]).step).toBe(2);
  });
});

describe("sayings that sound like an act", () => {
  it.each([
    "He'd cut my throat if I touched his records.",
    "This is my last post in this forum, the owner moves it to another site.",
  ])("are never imminent: %j", (text) => {
    expect(["none", "watch"]).toContain(screenText(text).level);
  });

  it("stays imminent where the act is one's own", () => {
    expect(screenText("I am going to slit my throat tonight").level).toBe("imminent");
  });
});
