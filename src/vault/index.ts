export type { Database, Foreseen, SqlValue, Statement } from "./database.ts";
export { readCheckpoints, writeCheckpoint, type Checkpoint } from "./checkpoint.ts";
export { openDatabase } from "./open-database.ts";
export { rootKey, signingKeys, type SigningKeys } from "./key-file.ts";
export {
  appendLedger,
  headAhead,
  ledgerHead,
  ledgerSql,
  verifyChain,
  type LedgerEntry,
  type LedgerHead,
  type LedgerRow,
} from "./ledger.ts";
export { blindIndex, deriveKey, sealJson, seal, unseal, unsealJson } from "./seal.ts";
