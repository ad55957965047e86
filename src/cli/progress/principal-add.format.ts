/** A new principal: its id and, this once, its token. */
export function formatPrincipal(made: { id: string; token: string }): string {
  return `id     ${made.id}\ntoken  ${made.token}\nKeep the token: it is shown this once.\n`;
}
