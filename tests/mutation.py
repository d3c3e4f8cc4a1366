"""A small mutation tester: changes one thing in a module at a time and sees whether a test fails.

`python -m tests.mutation portal/sealing.py tests/portal/test_sealing.py` prints what survives.
Each mutant runs in a fork of this process, which has Django and pytest ready. With MUTATION_SECONDS
set it stops after so long; it begins at a mutant drawn by lot, so that runs together try them all.
"""

from __future__ import annotations

import ast
import copy
import importlib
import math
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300  # for one mutant; one that hangs has been noticed
FLIPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv,
    ast.BitXor: ast.BitOr, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`name` says where and what, and stays the same when lines move."""

    name: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for at, (place, node) in enumerate(_walk(tree, "")):
        for told, change in _changes(node):
            changed = copy.deepcopy(tree)
            target = list(_walk(changed, ""))[at][1]
            change(target)
            name = f"{place}: {ast.unparse(node).splitlines()[0][:70]} -> {told}"
            seen[name] = seen.get(name, 0) + 1
            number = f" ({seen[name]})" if seen[name] > 1 else ""
            yield Mutant(name + number, ast.unparse(ast.fix_missing_locations(changed)))


def _walk(node: ast.AST, place: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node that runs, with the function it stands in; annotations and docstrings do not."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        place = f"{place}.{node.name}".lstrip(".")
    yield place, node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _silent(child):
                yield from _walk(child, place)


def _silent(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """What may be done to one node: a word for it, and the function that does it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in FLIPS:
        flip = FLIPS[type(node.ops[0])]
        yield flip.__name__, lambda n: n.ops.__setitem__(0, flip())
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in FLIPS:
        other = FLIPS[type(node.op)]
        yield other.__name__, lambda n: setattr(n, "op", other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", lambda n: _become(n, ast.Call(ast.Name("bool"), [n.operand], []))
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (1, -1):
            yield f"{step:+}", lambda n, step=step: setattr(n, "value", n.value + step)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "flipped", lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        yield "other bytes", lambda n: setattr(n, "value", n.value + b"?")
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return None", lambda n: setattr(n, "value", ast.Constant(None))
    if isinstance(node, ast.If):
        yield "never", lambda n: setattr(n, "test", ast.Constant(False))
        yield "always", lambda n: setattr(n, "test", ast.Constant(True))
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Raise | ast.Expr):
        yield "removed", lambda n: _become(n, ast.Pass())


def _become(node: ast.AST, other: ast.AST) -> None:
    node.__class__ = other.__class__
    node.__dict__ = {**other.__dict__, "lineno": 1, "col_offset": 0}


def survives(module: str, mutant: Mutant, tests: list[str], *, reuse: bool = False) -> bool:
    """Whether all these tests pass with the mutant in place of the module."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        with Path(os.devnull).open("w") as away:
            os.dup2(away.fileno(), 1)
            os.dup2(away.fileno(), 2)
        try:
            loaded = sys.modules[module]
            for name in [name for name in loaded.__dict__ if not name.startswith("__")]:
                del loaded.__dict__[name]
            code = compile(mutant.source, loaded.__file__ or module, "exec")
            exec(code, loaded.__dict__)  # noqa: S102 - the mutant itself
        except BaseException:
            os._exit(1)
        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
        os._exit(int(pytest.main(words + (["--reuse-db"] if reuse else []))))
    _pid, status = os.waitpid(child, 0)
    return status == 0


def _warm(tests: list[str]) -> None:
    """Import what every child would import again; the tests themselves each child reads anew."""
    pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *tests])
    for name in [name for name in sys.modules if name.startswith("tests.") and name != __name__]:
        if name != "tests.settings":
            del sys.modules[name]


@dataclass(frozen=True)
class Tried:
    """Names of the mutants that no test notices, and how many of how many were tried."""

    alive: list[str]
    number: int
    of: int


def trial(
    path: str, tests: list[str], *, at_once: int = 2, reuse: bool = False, seconds: float = math.inf
) -> Tried:
    """Every mutant, or as many as there is time for; one that was begun is gone through with."""
    module = path.removesuffix(".py").replace("/", ".")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    importlib.import_module(module)
    _warm(tests)
    found = list(mutants((ROOT / path).read_text()))
    if not survives(module, Mutant("none", (ROOT / path).read_text()), tests, reuse=reuse):
        raise AssertionError("the tests fail without any mutant")
    start = secrets.randbelow(len(found)) if seconds < math.inf else 0
    until = time.monotonic() + seconds

    def lives(one: Mutant) -> bool | None:
        if time.monotonic() > until:
            return None
        return survives(module, one, tests, reuse=reuse)

    with ThreadPoolExecutor(at_once) as pool:
        order = found[start:] + found[:start]
        known = list(pool.map(lives, order))
    living = [one.name for one, one_lives in zip(order, known, strict=True) if one_lives]
    return Tried(living, len(known) - known.count(None), len(found))


def main(path: str, tests: list[str]) -> None:
    seconds = float(os.environ.get("MUTATION_SECONDS") or math.inf)
    tried = trial(path, tests, seconds=seconds)
    print(*tried.alive, f"{tried.number} of {tried.of} tried", sep="\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
