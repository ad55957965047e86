const parts = [
  `"""Dialogues as one string in ChatML."""

START = "<|im_start|>"
END = "<|im_end|>"


def render(messages):
    parts = []
    for message in messages:
        parts.append(f"{START}{message['role']}\\n{message['content']}{END}\\n")
    return "".join(parts)


def roles(messages):
    return [message["role"] for message in messages]
`,
  `

def merge_neighbours(messages):
    """Two turns of one speaker in a row become one."""
    merged = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1] = {**message, "content": merged[-1]["content"] + "\\n" + message["content"]}
        else:
            merged.append(dict(message))
    return merged
`,
  `

def with_system(messages, text):
    if messages and messages[0]["role"] == "system":
        return list(messages)
    return [{"role": "system", "content": text}, *messages]
`,
  `

def parse(text):
    """The inverse of render; anything between turns is refused."""
    messages = []
    for block in text.split(START)[1:]:
        head, _, rest = block.partition("\\n")
        content, end, tail = rest.partition(END)
        if not end or tail.strip():
            raise ValueError("text between turns")
        messages.append({"role": head, "content": content})
    return messages
`,
  `

def cut(messages, characters):
    """Drops the oldest turns until the rest fits."""
    kept = list(messages)
    while kept and sum(len(message["content"]) for message in kept) > characters:
        kept.pop(1 if kept[0]["role"] == "system" and len(kept) > 1 else 0)
    return kept
`,
];

/** A module that grew by a function with each version, 1 to 5. */
export function chatFormat(version: number): string {
  return parts.slice(0, version).join("");
}
