import { hash } from "node:crypto";

const blockBytes = 64; // of sha256
const padded = (key: Buffer, byte: number): Buffer => Buffer.from(key.map((one) => one ^ byte));

/** HMAC-SHA256 (RFC 2104) with a key that is made ready once: several times as fast as `createHmac` for short texts. */
export function keyedHash(key: string): (text: string) => Buffer {
  const bytes = Buffer.from(key, "utf8");
  const block = Buffer.alloc(blockBytes);
  (bytes.length > blockBytes ? hash("sha256", bytes, "buffer") : bytes).copy(block);
  const [inner, outer] = [padded(block, 0x36), padded(block, 0x5c)];
  return (text) =>
    hash(
      "sha256",
      Buffer.concat([outer, hash("sha256", Buffer.concat([inner, Buffer.from(text, "utf8")]), "buffer")]),
      "buffer",
    );
}
