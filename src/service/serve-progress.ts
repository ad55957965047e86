import { isIPv6 } from "node:net";
import type { AddressInfo } from "node:net";
import {
  advanceRisks,
  deliverNotices,
  hasPrincipals,
  lockForServing,
  openStore,
  readContacts,
  storeWaitingRisk,
  type Contacts,
  type Store,
} from "../progress/index.ts";
import { TrainingReadyError, type Log } from "../shared/index.ts";
import { progressApp } from "./app.ts";

export type ServingProgress = { url: string; close: () => Promise<void> };

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
const minuteMs = 60_000;

/** Delivers notices every second, one round at a time. */
function noticeClock(store: Store, contacts: Contacts, options: { link: string; log: Log }): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    deliverNotices(store, contacts, { link: options.link })
      .then(({ failed }) => {
        if (failed > 0) options.log.error("a contact did not take a notice of risk", { failed });
      })
      .catch(() => options.log.error("notices could not be delivered", {}))
      .finally(() => {
        isRunning = false;
      });
  }, 1000);
}

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
  let contacts: Contacts | undefined;
  try {
    if (!isLoopback(host) && !hasPrincipals(store))
      throw new TrainingReadyError("E_EXPOSED", `nobody holds a key, so ${host} is not bound`);
    contacts = readContacts(store);
    if (!isLoopback(host) && contacts === undefined)
      throw new TrainingReadyError("E_NO_CONTACT", `${store.paths.contacts} names nobody to tell of risk`);
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
      guarded("risk clock failed", () => {
        const { stored, refused } = storeWaitingRisk(store);
        if (stored + refused > 0) log.info("waiting risk stored", { stored, refused });
        advanceRisks(store, { inboxIsContact: contacts === undefined });
      }),
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
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`;
  if (contacts !== undefined) clocks.push(noticeClock(store, contacts, { link: `${url}/app/risk`, log }));
  return {
    url,
    async close() {
      await app.close();
      guarded("checkpoint failed", () => store.checkpoint())();
      release();
    },
  };
}
