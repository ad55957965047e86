"""Run entry points up to their main guard and say what each import statement did.

python3 probe_imports.py < request.json

Asked by tests that check a sample's key. Modules in `stubs` stand for what is installed elsewhere; an import at a place
in `optional` is made to fail, so that the branch behind `except ImportError` runs; every other import that fails is
recorded and replaced, so that the next ones are reached too.
"""

import builtins
import importlib
import json
import os
import runpy
import sys
import types

real_import = builtins.__import__


class Anything(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Stand

    def __iter__(cls):
        return iter(())

    def __or__(cls, other):
        return cls

    def __ror__(cls, other):
        return cls


class Stand(metaclass=Anything):
    """Takes any call; as a decorator it gives back what it decorates."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def stand_in(name):
    module = types.ModuleType(name)
    module.__path__ = []
    module.__getattr__ = lambda attribute: Stand
    return module


def probe(root, entry, stubs, optional):
    rows = []

    def importer(name, globals=None, locals=None, fromlist=(), level=0):
        caller = (globals or {}).get("__file__") or ""
        path = os.path.relpath(os.path.realpath(caller), root) if caller else ""
        if path.startswith("..") or not path:
            return real_import(name, globals, locals, fromlist, level)
        line = sys._getframe(1).f_lineno
        written = "." * level + name
        at = {"path": path, "line": line, "module": written}
        if f"{path}:{line}" in optional:
            rows.append({**at, "class": "optional"})
            raise ImportError(written)
        if level == 0 and name.split(".")[0] in stubs:
            rows.append({**at, "class": "elsewhere"})
            return stand_in(name)
        try:
            module = real_import(name, globals, locals, fromlist, level)
        except ImportError as error:
            kind = "relative-without-parent" if "no known parent" in str(error) else "internal-missing"
            rows.append({**at, "class": kind})
            return stand_in(name)
        for wanted in fromlist or ():
            if wanted != "*" and not hasattr(module, wanted):
                rows.append({**at, "class": "name-missing"})
                return stand_in(name)
        leaf = module if fromlist else sys.modules.get(name, module)
        origin = getattr(leaf, "__file__", None)
        if origin and not os.path.relpath(os.path.realpath(origin), root).startswith(".."):
            rows.append({**at, "class": "resolves", "target": os.path.relpath(os.path.realpath(origin), root)})
        return module

    builtins.__import__ = importer
    try:
        if entry["mode"] == "script":
            sys.path.insert(0, os.path.dirname(os.path.realpath(entry["file"])))
            runpy.run_path(entry["file"], run_name="probe")
        else:
            sys.path.insert(0, entry["folder"])
            importlib.import_module(entry["module"])
    finally:
        builtins.__import__ = real_import
    return rows


def main():
    request = json.load(sys.stdin)
    standard = [path for path in sys.path if path and "site-packages" not in path]
    answers = []
    for entry in request["entries"]:
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(readable)
            os.chdir(entry["cwd"])
            sys.dont_write_bytecode = True
            here = os.path.dirname(os.path.realpath(__file__))
            sys.path[:] = [*entry["search"], *(path for path in standard if path != here), *request["installed"]]
            try:
                rows = probe(entry.get("root", request["root"]), entry, set(request["stubs"]), set(request["optional"]))
                answer = {"rows": rows}
            except BaseException as error:
                answer = {"rows": [], "error": f"{type(error).__name__}: {error}"}
            with os.fdopen(writable, "w") as out:
                json.dump(answer, out)
            os._exit(0)
        os.close(writable)
        with os.fdopen(readable) as result:
            answers.append(json.load(result))
        os.waitpid(child, 0)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
