/** A file's bytes as latin1 text (one character, one byte). `bomBytes`: how many bytes a UTF-8 BOM took. */
export type ByteText = { text: string; bomBytes: number; encoding: "utf8" | "utf16" | "binary" };

/** Decodes for extraction. UTF-16 and binary files give an empty text: they are listed, not read. */
export function decodeBytes(bytes: Uint8Array): ByteText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { text: "", bomBytes: 0, encoding: "utf16" };
  }
  const bomBytes = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.subarray(0, 8192).includes(0)) return { text: "", bomBytes, encoding: "binary" };
  return { text: buffer.toString("latin1", bomBytes), bomBytes, encoding: "utf8" };
}

const ascii = /^[\u0000-\u007f]*$/;

/** latin1-decoded bytes as the UTF-8 text they are; invalid sequences become U+FFFD (to show, not to write). */
export function utf8Of(latin1: string): string {
  return ascii.test(latin1) ? latin1 : Buffer.from(latin1, "latin1").toString("utf8");
}

/** UTF-8 text as latin1-decoded bytes: the inverse of `utf8Of` for valid text. */
export function latin1Of(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** Line numbers (from 1) of offsets into a text, in any order. */
export function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
