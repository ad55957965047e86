import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { keyedHash } from "./keyed-hash.ts";

it("gives what node's own HMAC gives, for keys of any length", () => {
  for (const key of ["", "k", "x".repeat(64), "ü".repeat(40)]) {
    for (const text of ["", "name|anna|g", "é".repeat(200)])
      expect(keyedHash(key)(text)).toEqual(createHmac("sha256", key).update(text).digest());
  }
});
