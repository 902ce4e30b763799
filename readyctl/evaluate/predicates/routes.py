"""Predicates that compare the deployed routes with the declared ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from readyctl.evaluate.predicates.items import Facts, decided, rows
from readyctl.model.finding import Item
from readyctl.model.json import Json


def deployed_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each declared route is deployed; names of path parameters do not matter."""
    deployed = {_shape(_key(row)) for row in _deployed(facts)}
    return tuple(
        decided(
            str(row["key"]),
            _shape(str(row["key"])) in deployed,
            "deployed" if _shape(str(row["key"])) in deployed else "not deployed",
            "a method on a deployed API",
        )
        for row in _declared(facts)
    )


def integrated_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each deployed route that the manifest declares invokes the function declared for it."""
    wanted = {_shape(str(row["key"])): str(row["deployed_name"]) for row in _declared(facts)}
    return tuple(
        decided(
            _key(row),
            row["function"] == wanted[_shape(_key(row))],
            str(row["function"]) or "nothing",
            wanted[_shape(_key(row))],
        )
        for row in _deployed(facts)
        if _shape(_key(row)) in wanted
    )


def authorized_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each deployed route asks for authorization, unless the manifest declares it public.

    A WebSocket API authorizes a connection once, at its `$connect`.
    """
    public = {_shape(str(row["key"])) for row in _declared(facts) if row["public"] is True}
    return tuple(
        decided(
            _key(row),
            row["authorization"] not in ("", "NONE", None) or _shape(_key(row)) in public,
            str(row["authorization"]) or "NONE",
            "public" if _shape(_key(row)) in public else "an authorizer",
        )
        for row in _deployed(facts)
        if row.get("protocol") != "WEBSOCKET" or row["route_key"] == "$connect"
    )


def orphaned_routes(facts: Facts, _: Facts, __: datetime) -> tuple[Item, ...]:
    """Each deployed route that names a function names one that exists."""
    existing = {str(row["name"]) for row in rows("lambda_functions", facts)}
    return tuple(
        decided(
            _key(row),
            row["function"] in existing,
            f"leads to {row['function']}",
            "a function that is deployed",
        )
        for row in _deployed(facts)
        if row["function"]
    )


def _deployed(facts: Facts) -> list[Mapping[str, Json]]:
    return rows("rest_routes", facts) + rows("http_routes", facts)


def _declared(facts: Facts) -> list[Mapping[str, Json]]:
    return rows("backend_manifest.routes", facts) + rows("backend_manifest.websocket_routes", facts)


def _key(row: Mapping[str, Json]) -> str:
    return str(row["route_key"]) if "route_key" in row else f"{row['method']} {row['path']}"


def _shape(key: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", key.rstrip("/"))
