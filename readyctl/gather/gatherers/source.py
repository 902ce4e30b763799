"""Facts about source code and documents: what is written, and what still speaks to Supabase."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypedDict

from readyctl.clients.failures import SourceFailure
from readyctl.clients.files import read_bytes, sha256, shown
from readyctl.clients.tree import walk
from readyctl.gather.base import Sources, fact
from readyctl.gather.scripts import Use, imports, realtime_uses, subscriptions
from readyctl.model.fact import Reason

# CPython 3.11 counts the depth of what it parses in one place for all threads, and fails when two
# parse at once (gh-106905).
_PARSING = threading.Lock()
_SCRIPTS = frozenset({".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"})
_DOCUMENTS = frozenset({".md", ".rst", ".txt", ".pdf", ".html", ".adoc", ".docx"})
# @supabase/supabase-js, supabase, @/integrations/supabase/client, ../lib/supabaseClient
_SUPABASE = re.compile(r"(?:^|[/@._-])supabase(?=$|[/._-]|Client|Server|Admin)", re.IGNORECASE)


class SourceFunction(TypedDict):
    """A function's source; `error_line` is the line of the syntax error, 0 if it parses."""

    name: str
    file: str
    parses: bool
    error_line: int


class FrontendImport(TypedDict):
    """An import of the Supabase client; `kind` is import, export, dynamic or require."""

    file: str
    line: int
    module: str
    kind: str


class RealtimeUse(TypedDict):
    """A use of Supabase Realtime; `kind` is channel, removeChannel or postgres_changes."""

    file: str
    line: int
    kind: str


class Subscription(TypedDict):
    """Code that listens to a table's changes; `*` where its text does not say which."""

    file: str
    line: int
    table: str


class SourceRoot(TypedDict):
    """A source folder; `scripts` counts the TypeScript and JavaScript files that are searched."""

    path: str
    scripts: int


class Document(TypedDict):
    """A file of the documents folder."""

    path: str
    sha256: str


@fact("source_functions", origin="files")
def source_functions(sources: Sources) -> list[SourceFunction]:
    """Python sources of functions: functions/DOMAIN/NAME.py beside the manifest and in sources.

    A file's name with hyphens for underscores is the function's name.
    """
    roots = dict.fromkeys((sources.settings.manifest.parent, *sources.settings.source))
    rows = {}
    for root in roots:
        folder = root / "functions"
        for path in walk(folder, {".py"}).files if folder.is_dir() else ():
            if len(path.relative_to(folder).parts) == 2 and not path.name.startswith("_"):
                error_line = _syntax_error(path)
                file = shown(path, sources.settings.root)
                rows[file] = SourceFunction(
                    name=path.stem.replace("_", "-"),
                    file=file,
                    parses=not error_line,
                    error_line=error_line,
                )
    return list(rows.values())


@fact("frontend_imports", origin="files")
def frontend_imports(sources: Sources) -> list[FrontendImport]:
    """Where the source code imports the Supabase client, or a module that wraps it."""
    return [
        FrontendImport(file=file, line=use.line, module=use.module, kind=use.kind)
        for file, use in _uses(sources, imports, _python_imports)
        if _SUPABASE.search(use.module)
    ]


@fact("realtime_uses", origin="files")
def realtime(sources: Sources) -> list[RealtimeUse]:
    """Where the source code still listens to Supabase Realtime."""
    return [
        RealtimeUse(file=file, line=use.line, kind=use.kind)
        for file, use in _uses(sources, realtime_uses, lambda _: ())
    ]


@fact("realtime_subscriptions", origin="files")
def realtime_subscriptions(sources: Sources) -> list[Subscription]:
    """The tables to whose changes the source code listens through Supabase Realtime."""
    return [
        Subscription(file=file, line=use.line, table=use.module)
        for file, use in _uses(sources, subscriptions, lambda _: ())
    ]


@fact("source_roots", origin="files")
def source_roots(sources: Sources) -> list[SourceRoot]:
    """The source folders that are searched, for where nothing is found something was looked at."""
    return [
        SourceRoot(path=shown(root, sources.settings.root), scripts=len(walk(root, _SCRIPTS).files))
        for root in sources.settings.source
    ]


@fact("documents", origin="files")
def documents(sources: Sources) -> list[Document]:
    """Documents of the documents folder, by digest; none where there is no such folder."""
    folder = sources.settings.documents
    return [
        Document(path=shown(path, sources.settings.root), sha256=sha256(read_bytes(path)))
        for path in (walk(folder, _DOCUMENTS).files if folder.is_dir() else ())
    ]


def _uses(
    sources: Sources,
    of_script: Callable[[str], tuple[Use, ...]],
    of_python: Callable[[str], tuple[Use, ...]],
) -> Iterator[tuple[str, Use]]:
    files = {
        path for root in sources.settings.source for path in walk(root, _SCRIPTS | {".py"}).files
    }
    if not files:
        # Nothing that was read is no proof that nothing is there.
        raise SourceFailure(
            Reason.NOT_CONFIGURED,
            "no source code is configured, or its folders hold none",
            resolution="set `source:` to the folders of the frontend and of other code",
        )
    for path in sorted(files):
        text = read_bytes(path).decode("utf-8", "replace")
        for use in (of_python if path.suffix == ".py" else of_script)(text):
            yield shown(path, sources.settings.root), use


def _python_imports(text: str) -> tuple[Use, ...]:
    try:
        with _PARSING:
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    uses = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            uses += [Use(node.lineno, "import", name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            uses.append(Use(node.lineno, "import", node.module or ""))
    return tuple(sorted(uses, key=lambda use: use.line))


def _syntax_error(path: Path) -> int:
    try:
        with _PARSING:
            ast.parse(read_bytes(path))
    except SyntaxError as error:
        return max(error.lineno or 1, 1)
    except (ValueError, RecursionError, MemoryError):
        return 1
    return 0
