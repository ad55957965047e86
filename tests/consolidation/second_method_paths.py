"""Where Markdown links, COPY sources and path strings lead, by os.path alone."""

import ast
import os
import re
from urllib.parse import unquote

from second_method_python import Unknown, inside, value_of

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
COPY = re.compile(r"^\s*(?:COPY|ADD)\s+(?!--from)((?:--\S+\s+)*)(.+)$", re.MULTILINE | re.IGNORECASE)


def text_of(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def target(root, base, name):
    """The path below the root that a name means from a folder; None where nothing is there."""
    place = os.path.normpath(os.path.join(base, name))
    return os.path.relpath(place, root) if inside(root, place) and os.path.exists(place) else None


def links(root, path):
    """Targets of the links that lead somewhere, in order."""
    fenced = False
    for line in text_of(root, path).split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        for match in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            name = unquote(match.group(1).split("#")[0])
            if name and not re.match(r"[a-z]+:|/", name):
                found = target(root, os.path.join(root, os.path.dirname(path)), name)
                if found is not None:
                    yield found


def copy_sources(root, path):
    """{context: sources found} for the folders above the Dockerfile from which most of its COPY sources are there."""
    names = []
    for match in COPY.finditer(text_of(root, path).replace("\\\n", " ")):
        words = match.group(2).split()
        if match.group(2).lstrip().startswith("["):
            words = re.findall(r'"([^"]+)"', match.group(2))
        names += [word for word in words[:-1] if not re.search(r"[*?$]", word)]
    contexts = {}
    folder = path
    while folder:
        folder = os.path.dirname(folder)
        found = [target(root, os.path.join(root, folder), name.lstrip("/")) for name in names]
        contexts[folder] = [one for one in found if one is not None]
    most = max(len(found) for found in contexts.values())
    return {folder: found for folder, found in contexts.items() if found and len(found) == most}


def path_strings(root, path, directories):
    """Targets that string literals of a Python file name from its own folder (`__file__`) or a directory that it is run in."""
    try:
        tree = ast.parse(text_of(root, path))
    except (SyntaxError, ValueError):
        return set()
    found = set()
    script = os.path.join(root, path)
    names = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            try:
                names[node.targets[0].id] = value_of(node.value, script, names)
            except (Unknown, IndexError, TypeError):
                pass
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0] if node.args else None
            if called in ("open", "Path", "read_csv", "load") and isinstance(first, ast.Constant) and isinstance(first.value, str) and "/" in first.value:
                for base in directories:
                    one = target(root, base, first.value)
                    if one is not None and os.path.isfile(os.path.join(root, one)):
                        found.add(one)
        if isinstance(node, (ast.BinOp, ast.Call, ast.Attribute, ast.Subscript)):
            try:
                value = str(value_of(node, script, names))
            except (Unknown, IndexError, TypeError):
                continue
            if value.startswith(root + os.sep) and os.path.isfile(value) and value != script:
                found.add(os.path.relpath(os.path.normpath(value), root))
    return found
