"""The facts about APIs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers import apigateway
from tests.gather.recorded import RecordedSession

Observed = Callable[[FactSpec], Any]
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:telehealth-notes"
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
INVOKE = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"

APIS = [
    {"id": "a1", "name": "telehealth-api", "endpointConfiguration": {"types": ["REGIONAL"]}},
    {"id": "b2", "name": "billing", "endpointConfiguration": {"types": ["EDGE", "PRIVATE"]}},
]
STAGES = [
    {
        "stageName": "prod",
        "deploymentId": "d1",
        "variables": {"zone": "zebra"},
        "accessLogSettings": {"destinationArn": "arn:aws:logs:x", "format": "$context.requestId"},
        "webAclArn": "arn:aws:wafv2:x",
        "methodSettings": {
            "*/*": {
                "loggingLevel": "ERROR",
                "throttlingRateLimit": 100.0,
                "throttlingBurstLimit": 50,
            },
        },
    },
    {"stageName": "bare", "deploymentId": "d1", "methodSettings": {}},
    {
        "stageName": "unlimited",
        "methodSettings": {
            "*/*": {"loggingLevel": "INFO", "throttlingRateLimit": 10000.0},
            "clients/GET": {"loggingLevel": "OFF", "throttlingRateLimit": 5.0},
        },
    },
    {"stageName": "off", "methodSettings": {"*/*": {"throttlingRateLimit": -1.0}}},
]
RESOURCES = [
    {"id": "r0", "path": "/"},
    {
        "id": "r1",
        "path": "/clients/{id}",
        "resourceMethods": {
            "OPTIONS": {"authorizationType": "NONE", "methodIntegration": {"type": "MOCK"}},
            "PUT": {"authorizationType": "NONE"},
            "GET": {
                "authorizationType": "COGNITO_USER_POOLS",
                "authorizerId": "z1",
                "methodIntegration": {
                    "type": "AWS_PROXY",
                    "uri": f"{INVOKE}/{FUNCTION}:live/invocations",
                },
            },
        },
    },
]
VARIABLE = {
    "id": "r2",
    "path": "/notes",
    "resourceMethods": {
        "POST": {
            "authorizationType": "CUSTOM",
            "methodIntegration": {
                "type": "AWS_PROXY",
                "uri": f"{INVOKE}/arn:aws:lambda:us-east-1:123456789012:function:"
                "${stageVariables.function}/invocations",
            },
        }
    },
}
AUTHORIZERS = [
    {"id": "z1", "name": "staff", "type": "COGNITO_USER_POOLS", "providerARNs": [POOL]},
    {"id": "z2", "name": "own", "type": "TOKEN"},
]


class TestRest:
    """REST APIs, from recorded answers."""

    @pytest.fixture
    def session(self) -> RecordedSession:
        """An API of ours and one of others; resources come on two pages."""
        return RecordedSession(
            {
                "GetRestApis": [json.dumps({"item": APIS})],
                "GetStages": [json.dumps({"item": STAGES})],
                "GetResources": [
                    json.dumps({"item": RESOURCES, "position": "more"}),
                    json.dumps({"item": [VARIABLE]}),
                ],
                "GetAuthorizers": [json.dumps({"item": AUTHORIZERS})],
            }
        )

    def test_apis(self, observed: Observed) -> None:
        """APIs of the account are listed; the pattern says which are ours."""
        assert observed(apigateway.rest_apis) == [
            {"id": "a1", "name": "telehealth-api", "ours": True, "endpoint_types": ["REGIONAL"]},
            {"id": "b2", "name": "billing", "ours": False, "endpoint_types": ["EDGE", "PRIVATE"]},
        ]

    def test_configured_stage(self, observed: Observed) -> None:
        """A stage's logging, limits and firewall are listed, its variables by name only."""
        assert observed(apigateway.rest_stages)[0] == {
            "api": "a1",
            "stage": "prod",
            "access_logged": True,
            "execution_logging": "ERROR",
            "throttled": True,
            "web_acl": "arn:aws:wafv2:x",
            "deployment_id": "d1",
            "variables": ["zone"],
        }

    def test_bare_stage(self, observed: Observed) -> None:
        """A stage without settings logs nothing and limits nothing."""
        assert observed(apigateway.rest_stages)[1] == {
            "api": "a1",
            "stage": "bare",
            "access_logged": False,
            "execution_logging": "OFF",
            "throttled": False,
            "web_acl": "",
            "deployment_id": "d1",
            "variables": [],
        }

    @pytest.mark.parametrize("stage", ["unlimited", "off"])
    def test_stage_without_a_limit(self, observed: Observed, stage: str) -> None:
        """A limit that is no lower than the account's own, or is switched off, is none."""
        rows = observed(apigateway.rest_stages)
        assert [row["throttled"] for row in rows if row["stage"] == stage] == [False]

    def test_routes(self, observed: Observed) -> None:
        """Methods of every page are listed with their function, without OPTIONS."""
        rows = observed(apigateway.rest_routes)
        assert [tuple(row.values()) for row in rows] == [
            (
                "a1",
                "GET",
                "/clients/{id}",
                "COGNITO_USER_POOLS",
                "z1",
                "AWS_PROXY",
                "telehealth-notes",
            ),
            ("a1", "PUT", "/clients/{id}", "NONE", "", "", ""),
            ("a1", "POST", "/notes", "CUSTOM", "", "AWS_PROXY", ""),
        ]

    def test_methods_come_with_the_resources(
        self, session: RecordedSession, observed: Observed
    ) -> None:
        """Methods are asked for together with the resources, 500 a page, never one by one."""
        observed(apigateway.rest_routes)
        first = next(url for url in session.asked if "/resources" in url)
        assert sorted(first.partition("?")[2].split("&")) == ["embed=methods", "limit=500"]

    def test_authorizers(self, observed: Observed) -> None:
        """Authorizers are listed with their kind and the user pools they trust."""
        assert observed(apigateway.rest_authorizers) == [
            {
                "api": "a1",
                "id": "z1",
                "name": "staff",
                "kind": "COGNITO_USER_POOLS",
                "user_pools": [POOL],
            },
            {"api": "a1", "id": "z2", "name": "own", "kind": "TOKEN", "user_pools": []},
        ]

    def test_other_apis_are_left_alone(self, session: RecordedSession, observed: Observed) -> None:
        """Nothing is asked about the stages of an API that is not ours."""
        observed(apigateway.rest_stages)
        assert [url for url in session.asked if "/b2" in url] == []


HTTP_APIS = [
    {
        "apiId": "c3",
        "name": "telehealth-chat",
        "protocolType": "WEBSOCKET",
        "routeSelectionExpression": "$request.body.action",
        "apiEndpoint": "wss://c3.execute-api.us-east-1.amazonaws.com",
    },
    {
        "apiId": "d4",
        "name": "billing",
        "protocolType": "HTTP",
        "routeSelectionExpression": "${request.method} ${request.path}",
    },
]
HTTP_ROUTES = [
    {
        "routeId": "1",
        "routeKey": "$connect",
        "target": "integrations/i1",
        "authorizationType": "AWS_IAM",
    },
    {"routeId": "2", "routeKey": "send", "target": "integrations/i2"},
    {"routeId": "3", "routeKey": "nowhere", "authorizationType": "NONE"},
]
INTEGRATIONS = [
    {
        "integrationId": "i1",
        "integrationType": "AWS_PROXY",
        "integrationUri": f"{INVOKE}/{FUNCTION}/invocations",
    },
    {"integrationId": "i2", "integrationType": "AWS_PROXY", "integrationUri": FUNCTION},
]


class TestHttp:
    """HTTP and WebSocket APIs, from recorded answers."""

    @pytest.fixture
    def session(self) -> RecordedSession:
        """A WebSocket API of ours, its routes on two pages, and an HTTP API of others."""
        return RecordedSession(
            {
                "GetApis": [json.dumps({"items": HTTP_APIS})],
                "GetIntegrations": [json.dumps({"items": INTEGRATIONS})],
                "GetRoutes": [
                    json.dumps({"items": HTTP_ROUTES[:1], "nextToken": "more"}),
                    json.dumps({"items": HTTP_ROUTES[1:]}),
                ],
            }
        )

    def test_apis(self, observed: Observed) -> None:
        """APIs of the account are listed; the pattern says which are ours."""
        assert observed(apigateway.http_apis) == [
            {
                "id": "c3",
                "name": "telehealth-chat",
                "ours": True,
                "protocol": "WEBSOCKET",
                "endpoint": "wss://c3.execute-api.us-east-1.amazonaws.com",
            },
            {"id": "d4", "name": "billing", "ours": False, "protocol": "HTTP", "endpoint": ""},
        ]

    def test_routes(self, observed: Observed) -> None:
        """Routes of every page are listed with who may call them and their function, if any."""
        rows = observed(apigateway.http_routes)
        assert [tuple(row.values()) for row in rows] == [
            ("c3", "WEBSOCKET", "$connect", "AWS_IAM", "telehealth-notes"),
            ("c3", "WEBSOCKET", "send", "NONE", "telehealth-notes"),
            ("c3", "WEBSOCKET", "nowhere", "NONE", ""),
        ]

    def test_other_apis_are_left_alone(self, session: RecordedSession, observed: Observed) -> None:
        """Nothing is asked about the routes of an API that is not ours."""
        observed(apigateway.http_routes)
        assert [url for url in session.asked if "/d4" in url] == []
