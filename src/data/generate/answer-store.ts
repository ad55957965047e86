import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { canonicalJson, sha256, TrainingReadyError } from "../../shared/index.ts";
import type { Answer, ChatMessage } from "./schema.ts";

/** What an answer depends on; where it was asked does not count. */
export type AnswerKey = {
  model: string;
  messages: readonly ChatMessage[];
  parameters: { maxTokens: number; temperature: number };
  template: string;
  sample: number;
};

/** Hash of a question: model, messages, parameters, template and number of the sample. */
export const keyOf = (key: AnswerKey): string => sha256(canonicalJson(key));

/** Answers by key, one file each. The first one that is stored stays and is an input from then on. */
export class AnswerStore {
  private readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }

  private pathOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.json`);
  }

  /** Throws `E_GENERATE_ANSWERS` for a file that is damaged. */
  async get(key: string): Promise<Answer | undefined> {
    let text: string;
    try {
      text = await readFile(this.pathOf(key), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      const { answer, sha256: hash } = JSON.parse(text) as { answer: Answer; sha256: string };
      if (hash === sha256(canonicalJson(answer))) return answer;
    } catch {
      // said below
    }
    throw new TrainingReadyError("E_GENERATE_ANSWERS", `${this.pathOf(key)} is damaged`, { exitCode: 1 });
  }

  /** Stores an answer unless one is there, and gives the one that stays. */
  async keep(key: string, answer: Answer): Promise<Answer> {
    const path = this.pathOf(key);
    const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
    await mkdir(dirname(path), { recursive: true });
    try {
      const handle = await open(temporary, "wx");
      try {
        await handle.writeFile(`${JSON.stringify({ answer, sha256: sha256(canonicalJson(answer)) })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await link(temporary, path);
      return answer;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return (await this.get(key)) as Answer;
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
