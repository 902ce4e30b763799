"""Tests of the facts about source code, documents and settings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import boto3
import msgspec
import pytest

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather.base import FactSpec, Sources
from readyctl.gather.gatherers.configuration import settings as settings_fact
from readyctl.gather.gatherers.source import (
    documents,
    frontend_imports,
    realtime,
    realtime_subscriptions,
    source_functions,
    source_roots,
)
from tests.schemas import no_schemas

Read = Callable[[FactSpec, Mapping[str, str]], Any]


@pytest.fixture
def read(session: boto3.Session, settings: Settings) -> Read:
    """Write files, then read a fact with `web` as the source folder."""

    def observe(spec: FactSpec, files: Mapping[str, str]) -> Any:
        (settings.root / "web").mkdir()
        for name, text in files.items():
            path = settings.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        aws = AwsReader(session, region="us-east-1")
        with_source = replace(settings, source=(settings.root / "web",))
        sources = Sources(with_source, DeclaredCalls(aws, ()), PostgresReader(None), no_schemas())
        value = msgspec.convert(spec.read(sources), spec.shape)
        aws.close()
        return value

    return observe


def test_source_functions(read: Read) -> None:
    """Functions are found beside the manifest and in sources; what does not parse says where."""
    rows = read(
        source_functions,
        {
            "functions/notes/sign_note.py": "def handler(event, context): ...",
            "web/functions/tasks/list_tasks.py": "\n\ndef handler(:",
            "functions/notes/_shared.py": "x = 1",
            "functions/top.py": "x = 1",
            "functions/notes/deep/er.py": "x = 1",
        },
    )
    assert rows == [
        {
            "name": "sign-note",
            "file": "functions/notes/sign_note.py",
            "parses": True,
            "error_line": 0,
        },
        {
            "name": "list-tasks",
            "file": "web/functions/tasks/list_tasks.py",
            "parses": False,
            "error_line": 3,
        },
    ]


def test_no_source_functions(read: Read) -> None:
    """Without a functions folder nothing is written, and that is a fact."""
    assert read(source_functions, {}) == []


def test_frontend_imports(read: Read) -> None:
    """Imports of Supabase, or of a module that wraps it, come with file and line."""
    rows = read(
        frontend_imports,
        {
            "web/Chat.tsx": "\nimport { supabase } from '@/lib/supabaseClient'",
            "web/a.py": "import os\nfrom supabase import create_client",
            "web/b.ts": "import { a } from './supabases-of-others'; import b from 'superbase'",
        },
    )
    assert rows == [
        {"file": "web/Chat.tsx", "line": 2, "module": "@/lib/supabaseClient", "kind": "import"},
        {"file": "web/a.py", "line": 2, "module": "supabase", "kind": "import"},
    ]


def test_no_source_is_no_proof(read: Read) -> None:
    """A source folder that holds no code does not prove that nothing imports Supabase."""
    with pytest.raises(SourceFailure, match="no source code"):
        read(frontend_imports, {})


def test_realtime(read: Read) -> None:
    """Uses of Supabase Realtime come with file and line."""
    rows = read(realtime, {"web/a.ts": "// supabase\nsupabase.channel('x')"})
    assert rows == [{"file": "web/a.ts", "line": 2, "kind": "channel"}]


def test_subscriptions(read: Read) -> None:
    """What is listened to comes with file, line and table."""
    text = "// supabase\nc.on('postgres_changes', { table: 'rooms' }, f)"
    rows = read(realtime_subscriptions, {"web/a.ts": text})
    assert rows == [{"file": "web/a.ts", "line": 2, "table": "rooms"}]


def test_documents(read: Read) -> None:
    """Documents are listed with their digest."""
    rows = read(documents, {"docs/run.md": "x", "docs/code.py": "x"})
    assert rows == [{"path": "docs/run.md", "sha256": hashlib.sha256(b"x").hexdigest()}]


def test_settings(read: Read) -> None:
    """The settings that checks compare with are a fact."""
    assert read(settings_fact, {}) == {
        "system": "telehealth",
        "environment": "production",
        "application_role": "readyctl_app",
        "ledger": "readyctl.migrations",
    }


def test_source_roots_count_what_is_searched(read: Read) -> None:
    """A source folder counts its scripts, without those that are no source."""
    rows = read(
        source_roots,
        {
            "web/app.tsx": "export {}",
            "web/readme.md": "# text",
            "web/node_modules/lib.js": "export {}",
        },
    )
    assert rows == [{"path": "web", "scripts": 1}]
