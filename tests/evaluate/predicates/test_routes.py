"""What predicates find in the deployed routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readyctl.evaluate.predicates import Predicate
from readyctl.evaluate.predicates.routes import (
    authorized_routes,
    deployed_routes,
    integrated_routes,
    orphaned_routes,
)
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW


def declared(key: str, *, public: bool = False) -> Mapping[str, Json]:
    """A route of the manifest that leads to the function clinic-f."""
    return {"key": key, "function": "f", "deployed_name": "clinic-f", "public": public}


def deployed(
    key: str, *, function: str = "clinic-f", authorization: str = "COGNITO_USER_POOLS"
) -> Mapping[str, Json]:
    """A method of the deployed REST API."""
    method, path = key.split()
    return {"method": method, "path": path, "function": function, "authorization": authorization}


def judged(
    predicate: Predicate,
    routes: Sequence[Mapping[str, Json]],
    rest: Sequence[Mapping[str, Json]] = (),
    http: Sequence[Mapping[str, Json]] = (),
) -> Mapping[str, Status]:
    """What a predicate decides on each route."""
    facts: Mapping[str, Json] = {
        "backend_manifest": {"routes": list(routes), "websocket_routes": []},
        "rest_routes": list(rest),
        "http_routes": list(http),
        "lambda_functions": [{"name": "clinic-f"}],
    }
    return {item.name: item.status for item in predicate(facts, {}, NOW)}


def test_names_of_path_parameters_do_not_matter() -> None:
    """GET /clients/{id} and GET /clients/{clientId} are one route."""
    found = judged(
        deployed_routes, [declared("GET /clients/{id}")], [deployed("GET /clients/{clientId}")]
    )
    assert found == {"GET /clients/{id}": Status.PASS}


def test_another_method_is_another_route() -> None:
    """A path that answers GET does not answer POST."""
    found = judged(deployed_routes, [declared("POST /clients")], [deployed("GET /clients")])
    assert found == {"POST /clients": Status.FAIL}


def test_a_route_that_leads_to_another_function_fails() -> None:
    """A route must lead to the function that the manifest declares for it."""
    wrong = deployed("GET /clients", function="clinic-g")
    found = judged(integrated_routes, [declared("GET /clients")], [wrong])
    assert found == {"GET /clients": Status.FAIL}


def test_a_route_that_is_not_deployed_is_not_judged_by_its_function() -> None:
    """What is missing is said once, by the check of deployed routes."""
    assert judged(integrated_routes, [declared("GET /clients")]) == {}


def test_a_route_without_authorization_fails() -> None:
    """Nobody may call a route without having signed in."""
    anonymous = deployed("GET /clients", authorization="NONE")
    found = judged(authorized_routes, [declared("GET /clients")], [anonymous])
    assert found == {"GET /clients": Status.FAIL}


def test_an_undeclared_route_without_authorization_fails() -> None:
    """A route that the manifest does not know is not public either."""
    found = judged(authorized_routes, [], [deployed("GET /debug", authorization="NONE")])
    assert found == {"GET /debug": Status.FAIL}


def test_a_route_that_is_declared_public_needs_no_authorization() -> None:
    """The health check answers everybody."""
    anonymous = deployed("GET /health", authorization="NONE")
    found = judged(authorized_routes, [declared("GET /health", public=True)], [anonymous])
    assert found == {"GET /health": Status.PASS}


def test_a_websocket_is_authorized_when_it_connects() -> None:
    """Of a WebSocket API only $connect can have an authorizer."""
    routes: list[Mapping[str, Json]] = [
        {"protocol": "WEBSOCKET", "route_key": key, "authorization": "NONE", "function": "clinic-f"}
        for key in ("$connect", "$default")
    ]
    assert judged(authorized_routes, [], http=routes) == {"$connect": Status.FAIL}


def test_a_route_to_a_function_that_is_gone_fails() -> None:
    """Such a route answers every call with an error."""
    gone = deployed("GET /clients", function="clinic-gone")
    assert judged(orphaned_routes, [], [gone]) == {"GET /clients": Status.FAIL}
