import type { World } from "../world.ts";

/** The inference service: both packages' copies start from version 1 and go their own ways. */
export function inferenceService(w: World, side: "first" | "therapeutic" | "lightning"): string {
  const { names: n } = w;
  const optimizer =
    side === "lightning"
      ? w.import("inference_optimizer", "internal-missing")
      : w.import(
          "inference_optimizer",
          "resolves",
          `${n.therapeutic}/training_scripts/inference_optimizer.py`,
        );
  return `"""Answer over HTTP with the trained model."""

import time

from ${w.import("fastapi", "installed-elsewhere")} import FastAPI, HTTPException
from ${w.import("pydantic", "installed-elsewhere")} import BaseModel, Field

from ${optimizer} import ResponseCache, trim_history

app = FastAPI(title="Companion inference")
cache = ResponseCache(entries=1000, seconds=3600)
latencies = []


class Message(BaseModel):
    role: str
    content: str


class Question(BaseModel):
    user_input: str = Field(min_length=1)
    conversation_history: list[Message] = []
    client_id: str | None = None
    max_new_tokens: int = 256
    temperature: float = Field(0.7, ge=0.0, le=2.0)


def generate(prompt, max_new_tokens, temperature):
    """Stands for the engine until one is attached."""
    if app.state.engine is None:
        raise HTTPException(503, "no engine is attached")
    return app.state.engine(prompt, max_new_tokens=max_new_tokens, temperature=temperature)

${
  side === "therapeutic"
    ? `
def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@app.get("/metrics")
def metrics():
    return {
        "p50": percentile(latencies, 0.5),
        "p95": percentile(latencies, 0.95),
        "hit_rate": cache.hit_rate(),
    }


@app.post("/cache/clear")
def clear_cache():
    cache.clear()
    return {"status": "cleared"}

`
    : ""
}${
    side === "lightning"
      ? `
def clip_answer(text, sentences=6):
    """Studio demos want short answers."""
    parts = text.split(". ")
    return ". ".join(parts[:sentences])


def refuse_too_long(text, characters=4000):
    if len(text) > characters:
        raise HTTPException(413, f"at most {characters} characters")

`
      : ""
  }
@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/api/v1/inference")
def answer(question: Question):
    started = time.monotonic()
${side === "lightning" ? "    refuse_too_long(question.user_input)\n" : ""}    key = (question.client_id, question.user_input)
    known = cache.get(key)
    if known is not None:
        return {"response": known, "cache_hit": True, "latency": time.monotonic() - started}
    history = trim_history([one.content for one in question.conversation_history], tokens=1500)
    prompt = "\\n".join([*history, question.user_input])
    response = generate(prompt, question.max_new_tokens, question.temperature)
${side === "lightning" ? "    response = clip_answer(response)\n" : ""}    cache.put(key, response)
    elapsed = time.monotonic() - started
    latencies.append(elapsed)
    return {"response": response, "cache_hit": False, "latency": elapsed}


if __name__ == "__main__":
    import ${w.import("uvicorn", "installed-elsewhere", undefined, { accept: ["optional"] })}

    uvicorn.run(app, port=${side === "lightning" ? 8001 : 8000})
`;
}

export const inferenceOptimizer = `"""A response cache and a trimmer for long histories."""

import time
from collections import OrderedDict


class ResponseCache:
    def __init__(self, entries, seconds):
        self.entries = entries
        self.seconds = seconds
        self.hits = 0
        self.asked = 0
        self.values = OrderedDict()

    def get(self, key):
        self.asked += 1
        found = self.values.get(key)
        if found is None or time.monotonic() - found[0] > self.seconds:
            return None
        self.hits += 1
        self.values.move_to_end(key)
        return found[1]

    def put(self, key, value):
        self.values[key] = (time.monotonic(), value)
        while len(self.values) > self.entries:
            self.values.popitem(last=False)

    def clear(self):
        self.values.clear()

    def hit_rate(self):
        return self.hits / self.asked if self.asked else 0.0


def trim_history(messages, tokens):
    """The newest messages that fit; four characters count as one token."""
    kept = []
    left = tokens
    for message in reversed(messages):
        left -= len(message) // 4 + 1
        if left < 0:
            break
        kept.append(message)
    return list(reversed(kept))
`;

/** The HTTP face of the tracker; \`version\` 2 has the trend route. */
export function progressApi(w: World, version: 1 | 2): string {
  const tracker = `${w.names.therapeutic}/training_scripts/therapeutic_progress_tracker.py`;
  return `"""Record sessions and report how a client is doing."""

from datetime import datetime

from ${w.import("fastapi", "installed-elsewhere")} import FastAPI
from ${w.import("pydantic", "installed-elsewhere")} import BaseModel

from ${w.import("therapeutic_progress_tracker", "resolves", tracker)} import ProgressTracker, Session

app = FastAPI(title="Companion progress")
tracker = ProgressTracker()


class SessionBody(BaseModel):
    client_id: str
    emotional_state: int
    notes: str = ""


@app.post("/api/v1/sessions")
def add_session(body: SessionBody):
    session = Session(body.client_id, datetime.now(), body.emotional_state, body.notes)
    return {"status": "ok", "session_id": tracker.add(session)}


@app.get("/api/v1/progress/{client_id}")
def progress(client_id: str):
    sessions = tracker.sessions_of(client_id)
    return {"client_id": client_id, "sessions_count": len(sessions)}
${
  version === 2
    ? `

@app.get("/api/v1/trends/{client_id}")
def trends(client_id: str):
    return {"client_id": client_id, "trend_direction": tracker.direction(client_id)}
`
    : ""
}`;
}

/** The tracker; the grown one has milestones and an export that the other lacks. */
export function progressTracker(isGrown: boolean): string {
  return `"""Sessions of a client, oldest first, and where they lead."""

from collections import defaultdict
from dataclasses import dataclass${isGrown ? ", asdict" : ""}
from datetime import datetime
${isGrown ? "import json\n" : ""}

@dataclass
class Session:
    client_id: str
    timestamp: datetime
    emotional_state: int
    notes: str = ""

${
  isGrown
    ? `
@dataclass
class Milestone:
    goal_id: str
    description: str
    achieved: datetime
    significance: str = "minor"

`
    : ""
}
class ProgressTracker:
    def __init__(self):
        self.sessions = defaultdict(list)
${isGrown ? "        self.milestones = defaultdict(list)\n" : ""}
    def add(self, session):
        known = self.sessions[session.client_id]
        known.append(session)
        known.sort(key=lambda one: one.timestamp)
        return f"{session.client_id}-{len(known)}"

    def sessions_of(self, client_id):
        return list(self.sessions[client_id])

    def direction(self, client_id):
        """Compares the mean of the newer half with that of the older one."""
        states = [one.emotional_state for one in self.sessions[client_id]]
        if len(states) < 4:
            return "stable"
        half = len(states) // 2
        older = sum(states[:half]) / half
        newer = sum(states[half:]) / (len(states) - half)
        if newer - older > 0.25:
            return "improving"
        return "declining" if older - newer > 0.25 else "stable"
${
  isGrown
    ? `
    def reach(self, client_id, milestone):
        self.milestones[client_id].append(milestone)

    def milestones_of(self, client_id, significance=None):
        reached = self.milestones[client_id]
        if significance is None:
            return list(reached)
        return [one for one in reached if one.significance == significance]

    def export(self, client_id):
        record = {
            "client_id": client_id,
            "sessions": [asdict(one) for one in self.sessions[client_id]],
            "milestones": [asdict(one) for one in self.milestones[client_id]],
        }
        return json.dumps(record, default=str, indent=2)
`
    : ""
}`;
}
