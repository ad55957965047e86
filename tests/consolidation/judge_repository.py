"""Judges a consolidation by a second method alone: `judge_repository.py REPOSITORY [BEFORE [AFTER]]`.

Reads both commits from git and what moved from the record that the home keeps, else from git's renames. No code of the
program and none of the repository is run. BEFORE: default the base that the record names; AFTER: default HEAD.
"""

import json
import os
import subprocess
import sys
import tempfile


def git(root, *words):
    return subprocess.run(["git", "-C", root, *words], check=True, capture_output=True).stdout


def record_of(root, after):
    """The newest record of a consolidation in the tree, or None."""
    names = git(root, "ls-tree", "-r", "-z", "--name-only", after).decode().split("\0")
    for name in names:
        if name.endswith(".training-ready/consolidation.json"):
            return json.loads(git(root, "show", f"{after}:{name}"))
    return None


def moves_of_record(record):
    moved = {one["from"]: one["to"] for one in record["moves"]}
    archived = {one["from"]: one["to"] for one in record["archived"]}
    deleted = {one["from"]: None for one in record["deleted"]}
    instead = {one["from"]: one.get("instead") for one in record["archived"]}
    instead |= {one["from"]: one["keptAt"] for one in record["deleted"]}

    def use(path):
        for _ in range(9):
            if not instead.get(path):
                break
            path = instead[path]
        return moved.get(path, archived.get(path, path))

    paths = [*moved, *archived, *deleted]
    return {"bytes": {**moved, **archived, **deleted}, "use": {path: use(path) for path in paths}, "frozen": [*archived]}


def moves_of_git(root, before, after):
    fields = git(root, "diff-tree", "-r", "-z", "-M50%", "-l0", "--name-status", "--no-commit-id", before, after)
    fields = fields.decode().split("\0")
    moved, gone, at = {}, {}, 0
    while at + 1 < len(fields):
        if fields[at].startswith(("R", "C")):
            if fields[at].startswith("R"):
                moved[fields[at + 1]] = fields[at + 2]
            at += 3
        else:
            if fields[at] == "D":
                gone[fields[at + 1]] = None
            at += 2
    return {"bytes": {**moved, **gone}, "use": dict(moved), "frozen": []}


def main(root, before=None, after="HEAD"):
    record = record_of(root, after)
    if before is None:
        if record is None:
            sys.exit("no record of a consolidation: name the commit before it")
        before = record["base"]
    base = git(root, "rev-parse", f"{before}^{{commit}}").decode().strip()
    has_record = record is not None and record["base"] == base
    moves = moves_of_record(record) if has_record else moves_of_git(root, base, after)
    with tempfile.TemporaryDirectory() as folder:
        trees = []
        for name, commit in (("before", base), ("after", after)):
            tree = os.path.join(folder, name)
            os.mkdir(tree)
            os.environ["GIT_INDEX_FILE"] = f"{tree}.index"
            git(root, "read-tree", commit)
            # Files whose objects this copy lacks are left out, of both trees alike.
            subprocess.run(["git", "-C", root, "checkout-index", "-aq", f"--prefix={tree}/"], check=False, capture_output=True)
            trees.append(tree)
        with open(os.path.join(folder, "moves.json"), "w", encoding="utf-8") as file:
            json.dump(moves, file)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "second_method.py")
        judged = subprocess.run([sys.executable, "-B", script, *trees, file.name], check=True, capture_output=True).stdout
    answer = json.loads(judged)
    print(json.dumps({"before": base, "moves": "record" if has_record else "git", **answer}, indent=1))
    sys.exit(1 if answer["failures"] else 0)


main(*sys.argv[1:])
