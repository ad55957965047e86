import { hash } from "node:crypto";

const [blockBytes, hashBytes] = [64, 32] as const; // of sha256
const padded = (key: Buffer, byte: number): Buffer => Buffer.from(key.map((one) => one ^ byte));

/**
 * HMAC-SHA256 (RFC 2104) in hex, with a key that is made ready once: several times as fast as `createHmac` for short
 * texts.
 */
export function keyedHash(key: string): (text: string) => string {
  const bytes = Buffer.from(key, "utf8");
  const block = Buffer.alloc(blockBytes);
  (bytes.length > blockBytes ? hash("sha256", bytes, "buffer") : bytes).copy(block);
  let inner = Buffer.concat([padded(block, 0x36), Buffer.alloc(1024)]);
  const outer = Buffer.concat([padded(block, 0x5c), Buffer.alloc(hashBytes)]);
  return (text) => {
    const most = blockBytes + 3 * text.length; // the most that UTF-8 takes
    if (most > inner.length) inner = Buffer.concat([inner.subarray(0, blockBytes), Buffer.alloc(2 * most)]);
    const end = blockBytes + inner.write(text, blockBytes, "utf8");
    // A one-byte string is made faster than a buffer.
    outer.write(hash("sha256", inner.subarray(0, end), "binary"), blockBytes, "latin1");
    return hash("sha256", outer, "hex");
  };
}
