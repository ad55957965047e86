import { Template } from "@huggingface/jinja";
import { EngineError, type ChatMessage } from "./engine.ts";

/** A stretch of a prompt: the template's own text, where control tokens count, or what somebody wrote. */
export type PromptPart = { text: string; isTemplate: boolean };

const marked = /\uE000(\d+)\uE001/u;

/**
 * Renders the model's chat template with marks in place of what people wrote, then puts their text between the
 * template's parts: so a typed control word stays text when the parts are tokenised.
 */
export function renderPrompt(
  template: Template,
  messages: readonly ChatMessage[],
  special: { bos: string; eos: string },
): PromptPart[] {
  let rendered: string;
  try {
    rendered = template.render({
      messages: messages.map(({ role }, index) => ({ role, content: `\uE000${index}\uE001` })),
      add_generation_prompt: true,
      bos_token: special.bos,
      eos_token: special.eos,
      tools: null,
    });
  } catch (cause) {
    throw new EngineError("template_refused", "the model's chat template refuses these messages", { cause });
  }
  return rendered
    .split(marked)
    .map((text, at) =>
      at % 2 === 0
        ? { text, isTemplate: true }
        : { text: messages[Number(text)]?.content ?? "", isTemplate: false },
    )
    .filter(({ text }) => text !== "");
}

/** Reads a chat template. Throws whatever its parser says of a broken one. */
export function parseTemplate(text: string): Template {
  return new Template(text);
}
