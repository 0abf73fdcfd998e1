"""Imports run downward only, and each outside package is known in one place: drawn from the code itself."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = ("language", "documents", "evidence", "retrieval", "answering", "evaluation")
BELOW_ALL = {"qa.errors", "qa.further", "qa.cache"}
"""Modules that every layer may use; they use none of the layers."""

ABOVE_ALL = {"qa", "qa.__main__", "qa.cli"}
"""Where the layers are put together for the outside."""

KNOWN_IN = {
    "nltk": ["qa/language/"],
    "rank_bm25": ["qa/retrieval/bm25.py", "qa/evaluation/baselines.py"],
    "flask": ["web/"],
    "apiflask": ["web/"],
    "waitress": ["web/"],
    "opensearchpy": ["qa/retrieval/"],
    "numba": ["qa/retrieval/compiled/decorator.py"],
    "rapidfuzz": ["qa/language/cognates.py", "qa/evaluation/questions.py"],
    "click": ["qa/cli.py", "qa/evaluation/", "qa/settings_command.py", "qa/retrieval/commands.py", "qa/mcp/",
              "qa/documents/import_command.py"],
}  # fmt: skip


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module named in an import, at the head of a file or inside a function."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


MODULES = dict(modules("qa", "web"))


def own_imports(name: str) -> set[str]:
    """The modules of ours that one module imports."""
    return {imported for imported in imports(MODULES[name]) if imported in MODULES} - {"qa", name}


def layer(name: str) -> int | None:
    """The height of a module's layer; None for what belongs to none."""
    parts = name.split(".")
    return LAYERS.index(parts[1]) if parts[0] == "qa" and len(parts) > 1 and parts[1] in LAYERS else None


def test_the_layers_are_there() -> None:
    assert {parts[1] for parts in (name.split(".") for name in MODULES) if len(parts) > 2} >= set(LAYERS)
    assert len(MODULES) > 60


def test_imports_run_downward() -> None:
    upward = []
    for name in MODULES:
        height = layer(name)
        for imported in own_imports(name):
            other = layer(imported)
            if height is not None and other is not None and other > height:
                upward.append((name, imported))
    assert upward == []


def test_no_layer_knows_what_stands_above_it_all() -> None:
    above = [(name, other) for name in MODULES if layer(name) is not None for other in own_imports(name) & ABOVE_ALL]
    assert above == []
    web = [
        (n, i) for n in MODULES if n.startswith("qa") and n != "qa.cli" for i in own_imports(n) if i.startswith("web")
    ]
    assert web == []


@pytest.mark.parametrize("name", sorted(BELOW_ALL))
def test_what_every_layer_uses_uses_none(name: str) -> None:
    assert own_imports(name) <= BELOW_ALL


def test_there_is_no_cycle() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name not in done:
            for imported in sorted(own_imports(name)):
                visit(imported, (*path, name))
            done.add(name)

    for name in MODULES:
        visit(name, ())


@pytest.mark.parametrize("package", KNOWN_IN)
def test_outside_packages_are_known_in_one_place(package: str) -> None:
    using = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES.values()
        if any(imported.split(".")[0] == package for imported in imports(path))
    }
    assert [path for path in using if not path.startswith(tuple(KNOWN_IN[package]))] == []


def test_web_uses_public_names_only() -> None:
    private = [
        (name, imported)
        for name, path in MODULES.items()
        if name.startswith("web")
        for imported in imports(path)
        if imported.startswith("qa.") and any(part.startswith("_") for part in imported.split("."))
    ]
    assert private == []


@pytest.mark.parametrize(
    "path", sorted(path for path in ROOT.glob("*/**/__init__.py") if path.is_relative_to(ROOT / "qa"))
)
def test_no_code_in_init(path: Path) -> None:
    body = ast.parse(path.read_text("utf-8")).body
    kinds = (ast.Import, ast.ImportFrom)
    code = [
        node
        for number, node in enumerate(body)
        if not isinstance(node, kinds)
        and not (number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
    ]
    assert code == []


def test_modules_are_small_and_named_for_what_they_hold() -> None:
    names = {path.name for path in MODULES.values()}
    assert names & {"utils.py", "util.py", "models.py", "helpers.py", "common.py", "misc.py"} == set()
    long = {name: count for name, path in MODULES.items() if (count := len(path.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_no_language_is_known_by_name() -> None:
    """`if language == "it"` is nowhere: a language is a value."""
    branches = []
    for name, path in MODULES.items():
        for node in nodes(path):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                if any(isinstance(side, ast.Constant) and side.value in ("it", "en", "fr") for side in sides):
                    branches.append((name, node.lineno, ast.unparse(node)))
    assert [b for b in branches if b[2] != "'en' in LANGUAGES"] == []


def test_no_file_is_opened_without_its_encoding() -> None:
    bare = []
    for name, path in MODULES.items():
        for node in nodes(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("read_text", "write_text")
            ):
                keywords = {keyword.arg for keyword in node.keywords}
                if "encoding" not in keywords and len(node.args) < (1 if node.func.attr == "read_text" else 2):
                    bare.append((name, node.lineno))
    assert bare == []


def test_the_standard_library_is_not_shadowed() -> None:
    assert {path.stem for path in MODULES.values() if path.parent in (ROOT / "qa", ROOT / "web")} & set(
        sys.stdlib_module_names
    ) == set()
