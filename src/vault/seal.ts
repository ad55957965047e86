import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { TrainingReadyError } from "../shared/index.ts";

const version = 1;
const ivBytes = 12;
const tagBytes = 16;
/** Plaintexts are padded to a multiple of this, so that a short value's length says little. */
const block = 64;

/** A key for one purpose, derived from another (HKDF-SHA256, RFC 5869). */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, new Uint8Array(), purpose, 32));
}

/** A keyed index of a value: equal values can be found, none can be read. */
export function blindIndex(key: Uint8Array, value: string): Buffer {
  return createHmac("sha256", key).update(value, "utf8").digest();
}

function pad(plain: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((plain.length + 4) / block) * block);
  padded.writeUInt32BE(plain.length, 0);
  padded.set(plain, 4);
  return padded;
}

function broken(cause?: unknown): TrainingReadyError {
  return new TrainingReadyError("E_SEAL_BROKEN", "a sealed value failed its check", { cause });
}

/**
 * Seals bytes with AES-256-GCM under a random 96-bit IV: version, IV, ciphertext, 128-bit tag. The place (`aad`) is
 * bound in, so that a value moved elsewhere does not open.
 */
export function seal(key: Uint8Array, plain: Uint8Array, aad: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(aad, "utf8"));
  const body = Buffer.concat([cipher.update(pad(plain)), cipher.final()]);
  return Buffer.concat([Buffer.of(version), iv, body, cipher.getAuthTag()]);
}

/** Opens what `seal` made for the same key and place. Throws `E_SEAL_BROKEN`. */
export function unseal(key: Uint8Array, sealed: Uint8Array, aad: string): Buffer {
  if (sealed.length < 1 + ivBytes + block + tagBytes || sealed[0] !== version) throw broken();
  const iv = sealed.subarray(1, 1 + ivBytes);
  // Without authTagLength Node accepts tags of four bytes.
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(aad, "utf8"));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const body = sealed.subarray(1 + ivBytes, sealed.length - tagBytes);
    const padded = Buffer.concat([decipher.update(body), decipher.final()]);
    const length = padded.readUInt32BE(0);
    if (length > padded.length - 4) throw broken();
    return padded.subarray(4, 4 + length);
  } catch (cause) {
    throw cause instanceof TrainingReadyError ? cause : broken(cause);
  }
}

/** Seals a value as JSON. */
export function sealJson(key: Uint8Array, value: unknown, aad: string): Buffer {
  return seal(key, Buffer.from(JSON.stringify(value), "utf8"), aad);
}

/** Opens what `sealJson` made. Throws `E_SEAL_BROKEN`. */
export function unsealJson(key: Uint8Array, sealed: Uint8Array, aad: string): unknown {
  return JSON.parse(unseal(key, sealed, aad).toString("utf8")) as unknown;
}
