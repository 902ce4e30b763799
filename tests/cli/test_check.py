"""`readyctl check` and `readyctl explain`: the checks themselves."""

from __future__ import annotations

import json

from readyctl.workflows.runs import last_scorecard
from readyctl.workflows.settings import Asked, load_settings
from tests.cli.conftest import CHECK, CONFIG, Project


def test_list_names_own_and_bundled_checks(project: Project) -> None:
    """The checks beside the configuration and the bundled ones are listed."""
    rows = json.loads(project.run("check", "list", "--output", "json").out)["data"]["checks"]
    assert {"vault-locked", "aurora-encrypted"} <= {row["id"] for row in rows}


def test_list_says_where_an_own_check_is_from(project: Project) -> None:
    """The file of an own check is shown."""
    assert "checks/compliance/vault-locked.yaml" in project.run("check", "list").out


def test_list_without_a_configuration_shows_the_bundled_checks(project: Project) -> None:
    """The checklist can be read before there is a system."""
    (project.root / "config.yaml").unlink()
    assert project.run("check", "list").code == 0


def test_category_filters_the_list(project: Project) -> None:
    """`--category` lists the checks of that category."""
    out = project.run("check", "list", "--category", "identity", "--output", "json").out
    assert {"identity"} == {row["category"] for row in json.loads(out)["data"]["checks"]}


def test_new_check_passes_its_test(project: Project) -> None:
    """What `check new` writes has three examples that hold."""
    project.run("check", "new", "stack-guarded", "--category", "backend")
    ran = project.run("check", "test", "stack-guarded")
    assert (ran.code, ran.out) == (0, "3 examples of 1 check, 0 failed\n")


def test_new_check_goes_beside_the_configuration(project: Project) -> None:
    """The file is where the checklist finds it."""
    project.run("check", "new", "stack-guarded", "--category", "backend")
    assert (project.root / "checks" / "backend" / "stack-guarded.yaml").is_file()


def test_new_check_does_not_replace_one(project: Project) -> None:
    """An id that is taken is refused."""
    assert "E0105" in project.run("check", "new", "vault-locked", "--category", "backend").err


def test_new_check_needs_a_known_category(project: Project) -> None:
    """A category that does not exist is refused with what was meant."""
    ran = project.run("check", "new", "x", "--category", "bakend")
    assert 'did you mean "backend"?' in ran.err


def test_new_check_needs_a_plain_id(project: Project) -> None:
    """An id that could leave the folder is refused."""
    assert "E0104" in project.run("check", "new", "../x", "--category", "backend").err


def test_example_that_does_not_hold_is_named(project: Project) -> None:
    """A check that contradicts its example fails its test."""
    wrong = CHECK.replace("{status: pass,", "{status: fail,")
    project.write("checks/compliance/vault-locked.yaml", wrong)
    ran = project.run("check", "test", "vault-locked")
    assert (ran.code, "the check says pass, not fail" in ran.out) == (1, True)


def test_example_of_another_shape_is_named(project: Project) -> None:
    """An example that no gatherer could have observed proves nothing."""
    wrong = CHECK.replace("[{name: ajar}]", "[{name: 3}]")
    project.write("checks/compliance/vault-locked.yaml", wrong)
    assert "never like this" in project.run("check", "test", "vault-locked").out


def test_all_bundled_examples_hold(project: Project) -> None:
    """`check test` runs the examples of every check."""
    assert project.run("check", "test").code == 0


def test_explain_shows_the_last_result(project: Project) -> None:
    """An explanation ends with what the last audit found."""
    project.audited("ajar")
    assert "1 of 1 vaults are open" in project.run("explain", "vault-locked").out


def test_explain_needs_no_audit(project: Project) -> None:
    """A check can be explained before anything was audited."""
    assert "The vault is locked" in project.run("explain", "vault-locked").out


def test_explain_knows_error_codes(project: Project) -> None:
    """An error code is explained, in either case and without a configuration."""
    (project.root / "config.yaml").unlink()
    assert project.run("explain", "e0302").out.startswith("E0302   A call was denied\n")


def test_explain_refuses_what_does_not_exist(project: Project) -> None:
    """A name that is neither gives an error."""
    assert project.run("explain", "E9999").code == 2


def test_explain_knows_the_findings_of_the_last_audit(project: Project) -> None:
    """The id of a finding explains its check."""
    project.audited()
    card = last_scorecard(load_settings(Asked()))
    (finding,) = (found for found in card.findings if found.check == "vault-locked")
    assert project.run("explain", finding.id).out.startswith("vault-locked")


def test_new_check_makes_the_configured_folder(project: Project) -> None:
    """The first check makes the folder that the configuration names."""
    project.write("config.yaml", CONFIG + "checks: [rules]\n")
    project.run("check", "new", "stack-guarded", "--category", "backend")
    assert (project.root / "rules" / "backend" / "stack-guarded.yaml").is_file()
