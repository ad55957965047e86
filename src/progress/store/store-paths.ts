import { join } from "node:path";

export type StorePaths = {
  folder: string;
  database: string;
  rootKey: string;
  signingKey: string;
  checkpoints: string;
  lock: string;
  /** Risk that could not be stored, sealed, until it can. */
  emergency: string;
  /** Whom to tell of risk, if the site wrote it. */
  contacts: string;
  /** The site's identity provider, if it wrote it. */
  signIn: string;
  /** What else the site has set. */
  settings: string;
};

/** Where a home keeps its progress store: the keys always, the database unless a server has it. */
export function storePaths(home: string): StorePaths {
  const folder = join(home, "progress");
  return {
    folder,
    database: join(folder, "progress.db"),
    rootKey: join(folder, "keys", "root.key"),
    signingKey: join(folder, "keys", "ledger-signing.pem"),
    checkpoints: join(folder, "ledger-checkpoints.jsonl"),
    lock: join(folder, "serve.lock"),
    emergency: join(folder, "emergency.jsonl"),
    contacts: join(folder, "contacts.json"),
    signIn: join(folder, "sign-in.json"),
    settings: join(folder, "settings.json"),
  };
}
