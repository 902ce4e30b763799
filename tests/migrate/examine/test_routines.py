"""Routines that name what is not there, and routines that only look as if they did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from readyctl.local.state import LocalState
from readyctl.migrate.examine.places import Places
from readyctl.migrate.examine.routines import examine_routines
from readyctl.model.expectation import Examination
from readyctl.model.status import Severity
from tests.migrate.examine.awkward_routines import AWKWARD
from tests.migrate.examine.broken_routines import BROKEN
from tests.migrate.examine.conftest import Shadow, migration, shadow_on
from tests.migrate.examine.schema import SCHEMA
from tests.migrate.examine.sound_routines import OPEN, SOUND

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("examine")]

_DROP = "drop routine if exists app.f cascade; drop table if exists app.profiles"


@pytest.fixture(scope="module", params=["local_empty", "fifteen"])
def cases(request: pytest.FixtureRequest) -> Iterator[Shadow]:
    """A database with the schema of the cases, on the newest and on the oldest server."""
    state: LocalState = request.getfixturevalue(request.param)
    with shadow_on(state) as shadow:
        shadow.run(SCHEMA)
        yield shadow


def examined(shadow: Shadow, statements: str) -> Examination:
    """Examine the schema while it has a routine more."""
    with shadow.having(statements, _DROP) as catalog:
        return examine_routines(shadow.session, catalog, Places(()))


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_missing_is_found(cases: Shadow, case: str) -> None:
    """A routine that cannot run is one flaw, with its SQLSTATE and the name that is missing."""
    statements, sqlstate, name = BROKEN[case]
    (flaw,) = examined(cases, statements).flaws
    assert f"({sqlstate})" in flaw.message
    assert name in flaw.message


@pytest.mark.parametrize("case", [*SOUND, *AWKWARD])
def test_what_works_is_no_flaw_and_is_decided(cases: Shadow, case: str) -> None:
    """A routine that works is no flaw, and nothing of it stays open."""
    found = examined(cases, (SOUND | AWKWARD)[case])
    assert (found.flaws, found.undecided) == ((), ())


@pytest.mark.parametrize("case", OPEN)
def test_what_cannot_be_told_is_said(cases: Shadow, case: str) -> None:
    """What only running could decide is neither a flaw nor passed over: it is named with why."""
    statements, reason = OPEN[case]
    found = examined(cases, statements)
    assert found.flaws == ()
    assert any(reason in entry.why for entry in found.undecided)


def test_nothing_of_a_routine_is_run(cases: Shadow) -> None:
    """Looking at a routine leaves no row and no number of a sequence behind."""
    body = "begin insert into app.settings values ('a', 'b'); perform nextval('numbers'); end"
    examined(cases, f"create function app.f() returns void language plpgsql as $$ {body} $$")
    assert cases.rows("select (select count(*) from app.settings), is_called from numbers") == [
        (0, False)
    ]


def test_a_flaw_names_its_line_in_the_file_and_the_nearest_name(shadow: Shadow) -> None:
    """A flaw has the file and line of the last definition, and the name that was probably meant."""
    text = (
        "create table profiles (id int);\n\ncreate function app_f() returns void\nlanguage plpgsql"
        " as $$\nbegin\n  perform id\n  from profile;\nend $$;\n"
    )
    shadow.run(text)
    places = Places(
        [
            migration("create function app_f() returns void language sql as ''", "1_a.sql"),
            migration(text, "2_b.sql"),
        ]
    )
    (flaw,) = examine_routines(shadow.session, shadow.catalog(), places).flaws
    assert (flaw.place, flaw.hint) == ("2_b.sql:7", "the nearest that exists is public.profiles")


def test_a_failure_is_that_of_the_routine_in_which_it_is(shadow: Shadow) -> None:
    """A routine that calls a broken one while it is planned is no flaw: the broken one is."""
    shadow.run(
        "create table visits (id int); create function bad() returns int language plpgsql stable as"
        " 'begin return (select 1 from gone); end'; create function caller() returns void language"
        " plpgsql as 'begin perform 1 from visits where id = bad(); end'"
    )
    found = examine_routines(shadow.session, shadow.catalog(), Places(()))
    assert [flaw.object for flaw in found.flaws] == ["public.bad()"]


def test_a_failure_that_others_hides_is_medium(shadow: Shadow) -> None:
    """WHEN OTHERS around a statement that never works is a flaw, and says that it hides it."""
    shadow.run(
        "create function f() returns void language plpgsql as 'begin perform 1 from gone; exception"
        " when others then null; end'"
    )
    (flaw,) = examine_routines(shadow.session, shadow.catalog(), Places(())).flaws
    assert (flaw.severity, flaw.message.endswith("WHEN OTHERS hides it when it runs")) == (
        Severity.MEDIUM,
        True,
    )
