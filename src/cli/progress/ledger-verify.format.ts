/** What the walk along the chain found. */
export function formatLedgerVerify(found: { ok: boolean; firstBroken: number | null; rows: number }): string {
  if (found.ok) return `The ledger is whole: ${found.rows} entries.\n`;
  const where = found.firstBroken === null ? "" : ` at entry ${found.firstBroken}`;
  return `The ledger is broken${where}.\n`;
}
