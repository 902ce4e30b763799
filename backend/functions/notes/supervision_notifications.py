"""supervision-notifications: sends the mails that co-signature and supervision events need."""

from __future__ import annotations

from backend.functions.notes import _queries
from backend.functions.notes._types import CosignatureChanged
from backend.integrations import mail
from backend.runtime.database import Transaction
from backend.runtime.declaration import APP_URL, MAIL_SENDER, SES
from backend.runtime.endpoint import consumer

_SUBJECTS = {
    "pending": "A note waits for your co-signature",
    "reminded": "A note still waits for your co-signature",
    "overdue": "A co-signature is overdue",
    "returned": "A note came back to you",
    "cosigned": "A note of yours was co-signed",
}


@consumer(
    "supervision-notifications",
    "cosignature.changed",
    parameters=(MAIL_SENDER, APP_URL),
    services=(SES,),
)
def handler(db: Transaction, event: CosignatureChanged) -> None:
    """Tell those who must know, in the application and by mail; the mail names nobody."""
    told = db.rows(_queries.TOLD, {"note_id": event.note_id, "state": event.state})
    for person in told:
        row = {"user_id": person["id"], "state": event.state, "note_id": event.note_id}
        db.run(_queries.TELL, row)
        db.audit("notify", "note", event.note_id, person["client_id"])
    for person in told:
        mail.send(person["email"], _SUBJECTS[event.state], mail.link(f"/notes/{event.note_id}"))
