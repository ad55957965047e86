import { readRemote, statRemote, type RemoteOptions } from "./remote-read.ts";
import type { Store } from "./store.ts";

export const defaultRemote: RemoteOptions = {
  fetch: (input, init) => fetch(input, init),
  sign: ({ headers }) => headers,
  attempts: 5,
  firstWaitMs: 500,
};

/** Files behind http and https URLs. */
export function httpStore(options: RemoteOptions = defaultRemote): Store {
  return {
    stat: (uri) => statRemote(new URL(uri), options),
    read: (uri, range = { start: 0 }) => readRemote(new URL(uri), range, options),
  };
}
