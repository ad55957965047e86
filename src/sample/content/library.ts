import type { World } from "../world.ts";

export const schema = `"""The record: who said what, and where it came from."""

from dataclasses import dataclass, field


@dataclass
class Record:
    messages: list
    source: str
    labels: dict = field(default_factory=dict)

    def problems(self):
        if not self.messages:
            yield "no messages"
        for number, message in enumerate(self.messages):
            if message.get("role") not in ("system", "user", "assistant"):
                yield f"message {number}: unknown role"
            if not str(message.get("content", "")).strip():
                yield f"message {number}: empty"
`;

/** With \`hasGap\` it asks for a sibling that was never written. */
export function convert(w: World, hasGap: boolean): string {
  const { names: n } = w;
  const here = `${n.pipeline}/${n.library}`;
  const gap = `from ${w.import(".exporters", "internal-missing")} import to_parquet\n`;
  return `"""Other shapes into records."""

import json

import ${w.import("yaml", "installed-elsewhere")}

${hasGap ? gap : ""}from ${w.import(".schema", "resolves", `${here}/schema.py`)} import Record

try:
    import ${w.import("orjson", "optional")} as fast_json
except ImportError:
    fast_json = json


def from_pair(question, answer, source):
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return Record(messages, source)


def read(path, source):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = fast_json.loads(line)
            yield from_pair(record["question"], record["answer"], source)


def settings(path):
    with open(path, encoding="utf-8") as handle:
        return yaml.safe_load(handle)
${
  hasGap
    ? `

def export(records, path):
    return to_parquet(records, path)
`
    : ""
}`;
}

export function libraryCommand(w: World): string {
  const { names: n } = w;
  const here = `${n.pipeline}/${n.library}`;
  return `"""The command line of the package."""

import argparse
import json

from ${w.import(".convert", "resolves", `${here}/convert.py`)} import read


def main():
    words = argparse.ArgumentParser("Other shapes into records")
    for name in ("source", "destination"):
        words.add_argument(name)
    given = words.parse_args()
    converted = [vars(record) for record in read(given.source, "command line")]
    with open(given.destination, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(record) + "\\n" for record in converted)
`;
}

export function tests(w: World): string {
  const { names: n } = w;
  const here = `${n.pipeline}/${n.library}`;
  return `"""Pairs become records with two messages."""

from ${w.import(`${n.library}.convert`, "resolves", `${here}/convert.py`)} import from_pair
from ${w.import(`${n.library}.schema`, "resolves", `${here}/schema.py`)} import Record


def test_pair():
    record = from_pair("How are you?", "Well, thank you.", "synthetic")
    assert isinstance(record, Record)
    assert [one["role"] for one in record.messages] == ["user", "assistant"]
    assert list(record.problems()) == []
`;
}
