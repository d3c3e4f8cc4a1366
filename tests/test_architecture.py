"""The dependency rule of the house, read from the source: who may import whom."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from django.conf import settings

# App → the apps it may import besides itself.
APPS = {
    "portal": set(),
    "mou": {"portal"},
    "partners": {"portal"},
    "reporting": {"portal", "partners"},
}
# The kernel's wiring may name every app.
WIRING = {"portal.settings", "portal.urls", "portal.celery", "portal.home"}
# Inside an app a module imports its own layer and those below it. What is not named here (keys,
# consent …) belongs to no layer; the rule against circles still holds for it.
LAYERS = [
    {"lifecycle", "statuses"},
    {"models"},
    {"permissions"},
    {"documents", "notifications", "signing", "retention"},
    {"actions"},
    {"forms", "views", "urls", "admin", "admin_views", "tasks", "management"},
]
FORBIDDEN = {"utils", "common", "core", "helpers", "services", "managers"}


@dataclass(frozen=True)
class Import:
    """One module imports another, on this line."""

    source: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


@cache
def modules() -> dict[str, Path]:
    """Every module of the apps by its dotted name; migrations are history and left out."""
    found = {}
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text())


@cache
def imports() -> list[Import]:
    """Every import of one of our modules by another."""
    return [
        Import(name, target, node.lineno)
        for name in modules()
        for node in ast.walk(tree(name))
        for target in targets(node, name)
    ]


def targets(node: ast.AST, name: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        wanted = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{name}:{node.lineno} imports relatively; name the module in full"
        wanted = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return
    for dotted in wanted:
        # `from portal.models import User` names an object: the module is what is left of it.
        while dotted and dotted not in modules():
            dotted = dotted.rpartition(".")[0]
        if dotted and dotted != name:
            yield dotted


def app_of(name: str) -> str:
    return name.split(".")[0]


def layer_of(name: str) -> int | None:
    parts = name.split(".")
    found = [n for n, layer in enumerate(LAYERS) if len(parts) > 1 and parts[1] in layer]
    return found[0] if found else None


def test_apps_exist():
    assert {"portal", "mou"} <= {app_of(name) for name in modules()}
    assert len(imports()) > 100


def test_apps_import_only_what_the_plan_allows():
    assert [
        str(found)
        for found in imports()
        if app_of(found.target) not in APPS[app_of(found.source)] | {app_of(found.source)}
        and found.source not in WIRING
    ] == []


def test_wiring_is_imported_by_wiring_only():
    # Celery's app is what the outbox speaks to; settings are read through django.conf.
    allowed = {"portal.celery"}
    assert [
        str(found)
        for found in imports()
        if found.target in WIRING - allowed and found.source not in WIRING
    ] == []


def test_layers_import_only_downwards():
    assert [
        str(found)
        for found in imports()
        if app_of(found.source) == app_of(found.target)
        and (here := layer_of(found.source)) is not None
        and (there := layer_of(found.target)) is not None
        and there > here
    ] == []


def test_edges_are_imported_by_edges_and_wiring_only():
    edges = LAYERS[-1]
    assert [
        str(found)
        for found in imports()
        if found.target.split(".")[1:2]
        and found.target.split(".")[1] in edges - {"forms"}
        and layer_of(found.source) in range(len(LAYERS) - 1)
        and found.source not in WIRING
    ] == []


def test_imports_form_no_circle():
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for found in imports():
        graph[found.source].add(found.target)
    # Raises CycleError, which names the circle.
    TopologicalSorter(graph).prepare()


def test_imports_stand_at_the_top():
    nested = [
        f"{name}:{node.lineno}"
        for name in modules()
        for function in ast.walk(tree(name))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert nested == []


def test_modules_are_named_by_what_they_own():
    assert [name for name in modules() if FORBIDDEN & set(name.split("."))] == []


def test_modules_say_what_they_own():
    silent = [
        name
        for name, path in modules().items()
        if path.name != "__init__.py" and not ast.get_docstring(tree(name))
    ]
    assert silent == []


def test_apps_use_no_signals_between_them():
    """What happens next stands in the action, not in a receiver somewhere else."""
    signals = {"django.dispatch", "django.db.models.signals"}
    found = [
        f"{name}:{node.lineno}"
        for name in modules()
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom) and node.module in signals
    ]
    assert found == []


def test_states_are_set_by_actions_only():
    found = [
        f"{name}:{target.lineno}"
        for name in modules()
        if layer_of(name) != LAYERS.index({"actions"})
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == "status"
    ]
    assert found == []
