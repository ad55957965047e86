import {
  generateKeyPairSync,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  type KeyObject,
} from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { syncNames, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";

function missing(path: string): TrainingReadyError {
  return new TrainingReadyError("E_KEY_MISSING", `${path} does not exist, yet there is data that it seals`, {
    exitCode: 1,
  });
}

// The key's folder, the store's, the home and what that lies in may all be new.
const newFolders = { folders: 4 };

/**
 * The root key of a store: 32 random bytes as hex in a file that its owner alone can read. Made only where nothing is
 * sealed yet. Throws `E_KEY_MISSING`, `E_SEAL_BROKEN`.
 */
export async function rootKey(path: string, options: { mayCreate: boolean }): Promise<Buffer> {
  if (!existsSync(path)) {
    if (!options.mayCreate) throw missing(path);
    await writeFileAtomic(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
    syncNames(path, newFolders); // before anything is sealed by it
  }
  const written = readFileSync(path, "utf8").trim();
  if (!/^[0-9a-f]{64}$/.test(written))
    throw new TrainingReadyError("E_SEAL_BROKEN", `${path} holds no key`, { exitCode: 1 });
  return Buffer.from(written, "hex");
}

export type SigningKeys = { privateKey: KeyObject; publicKey: KeyObject };

/** The Ed25519 pair that signs ledger checkpoints; the public half lies beside it as `.pub`. */
export async function signingKeys(path: string, options: { mayCreate: boolean }): Promise<SigningKeys> {
  if (!existsSync(path)) {
    if (!options.mayCreate) throw missing(path);
    const pair = generateKeyPairSync("ed25519");
    await writeFileAtomic(`${path}.pub`, pair.publicKey.export({ type: "spki", format: "pem" }));
    await writeFileAtomic(path, pair.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    syncNames(path, newFolders);
  }
  try {
    const privateKey = createPrivateKey(readFileSync(path));
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch (cause) {
    throw new TrainingReadyError("E_SEAL_BROKEN", `${path} holds no key`, { cause, exitCode: 1 });
  }
}
