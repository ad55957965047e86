/**
 * Reads a Python literal of lists, dicts, strings, numbers, True, False and None, as `str()` and pandas write them into
 * CSV cells. Undefined for anything else; nothing is evaluated.
 * @example
 * readPythonLiteral("[{'role': 'user', 'content': \"I'm low\"}]") // [{ role: "user", content: "I'm low" }]
 */
export function readPythonLiteral(text: string): unknown {
  let at = 0;
  let depth = 0;
  const fail = (): never => {
    throw new SyntaxError("no Python literal");
  };
  const skip = (): void => {
    while (/\s/.test(text[at] ?? "")) at++;
  };
  const escapes: Readonly<Record<string, string>> = {
    n: "\n",
    t: "\t",
    r: "\r",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "\n": "",
  };
  const readString = (): string => {
    const quote = text[at++] as string;
    const parts: string[] = [];
    for (;;) {
      const character = text[at++];
      if (character === undefined) return fail();
      if (character === quote) return parts.join("");
      if (character !== "\\") {
        parts.push(character);
        continue;
      }
      const mark = text[at++] ?? fail();
      const digits = { x: 2, u: 4, U: 8 }[mark];
      if (digits === undefined)
        parts.push(Object.hasOwn(escapes, mark) ? (escapes[mark] as string) : `\\${mark}`);
      else {
        const code = text.slice(at, at + digits);
        if (!/^[0-9a-fA-F]+$/.test(code) || code.length < digits || Number.parseInt(code, 16) > 0x10ffff)
          return fail();
        parts.push(String.fromCodePoint(Number.parseInt(code, 16)));
        at += digits;
      }
    }
  };
  const readItems = (close: string, readItem: () => void): void => {
    if (++depth > 64) fail();
    at++;
    for (skip(); text[at] !== close; skip()) {
      readItem();
      skip();
      if (text[at] === ",") at++;
      // numpy prints lists of dicts without commas between them.
      else if (text[at] !== close && text[at] !== "{") fail();
    }
    at++;
    depth--;
  };
  const readValue = (): unknown => {
    skip();
    const character = text[at];
    if (character === "'" || character === '"') return readString();
    if (character === "[" || character === "(") {
      const list: unknown[] = [];
      readItems(character === "[" ? "]" : ")", () => list.push(readValue()));
      return list;
    }
    if (character === "{") {
      const entries: [string, unknown][] = [];
      readItems("}", () => {
        const key = readValue();
        skip();
        if (text[at++] !== ":") fail();
        entries.push([String(key), readValue()]);
      });
      return Object.fromEntries(entries);
    }
    const word = /^(?:True|False|None|-?\d[\d.eE+-]*)/.exec(text.slice(at, at + 40))?.[0] ?? fail();
    at += word.length;
    if (word === "None") return null;
    return word === "True" ? true : word === "False" ? false : Number(word);
  };
  try {
    const value = readValue();
    skip();
    return at === text.length ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
