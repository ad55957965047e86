import { describe, expect, it } from "vitest";
import { cleanText } from "./clean-text.ts";

describe("cleanText", () => {
  it.each([
    ["plain text stays", "  a < b & c > d \n", "a < b & c > d", []],
    ["paragraphs and breaks", "<p>One<br>two</p><p>Three</p>", "One\ntwo\n\nThree", ["html"]],
    ["list items", "<ul><li>a</li><li>b</li></ul>", "- a\n- b", ["html"]],
    ["character references", "it&#39;s &amp; &lt;b&gt;&nbsp;ok", "it's & <b> ok", ["html"]],
    [
      "scripts, styles and comments",
      "<style>p{}</style>a<script>alert('<p>')</script><!-- x --> b",
      "a b",
      ["html"],
    ],
    ["an unclosed comment is text", "<p>a</p><!-- b", "a\n\n<!-- b", ["html"]],
    ["images with data", '<p>a<img src="data:image/png;base64,AAAA>BB">b</p>', "ab", ["html"]],
    ["word processor tags", '<p class="x">a<o:p></o:p><w:sdt>b</w:sdt></p>', "ab", ["html"]],
    ["an unknown tag is text", "I <3 you <heart>", "I <3 you <heart>", []],
    ["data outside of tags", `see data:image/png;base64,${"A".repeat(60)}!`, "see !", ["data-uri"]],
    ["control characters", "a\u0000b\u0007c", "abc", ["control"]],
    ["lone surrogates", "a\ud800b", "a\ufffdb", ["surrogate"]],
    ["mojibake", "donâ€™t cafÃ© ðŸ˜€", "don’t café 😀", ["mojibake"]],
    ["letters that only look like it", "Ã la carte, Âge", "Ã la carte, Âge", []],
    ["line ends and hard spaces", "a\r\nb\rc\u00a0d", "a\nb\nc d", ["space"]],
  ])("%s", (_, raw, text, repairs) => {
    expect(cleanText(raw)).toEqual({ text, repairs });
  });
  it("gives up on text that is mostly unreadable", () => {
    expect(cleanText(`${"\ufffd".repeat(20)}abc`)).toBeUndefined();
  });
  it("takes time in proportion to hostile mark-up", () => {
    const hostile = `<p>${"<!--".repeat(20_000)}${"<a ".repeat(20_000)}${"&#".repeat(20_000)}`;
    const started = process.cpuUsage().user;
    expect(cleanText(hostile)?.text.length).toBeGreaterThan(0);
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(5);
  });
});
