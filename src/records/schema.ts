export const roles = ["system", "user", "assistant", "tool"] as const;
export type Role = (typeof roles)[number];

/** One turn. `t0`, `t1`: seconds from the start of a recording. */
export type Message = { role: Role; content: string; name?: string; t0?: number; t1?: number };

/** What an input item says before cleaning: turns, and everything else that it holds. */
export type Draft = { messages: Message[]; extra: Record<string, unknown>; stage?: string; shape: string };

/** Why an item gives no record; the closed list stands in `item-codes.data.ts`. */
export type ItemCode = keyof typeof import("./item-codes.data.ts").itemCodes;

/** An item of a source, or the byte range that gives none. Offsets are bytes of the (unpacked) file. */
export type Item =
  | { ok: true; value: unknown; offset: number; length: number; container?: string }
  | { ok: false; code: ItemCode; offset: number; length: number };

/** A psychology concept: it grounds generated data and is no conversation. */
export type Concept = {
  id: string;
  title: string;
  content: string;
  category: string | null;
  subcategory: string | null;
  related: string[];
  approaches: string[];
  source: string | null;
};

export type Converted =
  | { kind: "drafts"; drafts: Draft[] }
  | { kind: "concept"; concept: Concept }
  | { kind: "refused"; code: ItemCode };

/** Columns that a source names itself, where detection must not decide. */
export type FieldNames = {
  messages?: string | undefined;
  system?: string | undefined;
  title?: string | undefined;
  user?: string | undefined;
  assistant?: string | undefined;
  text?: string | undefined;
};

export type ShapeOptions = { fields?: FieldNames; roles?: Readonly<Record<string, Role>> };
