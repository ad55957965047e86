"""Compares two trees by a second method: `second_method.py BEFORE AFTER MOVES.json` prints {checked, failures}.

MOVES.json: {"bytes": {old: new|null}, "use": {old: new}, "frozen": [old]}; what it does not name stays where it is.
"""

import json
import os
import sys

from second_method_paths import copy_sources, links, path_strings
from second_method_python import closure, commands


def files_of(root):
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name != ".git"]
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                yield os.path.relpath(path, root)


def main(before, after, moves_file):
    before, after = os.path.realpath(before), os.path.realpath(after)
    with open(moves_file, encoding="utf-8") as file:
        moves = json.load(file)
    frozen = set(moves["frozen"])
    failures = []
    checked = {"commands": 0, "entries": 0, "imports": 0, "links": 0, "sources": 0, "strings": 0}

    def bytes_to(path):
        return moves["bytes"].get(path, path)

    def use(path):
        return moves["use"].get(path, path)

    def compare(what, path, wanted, got):
        got = list(got)
        for one in wanted:
            checked[what] += 1
            if os.path.isdir(os.path.join(before, one)):
                continue
            if use(one) in got:
                got.remove(use(one))
            else:
                failures.append(f"{what}: {path} -> {one}: not found at {use(one)}")

    documents = [path for path in sorted(files_of(before)) if bytes_to(path) is not None and path not in frozen]
    runs = {}
    for path in documents:
        if not path.endswith((".md", ".sh", ".yml", ".yaml", ".rst", "Makefile")):
            continue
        old, new = list(commands(before, path)), list(commands(after, bytes_to(path)))
        for index, command in enumerate(old):
            if command is None:
                continue
            checked["commands"] += 1
            now = new[index] if len(new) == len(old) else next((one for one in new if one and one[0] == use(command[0])), None)
            if now is None or now[0] != use(command[0]):
                failures.append(f"command: {path}: {command[0]} -> {now and now[0]}, wanted {use(command[0])}")
                place = use(command[0])
                now = (place, after, [os.path.dirname(os.path.join(after, place))])
            if command[0] not in frozen:
                runs.setdefault(command[0], []).append((command, now))

    directories = {}
    for script, pairs in sorted(runs.items()):
        for old, new in pairs:
            directories.setdefault(script, []).append((old[1], new[1]))
            wanted = closure(before, script, old[2])
            got = set(closure(after, new[0], new[2]))
            checked["entries"] += 1
            for (importer, found), module in sorted(wanted.items()):
                checked["imports"] += 1
                if (use(importer), use(found)) not in got:
                    failures.append(f"import: {script} by {old[1]}: {importer}: {module} -> {found}: not found at {use(found)}")

    for path in documents:
        to = bytes_to(path)
        if path.endswith(".md"):
            compare("links", path, links(before, path), links(after, to))
        elif os.path.basename(path).startswith("Dockerfile"):
            contexts = copy_sources(after, to)
            for context, sources in copy_sources(before, path).items():
                checked["sources"] += len(sources)
                wanted = [use(one) for one in sources if os.path.isfile(os.path.join(before, one))]
                if not any(all(one in given for one in wanted) for given in contexts.values()):
                    failures.append(f"sources: {path} in {context or '.'}: {wanted}: not from any folder above {to}")
        elif path.endswith(".py"):
            pairs = directories.get(path, [])
            compare("strings", path, sorted(path_strings(before, path, [one[0] for one in pairs])), path_strings(after, to, [one[1] for one in pairs]))
    json.dump({"checked": checked, "failures": sorted(set(failures))}, sys.stdout, indent=1)


main(*sys.argv[1:])
