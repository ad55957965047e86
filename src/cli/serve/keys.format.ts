import type { ApiKey } from "../../inference/index.ts";

/** A new key for people: the token is shown this once. */
export function formatNewKey({ id, token }: { id: string; token: string }): string {
  return `${token}\n\nkey ${id}; this token is not shown again\n`;
}

function standing({ revokedAt, expiresAt }: ApiKey, now: number): string {
  if (revokedAt !== null) return "revoked";
  if (expiresAt === null) return "counts";
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  return expiresAt <= now ? `expired ${day}` : `counts until ${day}`;
}

/** Keys as lines; never a token. */
export function formatKeys(keys: readonly ApiKey[], now: number): string {
  if (keys.length === 0) return "no keys\n";
  const lines = keys.map((key) =>
    [
      key.id,
      key.tenant,
      key.role,
      key.name === "" ? "-" : key.name,
      key.clients === null ? "every client" : key.clients.join(" "),
      key.scopes.join(" "),
      standing(key, now),
    ].join("  "),
  );
  return `${lines.join("\n")}\n`;
}
