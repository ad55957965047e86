import type { ItemCode } from "../schema.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
export const maxDepth = 64;

/** True if the value is nested deeper than 64; walks without recursion, because the input decides the depth. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== "object" || one === null) continue;
      for (const child of Object.values(one))
        if (typeof child === "object" && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}

function isSuspiciouslyDeep(text: string): boolean {
  let open = 0;
  for (const bracket of ["[", "{"])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++open > maxDepth) return true;
  return false;
}

/** Bytes as text, or undefined if they are no UTF-8. A byte order mark at the start is taken off. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One JSON value from its bytes, or why there is none. `isCut`: the input ends here without a line end. */
export function parseJsonItem(
  bytes: Uint8Array,
  isCut: boolean,
): { ok: true; value: unknown } | { ok: false; code: ItemCode } {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { ok: false, code: "text.encoding" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (/[:[,]\s*(?:NaN|-?Infinity)\b/.test(text)) return { ok: false, code: "json.nan" };
    return { ok: false, code: isCut ? "json.cut" : "json.syntax" };
  }
  if (isSuspiciouslyDeep(text) && isTooDeep(value)) return { ok: false, code: "json.depth" };
  return { ok: true, value };
}
