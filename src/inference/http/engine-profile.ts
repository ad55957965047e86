import type { ChatMessage, GenerateRequest } from "../engine.ts";
import type { EngineServer, Json } from "./engine-server.ts";

export const engineKinds = ["auto", "openai", "llama-server", "vllm", "sglang", "ollama"] as const;
export type EngineKind = (typeof engineKinds)[number];
export type KnownKind = Exclude<EngineKind, "auto">;

/** What one read of a server's stream brought. */
export type Piece = {
  text: string;
  /** Chunks with text in it, never fewer than one a token the server counts apart. */
  chunks: number;
  reason?: "stop" | "length";
  usage?: { prompt?: number; completion?: number; cached?: number };
  /** The server said that the stream is whole. */
  isWhole?: boolean;
};

/** One request on its way: its id at the server, the slot it is pinned to where the server has such, the context's size. */
export type Call = { id: string; slot?: number; mayReuse: boolean; context: number };

/** What a server says of itself when it is connected to. */
export type Attached = {
  context?: number;
  slots?: number;
  /** Names the weights, so that another engine with the same may take over. */
  digest?: string;
  /** False where one conversation's cache could reach another. */
  isIsolated: boolean;
  warnings: string[];
};

/** How one kind of server is spoken to. Every method but `bodyOf` and `read` is optional: not every server can. */
export type EngineProfile = {
  kind: KnownKind;
  /** Route of the streamed reply. */
  path: string;
  bodyOf: (model: string, request: GenerateRequest, call: Call) => Json;
  /** Throws `EngineError`, or `SyntaxError` for what is no text or JSON. */
  read: (body: AsyncIterable<Uint8Array>) => AsyncGenerator<Piece, void>;
  attach?: (server: EngineServer, model: string) => Promise<Attached>;
  /** Prompt tokens by the server's own tokenizer; undefined if it does not say. */
  count?: (
    server: EngineServer,
    model: string,
    messages: readonly ChatMessage[],
  ) => Promise<number | undefined>;
  /** Requests that the server works on or holds in its queue, whoever sent them; undefined if it does not say. */
  working?: (server: EngineServer) => Promise<number | undefined>;
  /** Tells the server to stop a request; the connection is closed too. */
  abort?: (server: EngineServer, call: Call) => Promise<void>;
  /** Empties a pinned slot's cache; false if the server does not do that. */
  erase?: (server: EngineServer, slot: number) => Promise<boolean>;
  /** True where a prompt that is too long loses its front without a word. */
  cutsSilently?: boolean;
};

const control = /<(?=\|)|<(?=\/?s>|start_of_turn>|end_of_turn>)|\[(?=\/?INST\])/gu;

/** People's words with a joint of no width in what servers would read as a control word of a chat template. */
export const plainText = (text: string): string =>
  control.test(text) ? text.replaceAll(control, (found) => `${found}\u2060`) : text;

export const plainMessages = (messages: readonly ChatMessage[]): ChatMessage[] =>
  messages.map(({ role, content }) => ({ role, content: plainText(content) }));
