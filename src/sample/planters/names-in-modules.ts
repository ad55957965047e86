import type { World } from "../world.ts";

/** A package whose names come by every road, a script that takes them, and one name that nobody gives. */
export function plantNamesInModules(w: World): void {
  const { names: n } = w;
  const random = w.random.fork("module names");
  const name = random.pick(["toolbox", "turnkit", "dialogkit"]);
  const home = `${n.pipelines}/${name}`;
  const inside = (file: string): string => `${home}/${file}.py`;
  const hasGap = random.chance(0.6);
  const gone = random.pick(["tidy", "shorten", "mask"]);
  w.file(
    inside("__init__"),
    `"""Small tools for turns; names are gathered here."""

from ${w.import(".clock", "resolves", inside("clock"))} import *
from ${w.import(".text", "resolves", inside("text"))} import clean as clean_text, clean

__all__ = ["clean", "clean_text", "seconds", "VERSION"]


def __getattr__(name):
    if name == "VERSION":
        return "0.2"
    raise AttributeError(name)
`,
    { stage: "pipelines" },
  );
  w.file(
    inside("clock"),
    `"""Durations."""

try:
    from time import monotonic as now
except ImportError:
    now = None

__all__ = ["seconds"]


def seconds(minutes):
    return 60 * minutes


def _private():
    return now
`,
    { stage: "pipelines" },
  );
  w.file(
    inside("text"),
    `"""Text of turns."""

import sys

if sys.version_info >= (3, 11):
    SEPARATOR = "\\n"
else:
    SEPARATOR = "\\r\\n"

first, second = "a", "b"


class Turn:
    def __init__(self, content):
        self.content = content


def clean(content):
    return SEPARATOR.join(line.strip() for line in content.splitlines() if line.strip())
`,
    { stage: "pipelines" },
  );
  const script = `${n.pipelines}/use_${name}.py`;
  const take = hasGap
    ? `from ${w.import(`${name}.text`, "name-missing", inside("text"))} import SEPARATOR, ${gone}`
    : `from ${w.import(`${name}.text`, "resolves", inside("text"))} import SEPARATOR, Turn as ${gone}`;
  w.file(
    script,
    `"""Clean the turns that come in."""

import sys

from ${w.import(name, "resolves", inside("__init__"))} import VERSION, clean, clean_text, seconds
from ${w.import(`${name}.text`, "resolves", inside("text"))} import Turn, first, second
${take}

if __name__ == "__main__":
    for line in sys.stdin:
        turn = Turn(clean(line))
        print(${gone}(turn.content), clean_text(line), SEPARATOR, first, second)
    print(VERSION, seconds(2))
`,
    { stage: "pipelines" },
  );
  w.entry(script, { cwd: n.pipelines, ...(hasGap ? { nameless: [`${name}.text`] } : {}) });
}
