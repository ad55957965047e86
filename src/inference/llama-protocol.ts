import type { Probed, Tuning } from "./probe.ts";
import type { ChatMessage, EngineErrorCode, Sampling } from "./engine.ts";

/** Messages to the process that holds llama.cpp. */
export type ToLlama =
  | {
      type: "load";
      path: string;
      context: number;
      slots: number;
      tuning: Tuning;
      /** Settings to measure before the context is made; the best of them then counts. */
      probe?: { candidates: readonly Tuning[]; budgetMs: number };
    }
  | { type: "count"; id: number; messages: readonly ChatMessage[] }
  | {
      type: "generate";
      id: number;
      messages: readonly ChatMessage[];
      sampling: Sampling;
      owner: string;
      reusePrefix: boolean;
    }
  | { type: "cancel"; id: number }
  | { type: "forget"; owner: string };

/** Messages from it. A request ends with exactly one of `end`, `cancelled`, `failed`. */
export type FromLlama =
  | {
      type: "loaded";
      model: string;
      context: number;
      slots: number;
      tuning: Tuning;
      probed: readonly Probed[];
    }
  | { type: "refused"; reason: "template" | "file"; message: string }
  | { type: "counted"; id: number; tokens: number }
  | { type: "start"; id: number; promptTokens: number; reusedTokens: number }
  | { type: "delta"; id: number; text: string; tokens: number }
  | { type: "end"; id: number; reason: "stop" | "length"; completionTokens: number }
  | { type: "cancelled"; id: number }
  | { type: "failed"; id: number; code: EngineErrorCode; message: string };
