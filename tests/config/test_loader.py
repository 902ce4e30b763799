"""From documents, variables and flags to settings."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from readyctl.clients.yamlfile import YamlDocument, parse_yaml, validate
from readyctl.config.environment import (
    DatabaseAccess,
    Environment,
    PlanSettings,
    Resources,
    Settings,
)
from readyctl.config.loader import settings_from
from readyctl.config.schema import DEFAULTS, bundled_schema
from readyctl.errors import ConfigError
from readyctl.model.json import Json
from readyctl.resources import bundled

_PROJECT = Path("/srv/clinic/config.yaml")
_USER = Path("/home/doe/.config/readyctl/config.yaml")
_BASE = """readyctl: 1
system: clinic
region: eu-west-1
environments:
  production: {account: "123456789012", region: us-east-1}
  staging: {account: "210987654321"}
default_environment: staging
"""


def _document(text: str, path: Path = _PROJECT) -> YamlDocument:
    document = parse_yaml(text, path)
    validate(document, bundled_schema("config-1"), "E0240", "configuration")
    return document


def _settings(
    *documents: YamlDocument,
    environment: str = "",
    variables: dict[str, str] | None = None,
    flags: dict[str, Json] | None = None,
) -> Settings:
    return settings_from(
        documents or (_document(_BASE),),
        environment=environment,
        variables=variables or {},
        flags=flags or {},
        cwd=Path("/here"),
    )


def test_environment_wins_over_base() -> None:
    """What an environment says hides the same setting outside of it."""
    assert _settings(environment="production").environment.region == "us-east-1"


def test_base_holds_where_the_environment_is_silent() -> None:
    """What stands outside of the environments holds for each of them."""
    assert _settings(environment="staging").environment.region == "eu-west-1"


def test_project_wins_over_user() -> None:
    """The base of the project's file hides even an environment of the user's."""
    own = _document("readyctl: 1\nenvironments: {staging: {region: ap-south-1}}\n", _USER)
    assert _settings(_document(_BASE), own).environment.region == "eu-west-1"


def test_user_wins_over_the_default() -> None:
    """What the project does not say is taken from the user's file."""
    own = _document("readyctl: 1\nprofile: doe\n", _USER)
    assert _settings(_document(_BASE), own).environment.profile == "doe"


def test_variable_wins_over_the_files() -> None:
    """A variable hides what the files say."""
    found = _settings(environment="production", variables={"READYCTL_REGION": "eu-north-1"})
    assert found.environment.region == "eu-north-1"


def test_flag_wins_over_everything() -> None:
    """A flag of the command line hides all else."""
    found = _settings(
        variables={"READYCTL_MANIFEST": "variable.yaml"}, flags={"manifest": "flag.yaml"}
    )
    assert Path("/here/flag.yaml") == found.manifest


def test_region_of_aws_fills_the_gap_only() -> None:
    """AWS_REGION counts where the configuration has no region."""
    silent = _document(_BASE.replace("region: eu-west-1\n", ""))
    variables = {"AWS_REGION": "sa-east-1"}
    regions = [
        _settings(d, variables=variables).environment.region for d in (silent, _document(_BASE))
    ]
    assert regions == ["sa-east-1", "eu-west-1"]


@pytest.mark.parametrize(
    ("environment", "variables", "expected"),
    [
        ("production", {"READYCTL_ENV": "staging"}, "production"),
        ("", {"READYCTL_ENV": "production"}, "production"),
        ("", {}, "staging"),
    ],
)
def test_environment_is_chosen(environment: str, variables: dict[str, str], expected: str) -> None:
    """The flag chooses, then the variable, then the default of the file."""
    assert expected == _settings(environment=environment, variables=variables).environment.name


def test_only_environment_needs_no_choice() -> None:
    """Where there is one environment, that one is meant."""
    text = "readyctl: 1\nsystem: clinic\nenvironments: {here: {provider: local}}\n"
    assert _settings(_document(text)).environment.name == "here"


def test_several_environments_need_a_choice() -> None:
    """Where there are several, none is guessed: it could be the wrong account."""
    with pytest.raises(ConfigError, match="none was chosen"):
        _settings(_document(_BASE.replace("default_environment: staging\n", "")))


def test_paths_are_relative_to_their_file() -> None:
    """A path in the user's file does not point into the project."""
    own = _document("readyctl: 1\ndocuments: notes\n", _USER)
    assert _USER.parent / "notes" == _settings(_document(_BASE), own).documents


def test_default_paths_are_in_the_project() -> None:
    """Attestations are beside the configuration unless it says otherwise."""
    assert Path("/srv/clinic/attestations") == _settings().attestations


def test_default_manifest_is_the_bundled_one() -> None:
    """Without a manifest of its own, a system is audited against the bundled backend."""
    assert bundled("backend", "manifest.yaml") == _settings().manifest


def test_local_environment_has_its_account() -> None:
    """The local environment needs no account, and cannot be given a real one."""
    text = _BASE + 'account: "123456789012"\n'
    found = _settings(_document(text.replace('{account: "210987654321"}', "{provider: local}")))
    assert found.environment.account == "000000000000"


def test_origin_is_the_line() -> None:
    """Each setting knows the line that has set it."""
    assert _settings().origins["region"] == "/srv/clinic/config.yaml:3"


def test_every_setting_has_an_origin() -> None:
    """No setting is without an origin, the defaults included."""
    assert set(DEFAULTS) <= set(_settings().origins)


def test_defaults_are_those_of_the_model() -> None:
    """The defaults of the files and of the typed settings are the same."""
    environment = Environment("x", "aws", "", "")
    typed: dict[str, object] = {
        f"{group}.{field.name}": getattr(value, field.name)
        for group, value in (
            ("resources", environment.resources),
            ("database", environment.database),
            ("plan", PlanSettings()),
        )
        for field in fields(value)
    }
    assert typed == {name: DEFAULTS[name] for name in typed}


@pytest.mark.parametrize(
    ("name", "model"),
    [("resources", Resources), ("database", DatabaseAccess), ("plan", PlanSettings)],
)
def test_schema_knows_every_field_of_the_model(name: str, model: type) -> None:
    """What the typed settings hold can be configured, and nothing else."""
    schema = bundled_schema("config-1")["$defs"]
    assert isinstance(schema, dict)
    assert set(schema[name]["properties"]) == {field.name for field in fields(model)}


def test_schema_repeats_the_settings_in_environments() -> None:
    """An environment can say whatever can be said outside of it, but for the system's own."""
    schema = bundled_schema("config-1")
    definitions, properties = schema["$defs"], schema["properties"]
    assert isinstance(definitions, dict)
    assert isinstance(properties, dict)
    own = {"readyctl", "system", "default_environment", "disable", "environments"}
    assert set(properties) - own == set(definitions["environment"]["properties"])


def test_example_configuration_is_valid() -> None:
    """The bundled example has an environment that needs no account."""
    path = bundled("config.yaml")
    found = _settings(_document(path.read_text(encoding="utf-8"), path))
    assert (found.environment.provider, found.environment.database.dsn) == ("local", "local:")


def test_example_in_comments_is_valid() -> None:
    """The commented production environment is right once its marks are removed."""
    path = bundled("config.yaml")
    text = path.read_text(encoding="utf-8")
    head, mark, rest = text.partition("  # production:")
    found = _settings(
        _document(head + re.sub(r"(?m)^  # ", "  ", mark + rest), path), environment="production"
    )
    assert found.environment.account == "123456789012"


_WORDS = st.sampled_from(
    [
        *("readyctl: 1", "system: clinic", "environments:", "  here:", "    provider: local"),
        *(
            '    account: "123456789012"',
            "    region: us-east-1",
            "account: 12",
            "plan: {people: 2}",
        ),
        *("plan: {people: 1e9}", "disable: [a]", "source: [a, 3]", "- a", "x: &a [*a]", "? [a]: b"),
        *("default_environment: here", "resources: {function: x}", "region: null", "~", "a: b: c"),
        *("\ttab: 1", "database: {dsn: 'env:X'}", "<<: {a: 1}", "!!python/object:os.system x"),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=12).map("\n".join)))
@example("readyctl: 1\nsystem: clinic\nenvironments: {here: {provider: local}}\n")
def test_no_text_is_anything_but_settings_or_a_config_error(text: str) -> None:
    """Whatever a file holds, it is understood or refused with a place."""
    try:
        found: object = _settings(_document(text))
    except ConfigError as error:
        found = error.where
    assert found
