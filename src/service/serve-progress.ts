import { isIPv6 } from "node:net";
import type { AddressInfo } from "node:net";
import { hasPrincipals, lockForServing, openStore, risks } from "../progress/index.ts";
import { TrainingReadyError, type Log } from "../shared/index.ts";
import { progressApp } from "./app.ts";

export type ServingProgress = { url: string; close: () => Promise<void> };

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
const minuteMs = 60_000;

/**
 * Opens a home's store and serves it until closed; closing finishes what is under way and writes a ledger checkpoint.
 * Throws `E_EXPOSED` beyond loopback without a principal, `E_STORE_BUSY`, `E_PORT`.
 */
export async function serveProgress(options: {
  home: string;
  host: string;
  port: number;
  log: Log;
}): Promise<ServingProgress> {
  const { home, host, port, log } = options;
  const store = await openStore(home);
  let unlock: () => void;
  try {
    if (!isLoopback(host) && !hasPrincipals(store))
      throw new TrainingReadyError("E_EXPOSED", `nobody holds a key, so ${host} is not bound`);
    unlock = lockForServing(store.paths);
  } catch (error) {
    store.close();
    throw error;
  }
  const app = progressApp({ store, log });
  const guarded = (name: string, work: () => void) => () => {
    try {
      work();
    } catch (error) {
      log.error(name, { code: error instanceof TrainingReadyError ? error.code : "E_INTERNAL" });
    }
  };
  const clocks = [
    setInterval(
      guarded("risk clock failed", () => risks.advanceRisks(store)),
      1000,
    ),
    setInterval(
      guarded("checkpoint failed", () => store.checkpoint()),
      minuteMs,
    ),
  ];
  const release = (): void => {
    for (const clock of clocks) clearInterval(clock);
    unlock();
    store.close();
  };
  try {
    await app.listen({ host, port });
  } catch (cause) {
    release();
    throw new TrainingReadyError("E_PORT", `${host}:${port} cannot be bound: ${(cause as Error).message}`, {
      cause,
    });
  }
  const address = app.server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`,
    async close() {
      await app.close();
      guarded("checkpoint failed", () => store.checkpoint())();
      release();
    },
  };
}
