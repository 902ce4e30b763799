"""Facts about readyctl's own settings that checks compare the system with."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact


class AuditSettings(TypedDict):
    """What the configuration says about the system and its environment."""

    system: str
    environment: str
    application_role: str
    ledger: str


@fact("settings", origin="files")
def settings(sources: Sources) -> AuditSettings:
    """The names that the configuration gives to the system, its role and its ledger."""
    environment = sources.settings.environment
    return AuditSettings(
        system=sources.settings.system,
        environment=environment.name,
        application_role=environment.database.application_role,
        ledger=environment.database.ledger,
    )
