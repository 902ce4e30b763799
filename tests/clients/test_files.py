"""Tests of reading and writing files, and of walking a tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readyctl.clients import files
from readyctl.clients.files import read_text, sha256, shown, write_text
from readyctl.clients.tree import walk
from readyctl.errors import ConfigError


def _tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return root


def _names(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in walk(root, {".py"}).files]


def test_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark is no part of the text."""
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_text(tmp_path / "a") == "a: 1"


@pytest.mark.parametrize(
    ("content", "cause"), [(b"\xff", "not UTF-8 (byte 0)"), (None, "no such file")]
)
def test_unreadable(tmp_path: Path, content: bytes | None, cause: str) -> None:
    """A file that cannot be read says why."""
    if content is not None:
        (tmp_path / "a").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_text(tmp_path / "a")
    assert cause in caught.value.cause


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is not read."""
    monkeypatch.setattr(files, "MAX_BYTES", 2)
    (tmp_path / "a").write_text("abc")
    with pytest.raises(ConfigError):
        read_text(tmp_path / "a")


def test_write_replaces(tmp_path: Path) -> None:
    """A file is replaced as a whole, with the mode that was asked for."""
    path = tmp_path / "new" / "a"
    write_text(path, "old")
    write_text(path, "ä\n", mode=0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == ("ä\n".encode(), 0o600)


def test_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails keeps the old file, and leaves no temporary one."""
    (tmp_path / "a").write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="a cannot be written"):
        write_text(tmp_path / "a", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_sha256() -> None:
    """The digest is that of the bytes, in hexadecimal."""
    assert sha256(b"").startswith("e3b0c44298fc1c149afbf4c8996fb924")


def test_shown(tmp_path: Path) -> None:
    """A path inside the root is shown from there, another one in full."""
    assert (shown(tmp_path / "a/b", tmp_path), shown(Path("/x"), tmp_path)) == ("a/b", "/x")


def test_walk_is_ordered(tmp_path: Path) -> None:
    """Files are found in the order of their paths, by suffix."""
    assert _names(_tree(tmp_path, "b/x.py", "a/y.py", "z.txt", "c.py")) == [
        "a/y.py",
        "b/x.py",
        "c.py",
    ]


def test_walk_honours_gitignore(tmp_path: Path) -> None:
    """What git ignores is skipped, a nested .gitignore overrides, and skipping is counted."""
    _tree(tmp_path, "a.py", "gen/b.py", "gen/keep.py", "out/c.py")
    (tmp_path / ".gitignore").write_text("gen/*.py\nout/\n")
    (tmp_path / "gen/.gitignore").write_text("!keep.py\n")
    assert _names(tmp_path) == ["a.py", "gen/keep.py"]
    assert walk(tmp_path, {".py"}).skipped == {"ignored": 1, "ignored folders": 1}


def test_walk_skips_dependencies(tmp_path: Path) -> None:
    """Dependencies and version control are never entered."""
    assert _names(_tree(tmp_path, "node_modules/a/x.py", ".venv/y.py", ".git/z.py")) == []


def test_walk_stays_inside(tmp_path: Path) -> None:
    """A link out of the tree, to a file or a folder, is not followed."""
    _tree(tmp_path, "out/secret.py", "root/a.py")
    (tmp_path / "root/link.py").symlink_to(tmp_path / "out/secret.py")
    (tmp_path / "root/folder").symlink_to(tmp_path / "out")
    assert _names(tmp_path / "root") == ["a.py"]


def test_walk_needs_a_folder(tmp_path: Path) -> None:
    """A source folder that is not there is an error, not an empty tree."""
    with pytest.raises(ConfigError, match="there is no folder gone"):
        walk(tmp_path / "gone", {".py"})


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """What is no file keeps its place, and gets the text."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text(pipe, "text")
    assert (os.read(reader, 10), pipe.is_fifo()) == (b"text", True)
    os.close(reader)


def test_a_pipe_without_a_reader_is_an_error(tmp_path: Path) -> None:
    """Nobody waits for ever for somebody to read."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="pipe cannot be written"):
        write_text(tmp_path / "pipe", "text")


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    """A link neither leads the text elsewhere nor is lost."""
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(ConfigError):
        write_text(tmp_path / "link", "new")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "target").read_text()) == (True, "old")


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    """Where a file is expected, a folder is not said to be missing."""
    with pytest.raises(ConfigError) as caught:
        read_text(tmp_path)
    assert caught.value.cause == "it is a folder"


def test_the_root_folder_has_a_name_too() -> None:
    """The message names what cannot be written even where a path has no last part."""
    with pytest.raises(ConfigError, match=r"^/ cannot be written"):
        write_text(Path("/"), "text")
