import { TrainingReadyError } from "../../shared/index.ts";

/** A GGUF file opened by llama.cpp in this process, on one CPU thread. */
export type LlamaModel = {
  tokenize(text: string): number[];
  /** Next-token probabilities after each of the tokens, by token id. */
  probabilities(ids: readonly number[]): Promise<Float32Array[]>;
  /** A greedy reply to the messages, by the model's own chat format. */
  reply(ids: readonly number[], mostTokens: number): Promise<string>;
  tokenizePrompt(messages: readonly { role: string; content: string }[]): number[];
  close(): Promise<void>;
};

/** Opens a GGUF file; its KV cache is fp32, so that parity is not blurred. Throws `E_TRAIN_GGUF`. */
export async function openLlama(path: string, options: { contextSize: number }): Promise<LlamaModel> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ build: "never", gpu: false, logLevel: LlamaLogLevel.error });
  const fail = (cause: unknown): never => {
    throw new TrainingReadyError(
      "E_TRAIN_GGUF",
      `llama.cpp does not load ${path}: ${(cause as Error).message}`,
      { cause, exitCode: 2 },
    );
  };
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 }).catch(fail);
  const context = await model
    .createContext({
      contextSize: options.contextSize,
      threads: 1,
      flashAttention: false,
      experimentalKvCacheKeyType: "F32",
      experimentalKvCacheValueType: "F32",
    })
    .catch(fail);
  const sequence = context.getSequence();
  const vocabulary = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
  type Tokens = ReturnType<typeof model.tokenize>;
  return {
    tokenize: (text) => [...model.tokenize(text, false, "trimLeadingSpace")],
    tokenizePrompt(messages) {
      // The exported template is ChatML or llama3: control tokens as tokens, what people wrote as text.
      const template = model.fileInfo.metadata.tokenizer.chat_template ?? "";
      const isChatml = template.includes("<|im_start|>");
      const special = (text: string): number[] => [...model.tokenize(text, true)];
      const turn = ({ role, content }: { role: string; content: string }): number[] =>
        isChatml
          ? [
              ...special("<|im_start|>"),
              ...model.tokenize(`${role}\n${content}`, false, "trimLeadingSpace"),
              ...special("<|im_end|>"),
              ...model.tokenize("\n", false, "trimLeadingSpace"),
            ]
          : [
              ...special("<|start_header_id|>"),
              ...model.tokenize(role, false, "trimLeadingSpace"),
              ...special("<|end_header_id|>"),
              ...model.tokenize(`\n\n${content}`, false, "trimLeadingSpace"),
              ...special("<|eot_id|>"),
            ];
      const open = isChatml
        ? [...special("<|im_start|>"), ...model.tokenize("assistant\n", false, "trimLeadingSpace")]
        : [
            ...special("<|start_header_id|>"),
            ...model.tokenize("assistant", false),
            ...special("<|end_header_id|>"),
            ...model.tokenize("\n\n", false),
          ];
      const bos = model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];
      return [...bos, ...messages.flatMap(turn), ...open];
    },
    async probabilities(ids) {
      await sequence.clearHistory();
      const input = (ids as Tokens).map(
        (id) =>
          [
            id,
            { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } },
          ] as const,
      );
      const found = await sequence.controlledEvaluate(input.map(([id, wish]) => [id, { ...wish }]));
      return found.map((one) => {
        const row = new Float32Array(vocabulary);
        for (const [token, p] of one?.next.probabilities ?? []) row[token] = p;
        return row;
      });
    },
    async reply(ids, mostTokens) {
      await sequence.clearHistory();
      const said: number[] = [];
      for await (const token of sequence.evaluate([...ids] as Tokens, { temperature: 0 })) {
        if (model.isEogToken(token) || said.length >= mostTokens) break;
        said.push(token);
      }
      return model.detokenize(said as Tokens);
    },
    async close() {
      await context.dispose();
      await model.dispose();
    },
  };
}
