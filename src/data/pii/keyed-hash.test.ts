import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { keyedHash } from "./keyed-hash.ts";

it("gives what node's own HMAC gives, for keys of any length", () => {
  for (const key of ["", "k", "x".repeat(64), "ü".repeat(40)]) {
    const hashOf = keyedHash(key);
    for (const text of ["", "name|anna|g", "é".repeat(2000), "name|anna|g"])
      expect(hashOf(text)).toBe(createHmac("sha256", key).update(text).digest("hex"));
  }
});
