"""Tests of finding imports and realtime calls in JavaScript and TypeScript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.gather.scripts import Use, imports, masked, realtime_uses, subscriptions


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("import { a } from '@supabase/x'", [Use(1, "import", "@supabase/x")]),
        ('import a, * as b from "x";', [Use(1, "import", "x")]),
        ("import {\n  a,\n} from 'x'", [Use(1, "import", "x")]),
        ("import type { A } from 'x'", [Use(1, "import", "x")]),
        ("\nimport 'x'", [Use(2, "import", "x")]),
        ("export * from 'x'", [Use(1, "export", "x")]),
        ("const a = await import(\n'x')", [Use(1, "dynamic", "x")]),
        ("const a = require('x')", [Use(1, "require", "x")]),
        ("// import a from 'x'", []),
        ("/* import a from 'x'\n*/ import b from 'y'", [Use(2, "import", "y")]),
        ("const s = \"import a from 'x'\"", []),
        ("const s = `import a from 'x' ${`}`} import b from 'y'`", []),
        ("const r = /['\"`]/\nimport a from 'x'", [Use(2, "import", "x")]),
        ("const q = a / b; import c from 'x'; // d / e", [Use(1, "import", "x")]),
        ("<p>Don't</p>\nimport a from 'x'", [Use(2, "import", "x")]),
        ("const t = `unfinished\nimport a from 'x'", [Use(2, "import", "x")]),
        ("loader.import('x'); $require('y')", []),
        ("const u = 'http://a'; import a from 'x'", [Use(1, "import", "x")]),
    ],
)
def test_imports(text: str, uses: list[Use]) -> None:
    """Imports are found by line and kind; comments, strings and templates are not read."""
    assert list(imports(text)) == uses


def test_realtime() -> None:
    """Channels and change listeners are found in a file that names Supabase."""
    text = "// c\nsupabase\n  .channel('room')\n  .on('postgres_changes', {}, f)\n// .channel('x')"
    assert realtime_uses(text) == (Use(3, "channel"), Use(4, "postgres_changes"))


def test_realtime_of_others() -> None:
    """A channel in a file that does not name Supabase is somebody else's."""
    assert realtime_uses("pusher.channel('room')") == ()


@given(st.text(alphabet="'\"`/\\*${}\nab[]() ", max_size=60))
def test_masked_keeps_places(text: str) -> None:
    """Masking keeps the length and every line break, whatever the text."""
    result = masked(text)
    assert [char == "\n" for char in result] == [char == "\n" for char in text]


@pytest.mark.parametrize(
    ("options", "table"),
    [
        ("{ event: '*', schema: 'public', table: 'session_messages' }", "session_messages"),
        ('{ "event": "INSERT", table: "rooms" }', "rooms"),
        ("{ event: '*', schema: 'public' }", "*"),
        ("{ table: name }", "*"),
        ("{ table: `${prefix}_rooms` }", "*"),
        ("{ // table: 'not_this'\n table: 'this' }", "this"),
    ],
)
def test_subscriptions(options: str, table: str) -> None:
    """The table is what its literal says; where none does, it can be any."""
    text = f"supabase.channel('x')\n.on('postgres_changes', {options}, refresh)"
    assert subscriptions(text) == (Use(2, "subscription", table),)


def test_subscriptions_of_others() -> None:
    """An event of that name in a file that does not name Supabase is somebody else's."""
    assert subscriptions("bus.on('postgres_changes', { table: 'x' })") == ()
