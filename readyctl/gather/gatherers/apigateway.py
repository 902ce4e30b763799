"""Facts about API Gateway: APIs, their stages, routes and authorizers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, TypeVar

from readyctl.clients.aws import Answer
from readyctl.gather.arns import function_of
from readyctl.gather.base import Sources, fact

T = TypeVar("T")

# An account's own limit in every region, which API Gateway also reports for a stage without one.
_ACCOUNT_REQUESTS_PER_SECOND = 10_000
_PAGE = 500


class RestApi(TypedDict):
    """A REST API. `ours` says whether its name is the configured one."""

    id: str
    name: str
    ours: bool
    endpoint_types: list[str]


class RestStage(TypedDict):
    """A stage of one of our REST APIs; `variables` are names only.

    `execution_logging` is OFF, ERROR or INFO; `throttled`: every method is held below the
    account's own limit.
    """

    api: str
    stage: str
    access_logged: bool
    execution_logging: str
    throttled: bool
    web_acl: str
    deployment_id: str
    variables: list[str]


class RestRoute(TypedDict):
    """A method of one of our REST APIs, and the deployed name of the function behind it."""

    api: str
    method: str
    path: str
    authorization: str
    authorizer_id: str
    integration: str
    function: str


class RestAuthorizer(TypedDict):
    """Who decides about callers of one of our REST APIs."""

    api: str
    id: str
    name: str
    kind: str
    user_pools: list[str]


class HttpApi(TypedDict):
    """An HTTP or WEBSOCKET API. `ours` says whether its name is the configured one."""

    id: str
    name: str
    ours: bool
    protocol: str
    endpoint: str


class HttpRoute(TypedDict):
    """A route of one of our HTTP or WEBSOCKET APIs, and the deployed name of its function."""

    api: str
    protocol: str
    route_key: str
    authorization: str
    function: str


@fact("rest_apis", calls=("apigateway:GetRestApis",))
def rest_apis(sources: Sources) -> list[RestApi]:
    """REST APIs of the account."""
    return [
        RestApi(
            id=api["id"],
            name=api["name"],
            ours=sources.settings.matches("api", api["name"]),
            endpoint_types=list(api.get("endpointConfiguration", {}).get("types", ())),
        )
        for api in _rest_apis(sources)
    ]


@fact("rest_stages", calls=("apigateway:GetRestApis", "apigateway:GetStages"))
def rest_stages(sources: Sources) -> list[RestStage]:
    """Stages of our REST APIs: logging, throttling, firewall."""

    def stages(api: str) -> list[RestStage]:
        answer = sources.aws.call("apigateway:GetStages", restApiId=api)
        return [_stage(api, stage) for stage in answer.get("item", ())]

    return _of_each(sources, stages)


@fact("rest_routes", calls=("apigateway:GetRestApis", "apigateway:GetResources"))
def rest_routes(sources: Sources) -> list[RestRoute]:
    """Methods of our REST APIs, without OPTIONS: who may call them, which function answers."""

    def routes(api: str) -> list[RestRoute]:
        resources = sources.aws.pages(
            "apigateway:GetResources", "items", restApiId=api, embed=["methods"], limit=_PAGE
        )
        return [
            _route(api, resource["path"], name, method)
            for resource in resources
            for name, method in sorted(resource.get("resourceMethods", {}).items())
            if name != "OPTIONS"
        ]

    return _of_each(sources, routes)


@fact("rest_authorizers", calls=("apigateway:GetRestApis", "apigateway:GetAuthorizers"))
def rest_authorizers(sources: Sources) -> list[RestAuthorizer]:
    """Authorizers of our REST APIs."""

    def authorizers(api: str) -> list[RestAuthorizer]:
        return [
            RestAuthorizer(
                api=api,
                id=authorizer["id"],
                name=authorizer["name"],
                kind=authorizer["type"],
                user_pools=list(authorizer.get("providerARNs", ())),
            )
            for authorizer in sources.aws.pages("apigateway:GetAuthorizers", "items", restApiId=api)
        ]

    return _of_each(sources, authorizers)


@fact("http_apis", calls=("apigatewayv2:GetApis",))
def http_apis(sources: Sources) -> list[HttpApi]:
    """HTTP and WEBSOCKET APIs of the account."""
    return [
        HttpApi(
            id=api["ApiId"],
            name=api["Name"],
            ours=sources.settings.matches("api", api["Name"]),
            protocol=api["ProtocolType"],
            endpoint=api.get("ApiEndpoint", ""),
        )
        for api in sources.aws.pages("apigatewayv2:GetApis", "Items")
    ]


@fact(
    "http_routes",
    calls=("apigatewayv2:GetApis", "apigatewayv2:GetRoutes", "apigatewayv2:GetIntegrations"),
)
def http_routes(sources: Sources) -> list[HttpRoute]:
    """Routes of our HTTP and WEBSOCKET APIs: who may call them, which function answers."""

    def routes(api: Answer) -> list[HttpRoute]:
        identifier = api["ApiId"]
        uris = {
            f"integrations/{integration['IntegrationId']}": integration.get("IntegrationUri", "")
            for integration in sources.aws.pages(
                "apigatewayv2:GetIntegrations", "Items", ApiId=identifier
            )
        }
        return [
            HttpRoute(
                api=identifier,
                protocol=api["ProtocolType"],
                route_key=route["RouteKey"],
                authorization=route.get("AuthorizationType", "NONE"),
                function=function_of(uris.get(route.get("Target", ""), "")),
            )
            for route in sources.aws.pages("apigatewayv2:GetRoutes", "Items", ApiId=identifier)
        ]

    ours = [
        api
        for api in sources.aws.pages("apigatewayv2:GetApis", "Items")
        if sources.settings.matches("api", api["Name"])
    ]
    return [route for found in sources.aws.map(routes, ours) for route in found]


def _rest_apis(sources: Sources) -> list[Answer]:
    return sources.aws.pages("apigateway:GetRestApis", "items", limit=_PAGE)


def _of_each(sources: Sources, read: Callable[[str], list[T]]) -> list[T]:
    ours = [
        api["id"] for api in _rest_apis(sources) if sources.settings.matches("api", api["name"])
    ]
    return [row for rows in sources.aws.map(read, ours) for row in rows]


def _stage(api: str, stage: Mapping[str, Any]) -> RestStage:
    every_method = stage.get("methodSettings", {}).get("*/*", {})
    return RestStage(
        api=api,
        stage=stage["stageName"],
        access_logged=bool(stage.get("accessLogSettings", {}).get("destinationArn")),
        execution_logging=every_method.get("loggingLevel", "OFF"),
        throttled=_limits(every_method),
        web_acl=stage.get("webAclArn", ""),
        deployment_id=stage.get("deploymentId", ""),
        variables=sorted(stage.get("variables", {})),
    )


def _limits(settings: Mapping[str, Any]) -> bool:
    # -1 switches a stage's limit off.
    rate: float = settings.get("throttlingRateLimit", -1)
    return 0 <= rate < _ACCOUNT_REQUESTS_PER_SECOND


def _route(api: str, path: str, name: str, method: Mapping[str, Any]) -> RestRoute:
    integration = method.get("methodIntegration", {})
    return RestRoute(
        api=api,
        method=name,
        path=path,
        authorization=method["authorizationType"],
        authorizer_id=method.get("authorizerId", ""),
        integration=integration.get("type", ""),
        function=function_of(integration.get("uri", "")),
    )
