import { describe, expect, it } from "vitest";
import { scrub } from "./scrub.ts";

// Synthetic sentences; nobody is meant. The names are on no list of the product.
const masked = (text: string): string =>
  scrub([{ role: "user", content: text }], {}, { key: "test", group: undefined }).masked[0] as string;

describe("names that are on no list", () => {
  it.each([
    ["There was a message from Sanele this morning.", "Sanele"],
    ["Do you think Hyunwoo will ever change?", "Hyunwoo"],
    ["It's because of Xiulan that I started therapy.", "Xiulan"],
    ["Itziar and I have been friends since school.", "Itziar"],
    ["Teuvo says that I worry too much.", "Teuvo"],
    ["The landlord, Abebe Tesfaye, wants the flat back.", "Abebe Tesfaye"],
    ["Ça va. I miss Oisín, and Thandiwe’s house.", "Thandiwe"],
  ])("are found in %j", (text, name) => {
    for (const word of name.split(" ")) expect(masked(text)).not.toContain(word);
  });

  it.each([
    "We flew with Ryanair from Gatwick and I wore my Fitbit.",
    "I take Clonazepam at night and it helps.",
    "In the kitchen was a Zanussi that never worked.",
    "Nope and then silence. Sooooooo tired today.",
    "He said that Chemistry is boring.",
    "Vivo en el pueblo y voy a la Terapia Cognitiva que me ayuda con las cosas para vivir.",
  ])("are not seen in %j", (text) => {
    expect(masked(text)).toBe(text);
  });
});
