"""Parses command lines by the real command line of lightning-sdk, without running them.

python lightning_parse.py < JSON list of argv; prints a JSON list of null (accepted) or what was wrong.
"""

import inspect
import json
import sys
from importlib.metadata import entry_points

import click


def parse(command: click.Command, words: list[str], name: str, parent: click.Context | None) -> None:
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name, parent=parent)
        own = command.get_command(context, words[0]) if words else None
        if own is not None:
            return parse(own, words[1:], words[0], context)
        # A group of logs hands what names no command of its own to this one.
        default = getattr(command, "_default_cmd", None)
        if default is None:
            raise click.UsageError(f"{name} has no command {words[:1]}")
        command.no_args_is_help = False
        given = command.make_context(name, list(words), parent=parent)
        return parse(default, [*getattr(given, "_protected_args", []), *given.args], name, parent)
    # Parses and checks the parameters; the command itself is not called.
    context = command.make_context(name, list(words), parent=parent)
    rest = [*getattr(context, "_protected_args", []), *context.args]
    if rest:
        raise click.UsageError(f"{name} does not take {rest}")
    return None


def outcome(root: click.Command, argv: list[str]) -> str | None:
    try:
        parse(root, argv[1:], argv[0], None)
    except click.ClickException as error:
        return error.format_message()
    except click.exceptions.Exit as error:
        return f"ended with {error.exit_code}"
    return None


def studio_has_what_the_script_uses() -> str | None:
    from lightning_sdk import Studio

    names = set(inspect.signature(Studio.__init__).parameters)
    missing = {"name", "teamspace", "create_ok"} - names
    settable = [name for name in ("auto_sleep", "auto_sleep_time") if getattr(Studio, name).fset is None]
    return None if not missing and not settable else f"{missing} {settable}"


if __name__ == "__main__":
    (script,) = [one for one in entry_points(group="console_scripts") if one.name == "lightning"]
    main = script.load()
    lines = json.load(sys.stdin)
    print(json.dumps([*(outcome(main, argv) for argv in lines), studio_has_what_the_script_uses()]))
