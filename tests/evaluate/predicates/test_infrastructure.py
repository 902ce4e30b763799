"""What predicates find in the network and in the alarms of resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from readyctl.evaluate.predicates.infrastructure import resource_alarms, retained_logs, zones
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW

OURS: Mapping[str, Json] = {"id": "vpc-1", "name": "clinic", "ours": True}
THEIRS: Mapping[str, Json] = {"id": "vpc-2", "name": "default", "ours": False}
API_ERRORS: Mapping[str, Json] = {
    "select": "rest_apis[?ours]",
    "namespace": "AWS/ApiGateway",
    "metric": "5XXError",
    "match": {"ApiName": "name"},
}


def subnet(zone: str, *, vpc: str = "vpc-1", public: bool = False) -> Mapping[str, Json]:
    """A subnet in a zone."""
    return {"vpc": vpc, "zone": zone, "public": public}


def spanned(vpcs: Sequence[Mapping[str, Json]], *subnets: Mapping[str, Json]) -> list[Status]:
    """What zones decides on each VPC."""
    facts: Mapping[str, Json] = {"vpcs": list(vpcs), "subnets": list(subnets)}
    return [item.status for item in zones(facts, {"minimum": 2}, NOW)]


def watched(*alarms: Mapping[str, Json]) -> Status:
    """What resource_alarms decides on the one API of the system."""
    apis: list[Json] = [{"name": "clinic-api", "ours": True}, {"name": "other-api", "ours": False}]
    facts: Mapping[str, Json] = {"rest_apis": apis, "alarms": list(alarms)}
    (item,) = resource_alarms(facts, API_ERRORS, NOW)
    return item.status


def alarm(dimensions: Mapping[str, Json], metric: str = "5XXError") -> Mapping[str, Json]:
    """An alarm on a metric of API Gateway."""
    return {"namespace": "AWS/ApiGateway", "metric": metric, "dimensions": dimensions}


def test_private_subnets_in_two_zones_are_enough() -> None:
    """The zones of one VPC are counted, not its subnets."""
    assert spanned([OURS], subnet("a"), subnet("b"), subnet("b")) == [Status.PASS]


def test_two_subnets_in_one_zone_are_not_enough() -> None:
    """A second subnet in the same zone fails with it."""
    assert spanned([OURS], subnet("a"), subnet("a")) == [Status.FAIL]


def test_a_public_subnet_does_not_count() -> None:
    """The database needs a private subnet in each zone."""
    assert spanned([OURS], subnet("a"), subnet("b", public=True)) == [Status.FAIL]


def test_a_subnet_of_another_network_does_not_count() -> None:
    """Each VPC is judged by its own subnets."""
    assert spanned([OURS, THEIRS], subnet("a"), subnet("b", vpc="vpc-2")) == [Status.FAIL]


def test_two_networks_of_one_name_are_judged_apart() -> None:
    """A VPC does not hide behind a namesake."""
    twin: Mapping[str, Json] = {**OURS, "id": "vpc-3"}
    subnets = (subnet("a", vpc="vpc-3"), subnet("b", vpc="vpc-3"))
    assert spanned([OURS, twin], *subnets) == [Status.FAIL, Status.PASS]


def test_an_alarm_with_the_resource_s_dimension_covers_it() -> None:
    """Further dimensions, such as the stage, do no harm."""
    assert watched(alarm({"ApiName": "clinic-api", "Stage": "prod"})) is Status.PASS


@pytest.mark.parametrize(
    "other",
    [
        alarm({"ApiName": "other-api"}),
        alarm({"Stage": "clinic-api"}),
        alarm({"ApiName": "clinic-api"}, "4XXError"),
    ],
    ids=["another resource", "another dimension", "another metric"],
)
def test_an_alarm_on_something_else_covers_nothing(other: Mapping[str, Json]) -> None:
    """Metric, dimension and resource must all be the ones asked for."""
    assert watched(other) is Status.FAIL


def test_an_alarm_without_dimensions_leaves_it_open() -> None:
    """What such an alarm covers was not observed, so it is neither a pass nor a failure."""
    assert watched(alarm({})) is Status.OPEN


def test_without_an_alarm_it_fails() -> None:
    """A resource that nothing watches fails."""
    assert watched() is Status.FAIL


def kept(name: str, days: int, function: str = "") -> list[Status]:
    """What retained_logs decides on a log group of the system `clinic`; 0 days is for ever."""
    group: Mapping[str, Json] = {
        "name": name,
        "function": function,
        "expires": days > 0,
        "retention_days": days,
    }
    facts: Mapping[str, Json] = {"settings": {"system": "clinic"}, "log_groups": [group]}
    return [item.status for item in retained_logs(facts, {"days": 365}, NOW)]


def test_a_log_that_is_kept_long_enough_passes() -> None:
    """The last day that was asked for is enough."""
    assert kept("/aws/lambda/f", 365, "f") == [Status.PASS]


def test_a_log_that_never_expires_passes() -> None:
    """For ever is long enough."""
    assert kept("/aws/lambda/f", 0, "f") == [Status.PASS]


def test_a_log_with_the_system_s_name_is_judged() -> None:
    """The API's log is the system's, though it is no function's."""
    assert kept("/aws/apigateway/clinic-api", 364) == [Status.FAIL]


def test_a_log_of_another_system_is_not_judged() -> None:
    """What is neither a function's nor has the system's name belongs to somebody else."""
    assert kept("/aws/lambda/other", 1) == []
