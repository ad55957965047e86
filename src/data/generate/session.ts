import type { Message } from "../../records/index.ts";
import { sessionScene } from "./items.ts";
import type { Answer, ChatMessage, Checked, Expectation } from "./schema.ts";
import { checkTalk } from "./validate.ts";

export const sessionTemplate = "session@1";
const plain =
  "Answer with what is said next and nothing else, in English, in one to six sentences. Invent no names, places or phone numbers.";

/** What each side is told: neither sees the other's instructions. */
export function sessionPrompts(scene: { person: string; problem: string; tone: string }, exchanges: number) {
  return {
    client: `Play a client in a fictional therapy session: ${scene.person}, ${scene.tone}, with ${scene.problem}. The session has ${exchanges} exchanges; open up slowly. ${plain}`,
    therapist: `Play a therapist in a fictional session of ${exchanges} exchanges: listen, ask one question at a time, agree on one small step near the end. Neither diagnose nor prescribe nor claim to be human; ask about safety when there is a sign of danger. ${plain}`,
  };
}

/** The conversation as one side sees it: its own turns are the assistant's. */
export function viewOf(system: string, turns: readonly Message[], side: "user" | "assistant"): ChatMessage[] {
  const seen = turns.map(({ role, content }): ChatMessage => ({
    role: role === side ? "assistant" : "user",
    content,
  }));
  const opening: ChatMessage[] =
    side === "user" ? [{ role: "user", content: "The session begins. What brings you here today?" }] : [];
  return [{ role: "system", content: system }, ...opening, ...seen];
}

const turnOf = (answer: Answer): string => answer.text.trim().replace(/^(?:client|therapist)\s*:\s*/i, "");

/** Plays a session turn by turn; `ask` gives each answer, from the store or the service. */
export async function playSession(
  place: { seed: string; task: string; index: number; exchanges: number },
  ask: (messages: ChatMessage[]) => Promise<Answer>,
): Promise<{ checked: Checked; scene: ReturnType<typeof sessionScene>; prompts: ChatMessage[] }> {
  const { exchanges } = place;
  const scene = sessionScene(place.seed, place.task, place.index);
  const said = sessionPrompts(scene, exchanges);
  const prompts: ChatMessage[] = [
    { role: "system", content: said.client },
    { role: "system", content: said.therapist },
  ];
  const expected: Expectation = {
    turns: { least: exchanges * 2, most: exchanges * 2 },
    words: { least: 1, most: 250 },
    isCrisis: false,
  };
  const turns: Message[] = [];
  for (let turn = 0; turn < exchanges * 2; turn++) {
    const side = turn % 2 === 0 ? "user" : "assistant";
    const answer = await ask(viewOf(side === "user" ? said.client : said.therapist, turns, side));
    const content = turnOf(answer);
    if (content === "") return { checked: { ok: false, code: "answer.empty" }, scene, prompts };
    if (answer.finish === "length") return { checked: { ok: false, code: "answer.cut" }, scene, prompts };
    turns.push({ role: side, content });
  }
  return { checked: checkTalk(turns, expected, prompts), scene, prompts };
}
