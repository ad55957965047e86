import { randomUUID } from "node:crypto";
import {
  EngineError,
  type ChatMessage,
  type Engine,
  type EngineInfo,
  type EngineState,
  type GenerateEvent,
  type GenerateRequest,
} from "../engine.ts";
import type { Call, EngineProfile, Piece } from "./engine-profile.ts";
import type { EngineServer } from "./engine-server.ts";
import type { EngineResponse } from "./engine-response.ts";
import { Ghosts } from "./ghosts.ts";
import { postJson, readBody } from "./http-post.ts";
import { refusal } from "./openai-profiles.ts";
import { PinnedSlots } from "./pinned-slots.ts";
import { mostTokens, TokenEstimate } from "./token-estimate.ts";

const lingerMs = 1000;

function broken(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const isText =
    cause instanceof SyntaxError || (cause as { code?: string }).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
  return new EngineError(
    isText ? "engine_bad_output" : "engine_unavailable",
    isText ? "the engine's stream is no valid text or JSON" : "the engine's stream broke",
    { cause, retryable: !isText },
  );
}

/** An engine behind a URL, spoken to as its profile says. */
export class HttpEngine implements Engine {
  readonly info: EngineInfo;
  private readonly chat: URL;
  private readonly profile: EngineProfile;
  private readonly server: EngineServer;
  private readonly ghosts: Ghosts;
  private readonly pinned: PinnedSlots | undefined;
  private readonly estimate = new TokenEstimate();
  private status: EngineState = "ready";

  constructor(
    server: EngineServer,
    profile: EngineProfile,
    info: EngineInfo,
    notice: (text: string) => void,
  ) {
    this.chat = new URL(`${server.base}${profile.path}`);
    this.profile = profile;
    this.server = server;
    this.info = info;
    this.ghosts = new Ghosts(profile, server, notice);
    this.pinned = profile.erase === undefined ? undefined : new PinnedSlots(info.slots);
  }

  get zombies(): number {
    return this.ghosts.zombies;
  }

  state(): EngineState {
    return this.status;
  }

  /** Asks the server only where the messages could be too long: a token is a byte at least. */
  async count(messages: readonly ChatMessage[], wanted = 0): Promise<number | undefined> {
    const { profile, info } = this;
    if (mostTokens(messages) + wanted <= info.context) return undefined;
    const counted = await profile.count?.(this.server, info.model, messages);
    if (counted !== undefined || profile.cutsSilently !== true) return counted;
    const about = this.estimate.of(messages);
    return about + wanted > info.context ? about : undefined;
  }

  async forget(owner: string): Promise<void> {
    for (const slot of this.pinned?.forget(owner) ?? []) await this.profile.erase?.(this.server, slot);
  }

  async stop(): Promise<void> {
    this.status = "stopped";
    this.ghosts.stop();
  }

  private async callFor({ owner, reusePrefix }: GenerateRequest): Promise<Call> {
    const call: Call = {
      id: randomUUID(),
      mayReuse: this.info.kvIsolation !== "none",
      context: this.info.context,
    };
    const taken = this.pinned?.take(owner);
    if (taken === undefined) return call;
    const { slot, isOwn } = taken;
    if (isOwn && reusePrefix) return { ...call, slot };
    // What cannot be emptied is at least not read from.
    const isEmpty = await this.profile.erase?.(this.server, slot);
    return { ...call, slot, mayReuse: call.mayReuse && isEmpty === true };
  }

  private async post(request: GenerateRequest, call: Call, signal: AbortSignal): Promise<EngineResponse> {
    let response: EngineResponse;
    try {
      const body = JSON.stringify(this.profile.bodyOf(this.info.model, request, call));
      response = await postJson(this.chat, body, signal);
    } catch (cause) {
      signal.throwIfAborted();
      this.status = "failed";
      throw new EngineError("engine_unavailable", "the engine cannot be reached", { cause, retryable: true });
    }
    this.status = "ready";
    const { status } = response;
    if (status >= 200 && status <= 299) return response;
    const said = await readBody(response.body());
    response.destroy();
    throw refusal(status, said);
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    signal.throwIfAborted();
    const call = await this.callFor(request);
    let isOver = false;
    this.ghosts.begin();
    try {
      const response = await this.post(request, call, signal).catch((error: unknown) => {
        // Refused or never reached: nothing runs there that could go on.
        if (!signal.aborted) isOver = true;
        throw error;
      });
      const most = request.sampling.maxTokens;
      let chunks = 0;
      let characters = 0;
      let reason: Piece["reason"];
      let usage: NonNullable<Piece["usage"]> = {};
      let isWhole = false;
      try {
        yield { type: "start", promptTokens: 0, reusedTokens: 0 };
        for await (const piece of this.profile.read(response.body())) {
          if (piece.usage !== undefined) ({ usage } = piece as { usage: typeof usage });
          reason = piece.reason ?? reason;
          if (piece.isWhole === true) isWhole = true;
          if (piece.text === "") continue;
          chunks += piece.chunks;
          characters += piece.text.length;
          // A chunk may hold several tokens, never less than one: more chunks than tokens is a loop without end.
          if (chunks > most + 8 || characters > most * 64 + 1024)
            throw new EngineError("engine_bad_output", "the engine went on past max_tokens");
          yield { type: "delta", text: piece.text, tokens: chunks };
        }
        isOver = isWhole || reason !== undefined;
      } catch (cause) {
        signal.throwIfAborted();
        throw broken(cause);
      } finally {
        // Whoever stops reading early closes the connection; after the last event it may serve the next request.
        if (isWhole) response.leave(lingerMs);
        else response.destroy();
      }
      if (reason === undefined)
        throw new EngineError("engine_bad_output", "the engine's stream ended without a reason");
      this.checkCount(request, usage.prompt);
      yield {
        type: "end",
        reason,
        promptTokens: usage.prompt ?? 0,
        completionTokens: usage.completion ?? chunks,
        reusedTokens: usage.cached ?? 0,
      };
    } finally {
      await this.leave(call, isOver);
    }
  }

  /** After a cancel the slot is ours until the server has let go of it. */
  private async leave(call: Call, isOver: boolean): Promise<void> {
    try {
      if (isOver) this.ghosts.end();
      else {
        await this.profile.abort?.(this.server, call);
        await this.ghosts.cancelled();
      }
    } finally {
      if (call.slot !== undefined) this.pinned?.release(call.slot);
    }
  }

  private checkCount({ messages, sampling }: GenerateRequest, prompt: number | undefined): void {
    if (this.profile.cutsSilently !== true) return;
    if (mostTokens(messages) + sampling.maxTokens <= this.info.context) {
      if (prompt !== undefined) this.estimate.seen(messages, prompt);
      return;
    }
    if (prompt === undefined)
      throw new EngineError(
        "engine_bad_output",
        "the engine does not say how much of a long prompt it has read",
      );
    if (this.estimate.isCut(messages, prompt))
      throw new EngineError("context_length_exceeded", "the engine has cut the prompt");
  }
}
