"""The reference REST API: two routes to the health check, and none for the business."""

from __future__ import annotations

from readyctl.local.account import TAGS, Account
from readyctl.local.reference.functions import HEALTH_CHECK
from readyctl.local.state import ACCOUNT_ID, REGION

API = "telehealth-api"
STAGE = "prod"


def make_api(account: Account, pool: str, functions: dict[str, str]) -> None:
    """Make the API with its Cognito authorizer, its two routes and its stage.

    It is made call by call: the emulator accepts an imported OpenAPI body, and ignores it.
    """
    gateway = account.session.client("apigateway", **account.options)
    made = gateway.create_rest_api(
        name=API, endpointConfiguration={"types": ["REGIONAL"]}, tags=TAGS
    )
    api = str(made["id"])
    authorizer = gateway.create_authorizer(
        restApiId=api,
        name="telehealth-users",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool],
        identitySource="method.request.header.Authorization",
    )
    function = functions[HEALTH_CHECK]
    _make_route(account, api, "health", function, {"authorizationType": "NONE"})
    cognito = {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": str(authorizer["id"])}
    _make_route(account, api, "status", function, cognito)
    deployment = str(gateway.create_deployment(restApiId=api)["id"])
    gateway.create_stage(restApiId=api, stageName=STAGE, deploymentId=deployment, tags=TAGS)


def _make_route(
    account: Account, api: str, path: str, function: str, authorization: dict[str, str]
) -> None:
    gateway = account.session.client("apigateway", **account.options)
    root = gateway.get_rest_api(restApiId=api)["rootResourceId"]
    resource = gateway.create_resource(restApiId=api, parentId=root, pathPart=path)["id"]
    method = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
    gateway.put_method(**method, **authorization)
    gateway.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
    )
    account.session.client("lambda", **account.options).add_permission(
        FunctionName=HEALTH_CHECK,
        StatementId=f"api-{path}",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{api}/*/GET/{path}",
    )
