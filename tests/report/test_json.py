"""Tests of the versioned JSON: lossless, canonical, and described by the committed schema."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

import pytest
from jsonschema import Draft202012Validator

from readyctl.errors import ConfigError, InternalError
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Status
from readyctl.report.json import scorecard_from_json, scorecard_json, scorecard_schema
from readyctl.resources import bundled
from tests.report.golden import GOLDEN
from tests.report.scorecards import finding, go, no_go, scorecard, with_waivers

_SCHEMA = bundled("schemas", "scorecard-1.schema.json")


@pytest.mark.parametrize("card", [go(), no_go(), with_waivers()])
def test_reading_returns_what_was_written(card: Scorecard) -> None:
    """A scorecard survives writing and reading without any loss."""
    assert scorecard_from_json(scorecard_json(card)) == card


def test_keys_are_sorted_and_the_file_ends_with_a_newline() -> None:
    """The bytes are canonical: sorted keys, two spaces, UTF-8, one newline at the end."""
    text = scorecard_json(no_go())
    again = json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert text == again.encode()


def test_committed_schema_is_current() -> None:
    """The committed schema is the one that the model gives (`make golden` writes it)."""
    from os import environ

    if environ.get("READYCTL_UPDATE_GOLDEN") == "1":
        _SCHEMA.write_bytes(scorecard_schema())
    assert _SCHEMA.read_bytes() == scorecard_schema()


@pytest.mark.parametrize("name", ["go", "no-go", "waivers"])
def test_golden_files_follow_the_schema(name: str) -> None:
    """What readyctl writes is valid under the schema that it publishes."""
    validator = Draft202012Validator(json.loads(_SCHEMA.read_bytes()))
    document = json.loads((GOLDEN / f"scorecard-{name}.json").read_bytes())
    assert [error.message for error in validator.iter_errors(document)] == []


def test_schema_rejects_a_status_outside_the_vocabulary() -> None:
    """The schema knows the closed set of statuses."""
    document = json.loads(scorecard_json(go()))
    document["data"]["findings"][0]["status"] = "partially"
    assert not Draft202012Validator(json.loads(_SCHEMA.read_bytes())).is_valid(document)


def test_unknown_status_cannot_be_written() -> None:
    """A status outside the closed set is a defect, not a report."""
    wrong = replace(finding("x", Status.PASS), status=cast("Status", "partially"))
    card = replace(go(), findings=(wrong,))
    with pytest.raises(InternalError):
        scorecard_json(card)


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_number_that_json_lacks_cannot_be_written(score: float) -> None:
    """A figure that is no number is a defect, and never becomes null."""
    card = replace(go(), findings=(replace(finding("x", Status.PASS), score=score),))
    with pytest.raises(InternalError):
        scorecard_json(card)


@pytest.mark.parametrize("text", [b"", b"[", b"\xff", b"[" * 100_000, b"{}", b"null"])
def test_malformed_file_is_a_config_error(text: bytes) -> None:
    """Whatever is no scorecard is refused with the code for it."""
    with pytest.raises(ConfigError) as caught:
        scorecard_from_json(text)
    assert caught.value.code == "E0230"


def test_malformed_value_is_named_with_its_place() -> None:
    """The error says which value of which file is wrong."""
    document = json.loads(scorecard_json(go()))
    document["data"]["findings"][1]["status"] = "partially"
    with pytest.raises(ConfigError) as caught:
        scorecard_from_json(json.dumps(document).encode(), where="old.json")
    assert caught.value.where == "old.json data.findings[1].status"


def test_newer_format_is_refused() -> None:
    """A scorecard of another major version is not guessed at."""
    text = scorecard_json(go()).replace(b"readyctl.scorecard/1", b"readyctl.scorecard/2")
    with pytest.raises(ConfigError):
        scorecard_from_json(text)


def test_name_without_utf_8_survives() -> None:
    """A file name that is no Unicode text is written as an escape and read back."""
    card = scorecard([finding("x", Status.FAIL, message="a\udc80b")])
    assert scorecard_from_json(scorecard_json(card)) == card
