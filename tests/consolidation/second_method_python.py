"""What Python's own path finder finds for every documented `python FILE`, without running any of the code."""

import ast
import os
import re
import sys
from importlib.machinery import PathFinder
from pathlib import PurePosixPath

COMMAND = re.compile(
    r"(?:^|[\s`&;(\"'])(?P<env>PYTHONPATH=(?P<path>\S+)\s+)?python3?\s+(?:-u\s+)?(?:-m\s+(?P<module>[\w.]+)|(?P<file>[\w./-]+\.py))"
)
CHANGE = re.compile(r"(?:^|[\s&;`])cd\s+([\w./-]+)")


def inside(root, path):
    path = os.path.normpath(path)
    return path == root or path.startswith(root + os.sep)


def commands(root, path):
    """(script, working directory, PYTHONPATH) of each documented command, in order; None where no file fits."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    here = os.path.dirname(os.path.join(root, path))
    cwd = None
    for line in lines:
        if line.lstrip().startswith("```"):
            cwd = None
        events = [(m.start(), "cd", m) for m in CHANGE.finditer(line)]
        events += [(m.start(), "run", m) for m in COMMAND.finditer(line)]
        for _, kind, match in sorted(events, key=lambda event: event[0]):
            bases = [cwd] if cwd else [root, here]
            if kind == "cd":
                places = [os.path.normpath(os.path.join(base, match.group(1))) for base in bases]
                cwd = next((place for place in places if os.path.isdir(place) and inside(root, place)), cwd)
                continue
            name = match.group("file") or match.group("module").replace(".", "/") + ".py"
            found = None
            for base in [*bases, here, os.path.dirname(here)]:
                place = os.path.normpath(os.path.join(base, name))
                if os.path.isfile(place) and inside(root, place):
                    extra = [os.path.normpath(os.path.join(base, one)) for one in (match.group("path") or "").split(":") if one]
                    first = base if match.group("module") else os.path.dirname(place)
                    found = (os.path.relpath(place, root), base, [first, *extra])
                    break
            yield found


class Unknown(Exception):
    pass


def value_of(node, script, names):
    """A path expression made of `__file__`, os.path and pathlib alone; raises Unknown for all else."""

    def of(one):
        return value_of(one, script, names)

    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id="__file__"):
            return script
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Attribute(value=inner, attr="parent"):
            return PurePosixPath(of(inner)).parent
        case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int() as index)):
            return PurePosixPath(of(inner)).parents[index]
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            first = of(left)
            if not isinstance(first, PurePosixPath):
                raise Unknown
            return first / of(right)
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            return str(of(inner))
        case ast.Call(func=ast.Name(id="Path"), args=args) if args:
            return PurePosixPath(*(of(one) for one in args))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="pathlib"), attr="Path"), args=args) if args:
            return PurePosixPath(*(of(one) for one in args))
        case ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute" | "expanduser"), args=[]):
            return PurePosixPath(os.path.normpath(of(inner)))
        case ast.Call(func=ast.Attribute(value=inner, attr="joinpath"), args=args):
            return PurePosixPath(of(inner), *(of(one) for one in args))
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="os"), attr="path"), attr=name), args=args):
            given = [str(of(one)) for one in args]
            if name == "join":
                return os.path.join(*given)
            if name == "dirname":
                return os.path.dirname(given[0])
            if name in ("abspath", "realpath", "normpath"):
                return os.path.normpath(given[0])
    raise Unknown


def top_level(tree, script):
    """Plain top-level imports, each with the search path edits made before it."""
    names, edits = {}, []
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=given):
                try:
                    names[name] = value_of(given, script, names)
                except (Unknown, IndexError, TypeError):
                    names.pop(name, None)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="sys"), attr="path"), attr=how), args=args)):
                try:
                    folder = os.path.normpath(str(value_of(args[-1], script, names)))
                    edits.append((how, folder))
                except (Unknown, IndexError, TypeError):
                    pass
            case ast.Import() | ast.ImportFrom():
                yield node, list(edits)


def find(name, path):
    """The file of a dotted module, or its folders for a package without `__init__.py`; (None, None) if nothing is found."""
    folders, spec = path, None
    for part in name.split("."):
        # The last part alone: with the whole name the finder would ask for parents in sys.modules.
        spec = PathFinder.find_spec(part, folders)
        if spec is None:
            return None, None
        folders = list(spec.submodule_search_locations or [])
    return (spec.origin if spec.has_location else None), folders


def defines(file, name):
    """True if a module's own statements bind a name, as far as its text tells."""
    try:
        with open(file, "rb") as handle:
            tree = ast.parse(handle.read())
    except (SyntaxError, ValueError, OSError):
        return False
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=one) | ast.AsyncFunctionDef(name=one) | ast.ClassDef(name=one) | ast.Name(id=one, ctx=ast.Store()):
                if one == name:
                    return True
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                if any(alias.name == "*" or (alias.asname or alias.name.split(".")[0]) == name for alias in aliases):
                    return True
    return False


def closure(root, script, search):
    """{(file, module as written, number)} -> file found inside the repository, over all files that load this way."""
    found, waiting, seen = {}, [(os.path.join(root, script), "__main__", "")], set()
    path = list(search)
    while waiting:
        file, name, package = waiting.pop(0)
        if file in seen:
            continue
        seen.add(file)
        try:
            with open(file, "rb") as handle:
                tree = ast.parse(handle.read())
        except (SyntaxError, ValueError, OSError):
            continue
        for node, edits in top_level(tree, file):
            for how, folder in edits:
                if folder not in path:
                    path.insert(0 if how == "insert" else len(path), folder)
            if isinstance(node, ast.Import):
                wanted = [alias.name for alias in node.names]
            else:
                base = node.module or ""
                if node.level:
                    parent = package.split(".") if package else []
                    if len(parent) < node.level:
                        continue
                    head = ".".join(parent[: len(parent) - node.level + 1])
                    base = f"{head}.{base}".rstrip(".") if base else head
                wanted = [base]
                owner, folders = find(base, path)
                for alias in node.names:
                    member = f"{base}.{alias.name}"
                    if alias.name != "*" and folders and find(member, path)[0] is not None:
                        wanted.append(member)
                    elif alias.name != "*" and not (owner and defines(owner, alias.name)):
                        wanted.remove(base)  # It fails: the name is in no file.
                        break
            for module in wanted:
                if module.split(".")[0] in sys.stdlib_module_names:
                    continue
                origin, folders = find(module, path)
                if origin is None or not inside(root, origin):
                    continue
                found[(os.path.relpath(file, root), os.path.relpath(origin, root))] = module
                owner = module if folders else module.rpartition(".")[0]
                waiting.append((origin, module, owner))
    return found
