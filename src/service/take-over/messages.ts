import type { HandedReplay, HandedReplays, RateLimits } from "../../inference/index.ts";

/** What tells one engine from another: by its weights where they are known, else by where it is and what it calls itself. */
export type EngineIdentity = {
  kind: string;
  model: string;
  /** Base URL of an engine that both would use. */
  url: string | undefined;
  /** Of the weights. */
  digest: string | undefined;
};

/** What the process that ends knows and its heir has to know. */
export type Handed = {
  /** Sessions whose turn it answers to the end. */
  locks: string[];
  replays: HandedReplays;
  rates: ReturnType<RateLimits["hand"]>;
  /** The tenant that an engine without isolation is kept for. */
  tenant: string | undefined;
  /** Slots of the engine that its replies hold. */
  busy: number;
};

/** From the process that serves. */
export type FromElder =
  | { type: "facts"; place: { host: string; port: number }; engine: EngineIdentity }
  | { type: "refused"; reason: string }
  | { type: "yielded"; handed: Handed }
  | { type: "freed"; lock: string }
  | { type: "replayed"; key: string; kept: HandedReplay | undefined }
  | { type: "busy"; slots: number };

/** From the one that takes over. One that is gone before it said `serving` has not taken over. */
export type FromHeir =
  | { type: "hello" }
  | { type: "yield" }
  | { type: "serving" }
  | { type: "cancel"; turn: string };
