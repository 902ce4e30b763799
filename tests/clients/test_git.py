"""Which commit a folder is at, by the files of its repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from readyctl.clients.git import head

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository on the branch main."""
    (tmp_path / ".git" / "refs" / "heads").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    return tmp_path


def test_commit_of_a_branch(repository: Path) -> None:
    """The commit is that of the branch that is checked out."""
    (repository / ".git/refs/heads/main").write_text(COMMIT + "\n", encoding="utf-8")
    assert head(repository) == COMMIT


def test_commit_of_a_packed_branch(repository: Path) -> None:
    """A branch that git has packed is found too."""
    packed = f"# pack-refs with: peeled\n{COMMIT} refs/heads/main\n"
    (repository / ".git/packed-refs").write_text(packed, encoding="utf-8")
    assert head(repository) == COMMIT


def test_commit_from_a_folder_below(repository: Path) -> None:
    """A folder inside a repository is at the repository's commit."""
    (repository / ".git/HEAD").write_text(COMMIT, encoding="utf-8")
    below = repository / "a" / "b"
    below.mkdir(parents=True)
    assert head(below) == COMMIT


def test_a_branch_without_a_commit(repository: Path) -> None:
    """A repository in which nothing was committed has no commit."""
    assert head(repository) == ""


def test_what_is_no_commit_is_not_shown(repository: Path) -> None:
    """Whatever else the files hold does not reach a report."""
    (repository / ".git/HEAD").write_text("ref: refs/heads/main", encoding="utf-8")
    (repository / ".git/refs/heads/main").write_text("not a commit", encoding="utf-8")
    assert head(repository) == ""


def test_references_in_a_circle_end(repository: Path) -> None:
    """A repository whose references go round is no endless loop."""
    (repository / ".git/refs/heads/main").write_text("ref: HEAD", encoding="utf-8")
    assert head(repository) == ""
