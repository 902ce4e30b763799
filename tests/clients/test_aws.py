"""How calls to AWS are shared, counted and refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import boto3
import pytest
from moto import mock_aws

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.failures import SourceFailure
from readyctl.clients.iam import action_of
from readyctl.errors import CredentialsError, InternalError
from readyctl.model.fact import Reason
from tests.fakes.account import Account

REGION = "us-east-1"


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    """A session in an empty account."""
    with mock_aws():
        yield boto3.Session("testing", "testing", region_name=REGION)


@pytest.fixture
def account(session: boto3.Session) -> Account:
    """What stands between the session and moto."""
    account = Account()
    account.attach(session)
    return account


@pytest.fixture
def reader(session: boto3.Session, account: Account) -> Iterator[AwsReader]:
    """A reader of that account."""
    reader = AwsReader(session, region=REGION)
    yield reader
    reader.close()


def test_equal_calls_are_asked_once(reader: AwsReader, account: Account) -> None:
    """However many facts ask the same at the same time, the account is asked once."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: reader.pages("sns:ListTopics", "Topics"), range(8)))
    assert (account.asked, answers) == (["sns:ListTopics"], [[]] * 8)


def test_calls_with_other_parameters_are_other_calls(
    reader: AwsReader, account: Account, session: boto3.Session
) -> None:
    """The parameters are part of a call."""
    session.client("s3").create_bucket(Bucket="a-bucket")
    account.asked.clear()
    reader.call("s3:GetBucketVersioning", Bucket="a-bucket")
    reader.call("s3:GetBucketLocation", Bucket="a-bucket")
    assert sorted(account.asked) == ["s3:GetBucketLocation", "s3:GetBucketVersioning"]


def test_pages_are_read_to_the_last(reader: AwsReader, session: boto3.Session) -> None:
    """A list that comes in pages is complete."""
    sns = session.client("sns")
    for number in range(120):
        sns.create_topic(Name=f"topic-{number}")
    assert len(reader.pages("sns:ListTopics", "Topics")) == 120


def test_nothing_is_sent_after_the_end(session: boto3.Session) -> None:
    """A reader that was closed opens no connection that nobody would close."""
    reader = AwsReader(session, region=REGION)
    reader.close()
    with pytest.raises(CancelledError):
        reader.call("sns:ListTopics")
    assert reader.requests == 0


@pytest.mark.parametrize(
    ("code", "reason", "permission"),
    [
        ("AccessDenied", Reason.DENIED, "lambda:ListFunctions"),
        ("AccessDeniedException", Reason.DENIED, "lambda:ListFunctions"),
        ("UnauthorizedOperation", Reason.DENIED, "lambda:ListFunctions"),
        ("ThrottlingException", Reason.THROTTLED, ""),
        ("TooManyRequestsException", Reason.THROTTLED, ""),
        ("UnknownOperationException", Reason.UNSUPPORTED, ""),
        ("InternalFailure", Reason.FAILED, ""),
    ],
)
def test_refusals_say_why(
    reader: AwsReader, account: Account, code: str, reason: Reason, permission: str
) -> None:
    """A refused call says why, and which action would allow it."""
    account.refused["lambda:ListFunctions"] = code
    with pytest.raises(SourceFailure) as caught:
        reader.pages("lambda:ListFunctions", "Functions")
    assert (caught.value.reason, caught.value.permission) == (reason, permission)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "RequestExpired"])
def test_expired_credentials_stop_everything(
    reader: AwsReader, account: Account, code: str
) -> None:
    """Credentials that ended are no matter of one call: they end the run."""
    account.refused["lambda:ListFunctions"] = code
    with pytest.raises(CredentialsError):
        reader.pages("lambda:ListFunctions", "Functions")


def test_everybody_who_waits_gets_the_refusal(reader: AwsReader, account: Account) -> None:
    """A shared call that is refused is refused for each that asked."""
    account.refused["sns:ListTopics"] = "AccessDenied"
    for _ in range(2):
        with pytest.raises(SourceFailure):
            reader.pages("sns:ListTopics", "Topics")
    assert account.asked == ["sns:ListTopics"]


def test_documented_absence_is_an_answer(reader: AwsReader, session: boto3.Session) -> None:
    """An error code that means "there is none" gives None; any other is a failure."""
    session.client("s3").create_bucket(Bucket="a-bucket")
    absent = ["NoSuchBucketPolicy"]
    assert reader.find("s3:GetBucketPolicy", absent=absent, Bucket="a-bucket") is None
    with pytest.raises(SourceFailure):
        reader.find("s3:GetBucketPolicy", absent=absent, Bucket="no-such-bucket")


def test_unreachable_endpoint_is_a_failure(session: boto3.Session) -> None:
    """An endpoint where nobody listens makes the call fail, with the call's name."""
    plain = boto3.Session("testing", "testing", region_name=REGION)
    reader = AwsReader(plain, region=REGION, endpoint_url="http://127.0.0.1:9")
    with pytest.raises(SourceFailure) as caught:
        reader.pages("sns:ListTopics", "Topics")
    assert caught.value.reason is Reason.UNREACHABLE


def test_undeclared_calls_are_defects(reader: AwsReader) -> None:
    """A fact cannot make a call that the least policy would not include."""
    with pytest.raises(InternalError, match="without declaring"):
        DeclaredCalls(reader, ["sns:ListTopics"]).call("iam:GetAccountSummary")


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("lambda:ListFunctions", "lambda:ListFunctions"),
        ("s3:ListBuckets", "s3:ListAllMyBuckets"),
        ("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("apigatewayv2:GetApis", "apigateway:GET"),
        ("sesv2:GetAccount", "ses:GetAccount"),
        ("sts:GetCallerIdentity", ""),
    ],
)
def test_the_action_of_a_call(call: str, action: str) -> None:
    """The IAM action of a call is the one of the Service Authorization Reference."""
    assert action_of(call) == action


def test_a_page_without_its_list_is_malformed(reader: AwsReader) -> None:
    """An answer that lacks the list that was asked for is not an empty list."""
    with pytest.raises(SourceFailure) as caught:
        reader.pages("sns:ListTopics", "NoSuchList")
    assert caught.value.reason is Reason.UNPARSABLE


def test_the_trace_names_calls_and_nothing_of_what_they_say(session: boto3.Session) -> None:
    """A trace has name, status and time of each call, and none of its parameters or answers."""
    lines: list[str] = []
    session.client("sns").create_topic(Name="hunter2")
    reader = AwsReader(session, region=REGION, trace=lines.append)
    reader.pages("sns:ListTopics", "Topics")
    reader.close()
    (line,) = lines
    assert re.fullmatch(r"sns:ListTopics 200 \d+ ms", line)
