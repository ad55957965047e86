import { createReadStream } from "node:fs";

/** Lines of a file of our own, parsed; the files are ours, so a broken one is an error. */
export async function* readOwnLines<T>(path: string): AsyncGenerator<T, void> {
  let rest = "";
  const decoder = new TextDecoder("utf-8");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const text = rest + decoder.decode(chunk as Uint8Array, { stream: true });
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end < 0) break;
      if (end > start) yield JSON.parse(text.slice(start, end)) as T;
      start = end + 1;
    }
    rest = text.slice(start);
  }
  rest += decoder.decode();
  if (rest !== "") yield JSON.parse(rest) as T;
}
