import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

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

/** A file of our own in pieces of whole rows of so many bytes. */
export async function* readPieces(path: string, rowBytes: number): AsyncGenerator<Buffer, void> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(Math.ceil(262_144 / rowBytes) * rowBytes);
    for (;;) {
      let held = 0;
      while (held < buffer.length) {
        const { bytesRead } = await file.read(buffer, held, buffer.length - held);
        if (bytesRead === 0) break;
        held += bytesRead;
      }
      if (held === 0) return;
      if (held % rowBytes !== 0) throw new RangeError(`${path} ends inside a row`);
      yield buffer.subarray(0, held);
    }
  } finally {
    await file.close();
  }
}
