const known = new Map<string, string>();
const mostKnown = 10_000;

/** A key in lower case without marks: `clientId`, `client_id` and `Client ID` are one key. */
export function foldedKey(key: string): string {
  let folded = known.get(key);
  if (folded === undefined) {
    folded = key.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
    // Keys are few; an input that makes up new ones for ever must not fill the memory.
    if (known.size < mostKnown) known.set(key, folded);
  }
  return folded;
}
