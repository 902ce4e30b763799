"""How facts are saved and read back."""

from __future__ import annotations

import json
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.errors import ConfigError
from readyctl.gather.base import Sources, fact
from readyctl.gather.store import digest, dump, load
from tests.evaluate.builders import facts
from tests.evaluate.strategies import Audit, audits


class Thing(TypedDict):
    """A row."""

    name: str


@fact("things", origin="files")
def things(_: Sources) -> list[Thing]:
    """Things."""
    return []


@given(audits())
def test_saved_facts_come_back_the_same(audit: Audit) -> None:
    """Saving and reading loses nothing, and the second save has the same bytes."""
    content = dump(audit.facts)
    again = load(content, origin="facts.json", specs=[])
    assert again == audit.facts
    assert digest(dump(again)) == digest(content)


@given(st.binary(max_size=200))
def test_what_is_no_facts_file_is_a_config_error(content: bytes) -> None:
    """Whatever the bytes are, the error is one that names the file."""
    with pytest.raises(ConfigError) as caught:
        load(content, origin="facts.json", specs=[])
    assert caught.value.where == "facts.json"


@pytest.mark.parametrize("path", [("schema",), ("data", "facts"), ("data", "gathered_at")])
def test_a_facts_file_without_its_parts_is_refused(path: tuple[str, ...]) -> None:
    """A file that lacks its schema, facts or time cannot be audited."""
    document = json.loads(dump(facts({"things": []})))
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    with pytest.raises(ConfigError):
        load(json.dumps(document).encode(), origin="facts.json", specs=[])


def test_a_value_of_another_shape_is_refused() -> None:
    """A fact that was edited into another shape does not reach a check."""
    content = dump(facts({"things": [{"name": 5}]}))
    with pytest.raises(ConfigError):
        load(content, origin="facts.json", specs=[things])
