import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import {
  advanceRisks,
  deliverNotices,
  hasPrincipals,
  lockForServing,
  openStore,
  readContacts,
  storeWaitingRisk,
  type Contacts,
  type EraseElsewhere,
  type Store,
} from "../progress/index.ts";
import { readSafety, shownResources, type Resource } from "../safety/index.ts";
import { TrainingReadyError, type Log } from "../shared/index.ts";
import { progressApp } from "./app.ts";
import { createIdentityProvider, readSignIn } from "./pages/identity-provider.ts";
import type { PeopleSignIn } from "./pages/provider-sign-in.ts";

export type ServingProgress = { url: string; close: () => Promise<void> };

/** A tracker that is open and keeps its clocks, but listens nowhere yet. */
export type OpenProgress = {
  store: Store;
  app: FastifyInstance;
  /** Answers a request that came in by another server. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Begins to tell contacts of risk, with links to where the tracker listens. */
  listensAt: (url: string) => void;
  /** Erasing a client erases there too from now on. */
  erasesAlso: (elsewhere: EraseElsewhere) => void;
  close: () => Promise<void>;
};

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
const minuteMs = 60_000;
/** A request does not wait longer for a database server. */
const statementMs = 5000;

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
 * Opens a home's store for serving; closing finishes what is under way and writes a ledger checkpoint.
 * Throws `E_EXPOSED` beyond loopback without a principal, `E_NO_CONTACT`, `E_STORE_BUSY`, `E_SAFETY_CONFIG`.
 */
export async function openProgress(options: { home: string; host: string; log: Log }): Promise<OpenProgress> {
  const { home, host, log } = options;
  const store = await openStore(home, { statementMs });
  let unlock: () => void;
  let contacts: Contacts | undefined;
  let people: PeopleSignIn;
  let resources: readonly Resource[];
  try {
    if (!isLoopback(host) && !hasPrincipals(store))
      throw new TrainingReadyError("E_EXPOSED", `nobody holds a key, so ${host} is not bound`);
    contacts = readContacts(store);
    const config = readSignIn(store.paths.signIn);
    people = {
      // Who holds a token on paper is enough on this machine alone, and only until people have a provider.
      byToken: isLoopback(host) && config === undefined,
      provider: config && createIdentityProvider(config, { now: store.now }),
    };
    if (!isLoopback(host) && contacts === undefined)
      throw new TrainingReadyError("E_NO_CONTACT", `${store.paths.contacts} names nobody to tell of risk`);
    const { configuration, standing } = await readSafety(home);
    const signOff = standing.state === "signed" ? standing.signOff : undefined;
    resources = shownResources(configuration, { signOff, isLoopback: isLoopback(host) });
    unlock = lockForServing(store);
  } catch (error) {
    store.close();
    throw error;
  }
  let elsewhere: EraseElsewhere | undefined;
  const app = progressApp({ store, log, people, resources, elsewhere: () => elsewhere });
  await app.ready();
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
    // Turns of the inference service come in by no request.
    setInterval(
      guarded("checkpoint failed", () => store.checkpointIfDue()),
      1000,
    ),
    setInterval(
      guarded("checkpoint failed", () => store.checkpoint()),
      minuteMs,
    ),
  ];
  return {
    store,
    app,
    answer: (request, response) => app.routing(request, response),
    listensAt(url) {
      if (contacts !== undefined) clocks.push(noticeClock(store, contacts, { link: `${url}/app/risk`, log }));
    },
    erasesAlso(wanted) {
      elsewhere = wanted;
    },
    async close() {
      await app.close();
      guarded("checkpoint failed", () => store.checkpoint())();
      for (const clock of clocks) clearInterval(clock);
      unlock();
      store.close();
    },
  };
}

/** Opens a home's store and serves it until closed. Throws as `openProgress` does, and `E_PORT`. */
export async function serveProgress(options: {
  home: string;
  host: string;
  port: number;
  log: Log;
}): Promise<ServingProgress> {
  const { host, port } = options;
  const opened = await openProgress(options);
  try {
    await opened.app.listen({ host, port });
  } catch (cause) {
    await opened.close();
    throw new TrainingReadyError("E_PORT", `${host}:${port} cannot be bound: ${(cause as Error).message}`, {
      cause,
    });
  }
  const address = opened.app.server.address() as AddressInfo;
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`;
  opened.listensAt(url);
  return { url, close: () => opened.close() };
}
