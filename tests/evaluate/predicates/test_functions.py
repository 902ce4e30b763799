"""What predicates find in functions' alarms, roles and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readyctl.evaluate.predicates.functions import (
    function_alarms,
    function_roles,
    function_settings,
)
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW

ROLE = "arn:aws:iam::000000000000:role/clinic-list-clients"
ALLOWED = {"allowed_policies": ["AWSLambdaBasicExecutionRole"]}
ERRORS = {"metric": "Errors", "kind": "errors"}


def alarm(
    functions: Sequence[str], metric: str = "Errors", *, enabled: bool = True
) -> Mapping[str, Json]:
    """An alarm over these deployed functions."""
    return {
        "namespace": "AWS/Lambda",
        "metric": metric,
        "functions": functions,
        "actions_enabled": enabled,
    }


def declared(name: str, alarms: Sequence[str] = ("errors",)) -> Mapping[str, Json]:
    """A function of the manifest that asks for these alarms."""
    return {"name": name, "deployed_name": f"clinic-{name}", "alarms": alarms}


def alarmed(
    functions: Sequence[Mapping[str, Json]], *alarms: Mapping[str, Json]
) -> Mapping[str, Status]:
    """What function_alarms decides on each function."""
    facts: Mapping[str, Json] = {
        "backend_manifest": {"functions": list(functions)},
        "alarms": list(alarms),
    }
    return {item.name: item.status for item in function_alarms(facts, ERRORS, NOW)}


def role(**overrides: Json) -> Mapping[str, Json]:
    """A role that grants no more than it must."""
    return {
        "arn": ROLE,
        "admin": False,
        "wildcard_actions": [],
        "wildcard_resource_actions": [],
        "external_principals": [],
        "aws_policies": ["AWSLambdaBasicExecutionRole"],
        **overrides,
    }


def judged(*roles: Mapping[str, Json]) -> tuple[Status, str]:
    """What function_roles decides on the role of one function, and what it observed."""
    functions = [{"function": "list-clients", "role": ROLE}, {"function": "", "role": "other"}]
    facts: Mapping[str, Json] = {"lambda_functions": functions, "iam_roles": list(roles)}
    (item,) = function_roles(facts, ALLOWED, NOW)
    return item.status, item.observed


def test_an_alarm_covers_the_function_that_it_names() -> None:
    """An alarm of one function says nothing about another one."""
    functions = [declared("list-clients"), declared("create-client")]
    assert alarmed(functions, alarm(["clinic-list-clients"])) == {
        "list-clients": Status.PASS,
        "create-client": Status.FAIL,
    }


def test_an_alarm_over_every_function_covers_each() -> None:
    """One alarm by query is coverage."""
    assert set(alarmed([declared("a"), declared("b")], alarm(["*"])).values()) == {Status.PASS}


def test_an_alarm_on_another_metric_covers_nothing() -> None:
    """An alarm on throttles is none on errors."""
    assert alarmed([declared("a")], alarm(["*"], "Throttles")) == {"a": Status.FAIL}


def test_a_silenced_alarm_covers_nothing() -> None:
    """An alarm whose actions are switched off tells nobody."""
    found = alarmed([declared("list-clients")], alarm(["*"], enabled=False))
    assert found == {"list-clients": Status.FAIL}


def test_a_function_that_asks_for_no_alarm_needs_none() -> None:
    """Only functions that ask for this kind of alarm are judged."""
    assert alarmed([declared("a", ["latency"])]) == {}


def test_a_narrow_role_passes() -> None:
    """Named actions on named resources, by a function's own policy and an allowed one."""
    assert judged(role())[0] is Status.PASS


def test_an_administrator_fails() -> None:
    """A role that may do everything is too wide."""
    assert judged(role(admin=True)) == (Status.FAIL, "is an administrator of the account")


def test_every_action_of_a_service_is_too_wide() -> None:
    """A wildcard over a whole service is named in what was observed."""
    assert judged(role(wildcard_actions=["s3:*"])) == (Status.FAIL, "may do everything of s3:*")


def test_a_family_of_actions_on_named_resources_is_narrow_enough() -> None:
    """A wildcard within a service is not everything of it."""
    assert judged(role(wildcard_actions=["s3:Get*"]))[0] is Status.PASS


def test_an_action_on_every_resource_is_too_wide() -> None:
    """What could be limited to resources, and is not, fails."""
    wide = role(wildcard_resource_actions=["secretsmanager:GetSecretValue"])
    assert judged(wide)[0] is Status.FAIL


def test_a_policy_written_for_everybody_is_too_wide() -> None:
    """A policy kept by AWS that was not allowed by name fails."""
    assert judged(role(aws_policies=["AmazonS3FullAccess"]))[0] is Status.FAIL


def test_a_role_that_another_account_may_assume_is_too_wide() -> None:
    """Functions' roles are for functions."""
    assert judged(role(external_principals=["999999999999"]))[0] is Status.FAIL


def test_a_role_that_was_not_listed_is_open() -> None:
    """Nothing is known about a role that nobody has seen."""
    assert judged()[0] is Status.OPEN


def settled(timeout: int, memory: int, name: str = "clinic-f") -> list[Status]:
    """What function_settings decides on a function that declares 10 s and 256 MB."""
    facts: Mapping[str, Json] = {
        "backend_manifest": {
            "functions": [
                {"name": "f", "deployed_name": "clinic-f", "timeout_seconds": 10, "memory_mb": 256}
            ]
        },
        "lambda_functions": [{"name": name, "timeout_seconds": timeout, "memory_mb": memory}],
    }
    return [item.status for item in function_settings(facts, {}, NOW)]


def test_a_function_with_the_limits_that_it_declares_passes() -> None:
    """Time and memory are those of the manifest."""
    assert settled(10, 256) == [Status.PASS]


def test_a_function_with_another_time_limit_fails() -> None:
    """More time than declared may be more than the API waits."""
    assert settled(60, 256) == [Status.FAIL]


def test_a_function_with_other_memory_fails() -> None:
    """The default of AWS is not what was declared."""
    assert settled(10, 128) == [Status.FAIL]


def test_a_function_that_is_not_declared_has_no_limits_to_keep() -> None:
    """The limits of another system's function are its own affair."""
    assert settled(3, 128, "other") == []
