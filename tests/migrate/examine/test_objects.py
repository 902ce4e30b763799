"""Security definer routines, publications, extensions, and all examinations together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from readyctl.local.state import LocalState
from readyctl.migrate.examine.definers import examine_definers
from readyctl.migrate.examine.everything import examine
from readyctl.migrate.examine.extensions import examine_extensions
from readyctl.migrate.examine.places import Places
from readyctl.migrate.examine.publications import examine_publications
from readyctl.migrate.source import read_folder
from readyctl.resources import bundled
from tests.migrate.examine.conftest import Shadow, migration, shadow_on

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("examine")]


@pytest.fixture(params=["local_empty", "fifteen"])
def shadow(request: pytest.FixtureRequest) -> Iterator[Shadow]:
    """An empty database, on the newest and on the oldest server."""
    state: LocalState = request.getfixturevalue(request.param)
    with shadow_on(state) as found:
        yield found


def _definer(setting: str, body: str = "as 'select 1'") -> str:
    return f"create function f() returns int language sql security definer {setting} {body};"


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (_definer(""), "has the search_path of its caller"),
        (
            "grant create on schema public to public;" + _definer("set search_path = public"),
            "looks into public, where public may create",
        ),
        (_definer("set search_path = pg_temp, public"), "temporary tables before"),
    ],
)
def test_a_definer_that_others_can_fool(shadow: Shadow, statements: str, said: str) -> None:
    """A path that is the caller's, or leads to where others create, is a flaw."""
    shadow.run(statements)
    (flaw,) = examine_definers(shadow.catalog(), Places(())).flaws
    assert said in flaw.message


@pytest.mark.parametrize(
    "statements",
    [
        _definer("set search_path = ''"),
        _definer("set search_path = pg_catalog, pg_temp"),
        _definer("set search_path to public, pg_temp"),
        _definer("", "begin atomic select 1; end"),
        "create function f() returns int language sql as 'select 1'",
    ],
)
def test_a_definer_that_nobody_can_fool(shadow: Shadow, statements: str) -> None:
    """A closed path, or a body that is parsed when it is made, is no flaw."""
    shadow.run(statements)
    assert examine_definers(shadow.catalog(), Places(())).flaws == ()


_PUBLISHED = "create table a (id int primary key); create table b (id int);"


def test_a_table_without_an_identity(shadow: Shadow) -> None:
    """A published table without a key is named: its updates fail."""
    shadow.run(f"{_PUBLISHED} create publication p for table a, b")
    (flaw,) = examine_publications(shadow.catalog(), {"a", "public.b"}).flaws
    assert flaw.object == "public.b"


@pytest.mark.parametrize(
    "statements",
    [
        "alter table b replica identity full; create publication p for table a, b",
        "create publication p for table a, b with (publish = 'insert')",
    ],
)
def test_a_table_that_needs_no_key(shadow: Shadow, statements: str) -> None:
    """A full identity, or a publication of inserts alone, needs no key."""
    shadow.run(_PUBLISHED + statements)
    found = examine_publications(shadow.catalog(), {"a", "b"})
    assert (found.flaws, found.decided) == ((), 1)


def test_subscriptions_and_publications_differ(shadow: Shadow) -> None:
    """What is subscribed to and not published is a flaw, and so is the other way round."""
    shadow.run(f"{_PUBLISHED} create publication p for table a; create publication empty")
    flaws = examine_publications(shadow.catalog(), {"b", "gone"}).flaws
    assert [flaw.message for flaw in flaws] == [
        "publication empty publishes no table",
        "public.a is published, and no source subscribes to it",
        "the sources subscribe to public.b, which is published by nobody",
        "the sources subscribe to public.gone, which is no table of the database",
    ]


def test_unknown_subscriptions_are_not_decided(shadow: Shadow) -> None:
    """Without the subscriptions, no publication counts as matching."""
    shadow.run(f"{_PUBLISHED} create publication p for table a")
    found = examine_publications(shadow.catalog(), None)
    assert (found.decided, [entry.what for entry in found.undecided]) == (0, ["p"])


def test_an_extension_that_aurora_has_not(shadow: Shadow) -> None:
    """An extension of the files that Aurora lacks is named with its place; others are not."""
    text = 'create extension if not exists pg_net;\ncreate extension "uuid-ossp";'
    found = examine_extensions(shadow.catalog(), [migration(text)])
    assert [(flaw.object, flaw.place) for flaw in found.flaws] == [("pg_net", "1_a.sql:1")]


def test_the_bundled_backend_is_clean(shadow: Shadow) -> None:
    """Nothing is wrong with the bundled migrations; what needs a caller is said."""
    files = read_folder(bundled("backend") / "migrations").migrations
    for name in ("readyctl_app",):
        shadow.run(
            f"do $$ begin create role {name}; exception when duplicate_object then null; end $$"
        )
    for file in files:
        shadow.run(file.text)
    found = {e.name: e for e in examine(shadow.session, files, application_role="readyctl_app")}
    assert [flaw for e in found.values() for flaw in e.flaws] == []
    assert (found["routines-valid"].decided, found["routines-valid"].undecided) == (27, ())
    refusing = [entry.what for entry in found["triggers-executable"].undecided]
    assert refusing == ["public.audit_log"]


def test_every_routine_of_many_is_decided(shadow: Shadow) -> None:
    """None of a hundred routines of twenty statements is passed over."""
    shadow.run("create table t (id int, name text)")
    body = "perform id, name from t where id = n; update t set name = 'a' where id = n;" * 10
    for number in range(100):
        shadow.run(
            f"create function f{number}(n int) returns void language plpgsql"
            f" as $$ begin {body} end $$"
        )
    found = {e.name: e for e in examine(shadow.session, execute_triggers=False)}
    assert found["routines-valid"].decided == 100


_RAISING = """create table t (x int);
create function no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
create trigger no before insert on t for each row execute function no();"""


@pytest.mark.parametrize(
    ("body", "undecided"),
    [("begin end", 0), ("begin perform gone(); end", 1), ("begin execute q; end", 1)],
)
def test_a_refusal_on_purpose(shadow: Shadow, body: str, undecided: int) -> None:
    """It decides as much as it runs; the rest is sound where every routine is."""
    shadow.run(_RAISING)
    shadow.run(f"create function f(q text) returns void language plpgsql as $$ {body} $$")
    found = {e.name: e for e in examine(shadow.session)}["triggers-executable"]
    assert (len(found.undecided), found.decided) == (undecided, 1 - undecided)


def test_triggers_are_left_alone_unless_asked(shadow: Shadow) -> None:
    """Without execution, triggers are undecided and never count as passed."""
    found = {e.name: e for e in examine(shadow.session, execute_triggers=False)}
    assert len(found["triggers-executable"].undecided) == 1
