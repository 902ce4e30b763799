"""How large what is deployed is: the functions' own code, and what they depend on."""

from __future__ import annotations

import ast
import io
import sys
import zipfile
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2] / "backend"
# What a function imports beside the standard library; boto3 is in Lambda's own runtime.
LAYER = ("msgspec", "psycopg", "psycopg-binary", "typing-extensions")


def zipped(files: Iterable[tuple[str, Path]]) -> int:
    """The bytes of a package of files."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files:
            archive.write(path, name)
    return len(package.getvalue())


def test_the_functions_are_less_than_a_megabyte() -> None:
    """All of our own code, as it lies there, and not only when it is packed."""
    sizes = [path.stat().st_size for path in BACKEND.rglob("*.py")]
    assert 50_000 < sum(sizes) < 1_000_000


def test_the_layer_is_less_than_twenty_megabytes() -> None:
    """What the functions depend on, zipped as a layer is."""
    found = [
        (str(file), Path(str(file.locate())))
        for name in LAYER
        for file in distribution(name).files or ()
        if "__pycache__" not in str(file) and ".." not in file.parts
    ]
    assert 1_000_000 < zipped(found) < 20_000_000


def test_the_layer_is_all_that_is_imported() -> None:
    """No function imports a package that is neither in the layer nor in Lambda's runtime."""
    allowed = {"backend", "msgspec", "psycopg", "typing_extensions", "boto3", "botocore"}
    sources = [path for path in BACKEND.rglob("*.py") if "generation" not in path.parts]
    imported = set()
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    assert imported - set(sys.stdlib_module_names) <= allowed
