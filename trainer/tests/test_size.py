"""The training loop stays lean: at most 1,500 lines of code in what `train` runs, the reading of bases left out."""

import ast
import io
import tokenize
from pathlib import Path

FOLDER = Path(__file__).parents[1]
# Reading the job, a base and its tokenizer, preparing, measuring, exporting: beside the loop.
BESIDE = {
    "__main__",
    "job",
    "final",
    "base",
    "start",
    "tiny_base",
    "tokens",
    "prepare",
    "calibrate",
    "export",
    "export_loss",
    "merge",
    "score",
    "reply",
    "energy",
    "memory",
    "mfu",
    "compiled",
}
QUIET = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(path: Path) -> int:
    """Lines that hold code: no blank line, comment or docstring."""
    text = path.read_text("utf-8")
    quiet: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            first = node.body[0]
            quiet |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in QUIET:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - quiet)


def test_the_loop_has_at_most_1500_lines() -> None:
    counts = {path.stem: code_lines(path) for path in FOLDER.glob("*.py") if path.stem not in BESIDE}
    print(sum(counts.values()), counts)
    assert {"train", "step", "model", "experts", "checkpoint"} <= set(counts)
    assert sum(counts.values()) <= 1500, counts
