"""`readyctl facts`: shows and compares what was observed."""

from __future__ import annotations

import json

from tests.cli.conftest import Project

_OLD = {"backup_plans": [{"name": "daily"}], "stacks": []}
_NEW = {"backup_plans": [{"name": "weekly"}], "stacks": []}


def test_fact_is_shown_with_source_and_time(project: Project) -> None:
    """A fact is shown with its calls and the moment of its observation."""
    project.facts(_OLD)
    out = project.run("facts", "show", "backup_plans", "--facts", "facts.json").out
    assert out.startswith("backup_plans   test\nobserved 2020-01-02T03:04:05+00:00")


def test_facts_of_the_last_audit_are_the_default(project: Project) -> None:
    """Without a file, the facts of the last audit are shown."""
    project.audited("ajar")
    assert '"name": "ajar"' in project.run("facts", "show", "backup_plans").out


def test_unknown_fact_is_refused(project: Project) -> None:
    """A fact that was not gathered is refused with what was meant."""
    project.facts(_OLD)
    ran = project.run("facts", "show", "backup_plan", "--facts", "facts.json")
    assert 'did you mean "backup_plans"?' in ran.err


def test_show_in_json_is_versioned(project: Project) -> None:
    """`--output json` names its schema."""
    project.facts(_OLD)
    ran = project.run("facts", "show", "--facts", "facts.json", "--output", "json")
    assert json.loads(ran.out)["schema"] == "readyctl.facts-show/1"


def test_diff_names_what_came_and_went(project: Project) -> None:
    """A row that came and one that went are two lines."""
    project.facts(_OLD, "a.json")
    project.facts(_NEW, "b.json")
    signs = [line[0] for line in project.run("facts", "diff", "a.json", "b.json").out.splitlines()]
    assert signs == ["-", "+"]


def test_diff_answers_with_its_exit_code_if_asked(project: Project) -> None:
    """A difference is 1 with --exit-code, and 0 without."""
    project.facts(_OLD, "a.json")
    project.facts(_NEW, "b.json")
    codes = [
        project.run("facts", "diff", "a.json", "b.json", *more).code
        for more in ((), ("--exit-code",))
    ]
    assert codes == [0, 1]


def test_equal_facts_do_not_differ(project: Project) -> None:
    """A file does not differ from itself."""
    project.facts(_OLD, "a.json")
    assert project.run("facts", "diff", "a.json", "a.json").out == ""
