import { describe, expect, it } from "vitest";
import { screenConversation, screenText } from "./index.ts";

// Synthetic sentences.
describe("languages that the screen does not know", () => {
  it.each([
    "Nie wiem co mam zrobić z moim życiem, nie śpię od tygodnia.",
    "Ik weet niet meer wat ik met mijn leven moet, het is te veel.",
    "Jag vet inte vad jag ska göra, det är för mycket för mig.",
    "Bu sabah çok yorgunum ve ne yapacağımı bilmiyorum ama iyi değil.",
    "Я сегодня плохо спал",
    "今日はよく眠れませんでした",
    "لم أنم جيدا هذه الليلة",
    "Δεν κοιμήθηκα καλά",
  ])("says of %j that it is unsupported", (text) => {
    expect(screenText(text).language).toBe("unsupported");
  });

  it.each([
    "My dog is called Zosia and she likes cake.",
    "Ich weiß nicht, was ich machen soll.",
    "No sé qué hacer con mi vida.",
    "Não sei o que fazer agora.",
    "Je ne sais plus quoi faire.",
    "Non so cosa fare della mia vita.",
    "मैं ठीक हूँ",
    "วันนี้ฉันนอนไม่หลับ",
    "mujhe neend nahi aa rahi hai",
    "ok thanks bye now",
    "lol",
    "brb dinner time soon mate",
    "",
  ])("reads %j", (text) => {
    expect(screenText(text).language).toBeUndefined();
  });

  it("counts a word for suicide that it does know, and says no more than watch by it", () => {
    expect(screenText("Я думаю о самоубийстве каждый день")).toMatchObject({
      language: "unsupported",
      level: "watch",
      categories: ["suicide"],
    });
    expect(screenText("もう自殺したい").level).toBe("watch");
  });

  it("says so of the newest turn of a conversation", () => {
    const user = (content: string) => ({ role: "user" as const, content });
    expect(screenConversation([user("hello"), user("Я сегодня плохо спал")]).language).toBe("unsupported");
    expect(screenConversation([user("Я сегодня плохо спал"), user("hello there")]).language).toBeUndefined();
  });
});
