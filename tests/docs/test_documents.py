"""The documents are true: links resolve, commands exist, examples do what they say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from readyctl.cli.app import app
from readyctl.cli.error_codes import CODES
from readyctl.clients.yamlfile import parse_yaml
from readyctl.evaluate.loader import check_from
from readyctl.evaluate.operators import OPERATORS
from readyctl.evaluate.scoring import score
from readyctl.gather.runner import discover
from readyctl.model.check import Check, Effort, Fix
from readyctl.model.finding import AppliedWaiver, Finding
from readyctl.model.status import Severity, Status
from readyctl.workflows.check import EXAMPLES_NOW, failures
from tests.docs.pages import ROOT, Page, pages

# Paths of one machine, addresses of one network, and words that say nothing.
FORBIDDEN = re.compile(
    r"/(?:work|tmp|root|home|Users)/|\bhttps?://(?:10|172|192)\.\d+|index-url|artifactory|"
    r"\bTODO\b|\bFIXME\b|"
    r"\b(?:simply|just works|easily|seamless\w*|powerful|robust)\b",
    re.IGNORECASE,
)
GLOBAL_WITH_VALUE = {"--config", "--env", "--color"}

each_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)


def _broken(page: Page, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return False
    place, _, anchor = link.partition("#")
    target = (page.path.parent / place).resolve() if place else page.path
    if not target.exists() or not target.is_relative_to(ROOT):
        return True
    return bool(anchor) and anchor not in Page(target).anchors()


@each_page
def test_links_resolve(page: Page) -> None:
    """Every relative link leads to a file of the project, and its anchor to a heading."""
    assert [link for link in page.links() if _broken(page, link)] == []


@each_page
def test_commands_exist(page: Page) -> None:
    """Every command and option of readyctl in a document is one of the application."""
    problems = [_unknown(line) for line in page.command_lines()]
    assert [problem for problem in problems if problem] == []


def _unknown(line: str) -> str:
    words = shlex.split(re.split(r"\s[>|#]|\s{2,}#", line)[0], comments=False)[1:]
    command: object = typer.main.get_command(app)
    options: set[str] = _options(command)
    skip = False
    for word in words:
        inner: dict[str, object] = getattr(command, "commands", {})
        if skip:
            skip = False
        elif word.startswith("-") and len(word) > 1:
            name = word.partition("=")[0]
            if name not in options:
                return f"{line}: no option {name}"
            skip = word in GLOBAL_WITH_VALUE
        elif inner:
            if word.isupper() or "|" in word:
                return ""
            if word not in inner:
                return f"{line}: no command {word}"
            command = inner[word]
            options |= _options(command)
    return ""


def _options(command: object) -> set[str]:
    parameters = getattr(command, "params", [])
    return {name for p in parameters for name in (*p.opts, *p.secondary_opts)} | {"--help"}


@each_page
def test_a_page_holds_no_path_of_a_machine_and_no_empty_word(page: Page) -> None:
    """No document names a path of one machine, or praises."""
    assert FORBIDDEN.findall(page.text) == []


@each_page
def test_error_codes_exist(page: Page) -> None:
    """Every error code in a document is one that readyctl can explain."""
    assert sorted(set(re.findall(r"\bE\d{4}\b", page.text)) - set(CODES)) == []


@each_page
def test_files_of_the_project_exist(page: Page) -> None:
    """Every file of the package that a document names exists."""
    named = re.findall(r"`((?:readyctl|schemas|templates|tests)/[\w./-]+)`", page.prose)
    assert [name for name in named if not (ROOT / name).exists()] == []


def _example_check() -> Check:
    page = Page(ROOT / "docs" / "adding-a-check.md")
    text = next(block for block in page.blocks("yaml") if block.startswith("id:"))
    data = parse_yaml(text, Path("example.yaml")).data
    assert isinstance(data, dict)
    return check_from(data, origin="docs/adding-a-check.md")


def test_the_check_in_the_guide_holds() -> None:
    """The check that docs/adding-a-check.md shows does on its examples what they say."""
    specs = {spec.name: spec for spec in discover()}
    assert list(failures(_example_check(), specs)) == []


def test_the_guide_lists_every_operator() -> None:
    """The table of operators has a row for each operator, and no other."""
    text = (ROOT / "docs" / "adding-a-check.md").read_text(encoding="utf-8")
    table = text.partition("## Operators")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(OPERATORS)


@pytest.mark.parametrize(
    ("operator", "observed", "value"),
    [
        ("equals", True, 1),
        ("in", "a", "abc"),
        ("contains", 7, 7),
        ("matches", 7, "7"),
        ("at_least", "7", 7),
        ("at_most", True, 7),
        ("younger_than_days", "2026-11-22T00:00:00", 7),
        ("younger_than_days", "2027-01-01T00:00:00Z", 7),
        ("version_at_least", "16.x", "16"),
        ("length_at_least", "abc", 2),
    ],
)
def test_an_operator_is_unknown_when_the_guide_says_so(
    operator: str, observed: str | int, value: str | int
) -> None:
    """What the guide calls unknown is neither true nor false."""
    assert OPERATORS[operator].compare(observed, value, EXAMPLES_NOW) is None


def _worked_example() -> list[Finding]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("A worked example")[2].partition("The waived finding")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (\d+) \| (.+?) \|", table, re.MULTILINE)
    return [_finding(name, severity, int(weight), said) for name, severity, weight, said in rows]


def _finding(name: str, severity: str, weight: int, said: str) -> Finding:
    status = Status(re.split(r"\W", said)[0])
    ratio = re.search(r"(\d+) of (\d+)", said)
    points = {Status.PASS: 1.0, Status.FAIL: 0.0}.get(status)
    waived = AppliedWaiver("", "", EXAMPLES_NOW.date()) if "waived" in said else None
    return Finding(
        check=name,
        title=name,
        category="",
        severity=Severity(severity),
        status=status,
        message="",
        why="",
        score=int(ratio[1]) / int(ratio[2]) if ratio else points,
        weight=weight,
        measure=None,
        items=(),
        evidence=(),
        fix=Fix(""),
        effort=Effort(0, 0),
        waiver=waived,
    )


def test_the_worked_example_is_what_the_code_computes() -> None:
    """The percentages of the worked example are those of the scoring rule."""
    found = score(_worked_example())
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    said = text.partition("The waived finding")[2].partition("\n## ")[0]
    percentages = [int(number) for number in re.findall(r"\*\*(\d+)%\*\*", said)]
    assert percentages == [found.low, found.high, found.assessed]


def test_every_document_is_reachable_from_the_readme() -> None:
    """Each page in docs/ is linked from the README or from a page that is."""
    reached, queue = set[Path](), [ROOT / "README.md"]
    while queue:
        path = queue.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        places = (link.partition("#")[0] for link in Page(path).links() if ":" not in link)
        queue += [(path.parent / place).resolve() for place in places if place]
    docs = {page.path for page in pages() if page.path.parent == ROOT / "docs"}
    assert sorted(path.name for path in docs - reached) == []
