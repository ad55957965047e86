import type { Draft, Message } from "../schema.ts";
import { isRow, withoutKeys, type Row } from "./fields.ts";

type Utterance = { history: string[]; candidates: string[]; row: Row };

const isText = (list: unknown): list is string[] =>
  Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "string");

function utteranceOf(value: unknown): Utterance | undefined {
  if (!isRow(value)) return undefined;
  const { history, candidates } = value;
  return isText(history) && isText(candidates) ? { history, candidates, row: value } : undefined;
}

/**
 * PersonaChat: `utterances[].history` and `candidates`, of which the last is the true reply. The last turn of a history
 * is the other side's, the ones before alternate. An utterance whose turns a later history repeats gives no record.
 */
export function readPersonaChat(row: Row): Draft[] | undefined {
  const list = row["utterances"];
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const utterances = list.map(utteranceOf);
  if (utterances.some((one) => one === undefined)) return undefined;
  const all = utterances as Utterance[];
  const lines = all.map((one) => [...one.history, one.candidates.at(-1) as string]);
  const extra = withoutKeys(row, new Set(["utterances"]));
  return all.flatMap((one, index): Draft[] => {
    const own = lines[index] as string[];
    const isRepeated = all.some(
      (later, at) => at > index && own.every((line, turn) => later.history[turn] === line),
    );
    if (isRepeated) return [];
    const messages = own.map((content, turn): Message => ({
      role: (own.length - turn) % 2 === 1 ? "assistant" : "user",
      content,
    }));
    const rest = withoutKeys(one.row, new Set(["history", "candidates"]));
    return [
      {
        shape: "persona-chat",
        messages,
        extra: { ...extra, ...rest, candidates: one.candidates.slice(0, -1) },
      },
    ];
  });
}
