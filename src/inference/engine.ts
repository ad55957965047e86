/** One turn of a conversation as an engine reads it. */
export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };

/** How the next token is chosen; every value is set, the request's own or the default. */
export type Sampling = {
  maxTokens: number;
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  repetitionPenalty: number;
  presencePenalty: number;
  frequencyPenalty: number;
  seed?: number;
  stop: readonly string[];
};

export type GenerateRequest = {
  messages: readonly ChatMessage[];
  sampling: Sampling;
  /** Whose conversation this is: cached context is reused within one owner only. */
  owner: string;
  reusePrefix: boolean;
};

export type GenerateEvent =
  | { type: "start"; promptTokens: number; reusedTokens: number }
  | { type: "delta"; text: string; tokens: number }
  | {
      type: "end";
      reason: "stop" | "length";
      promptTokens: number;
      completionTokens: number;
      reusedTokens: number;
    };

export type EngineErrorCode =
  | "engine_unavailable"
  | "engine_bad_output"
  | "engine_timeout"
  | "engine_refused"
  | "template_refused"
  | "context_length_exceeded";

/** A failure of the engine on one request; `retryable` says whether the same request may succeed later. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly retryable: boolean;

  constructor(
    code: EngineErrorCode,
    message: string,
    options: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EngineError";
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

export type EngineInfo = {
  /** `llama.cpp` or the kind of server behind a URL. */
  kind: string;
  /** The model's own name, as the file or the server says. */
  model: string;
  context: number;
  slots: number;
  /** True if prompts are counted by the model's own tokenizer before they are sent. */
  exactTokens: boolean;
  /** How far one's cached context can reach: its own client, or anybody (`none`). */
  kvIsolation: "client" | "none";
  /** True if it is seen that a cancelled request ends at the engine too. */
  cancelVerified: boolean;
  /** Names the weights, where the engine says them. */
  digest?: string;
};

export type EngineState = "starting" | "ready" | "restarting" | "failed" | "stopped";

/** The port that every engine fits. A stream ends once: with `end`, or by throwing. */
export interface Engine {
  readonly info: EngineInfo;
  state(): EngineState;
  /** Cancelled requests that the engine works on all the same; their slots are kept back. */
  readonly zombies: number;
  /**
   * Prompt tokens by the model's template and tokenizer; undefined where the engine cannot say, or where they and the
   * wanted ones of the reply fit for certain.
   */
  count(messages: readonly ChatMessage[], wanted?: number): Promise<number | undefined>;
  generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void>;
  /** Erases cached context of an owner. */
  forget(owner: string): Promise<void>;
  stop(): Promise<void>;
}

/** The old service's settings, kept as defaults: a request's own value wins. */
export const samplingDefaults: Sampling = {
  maxTokens: 256,
  temperature: 0.7,
  topP: 0.9,
  topK: 50,
  minP: 0,
  repetitionPenalty: 1.1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  stop: [],
};

export const defaultContext = 2048;
