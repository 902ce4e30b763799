"""The SQL of notes. Row-level security decides which rows there are."""

from __future__ import annotations

from typing import LiteralString

TREATED: LiteralString = """
select id from clients
where id = %(client_id)s and id = any ((select app.my_client_ids())::uuid[])
"""

APPOINTMENT: LiteralString = """
select ends_at from appointments where id = %(appointment_id)s and client_id = %(client_id)s
"""

# The deadline counts from the end of the session, or from now where there was none.
CREATE: LiteralString = """
insert into notes (client_id, appointment_id, kind, format, sections, due_at)
values (%(client_id)s, %(appointment_id)s, %(kind)s, %(format)s, %(sections)s,
        coalesce((select a.ends_at from appointments a where a.id = %(appointment_id)s),
                 %(now)s::timestamptz)
        + make_interval(days => (select s.documentation_days::integer from practice_settings s
                                 where s.practice_id = (select app.practice_id()))))
returning id
"""

DROP_DIAGNOSES: LiteralString = "delete from note_diagnoses where note_id = %(id)s"

ADD_DIAGNOSES: LiteralString = """
insert into note_diagnoses (note_id, code, position)
select %(id)s, d.code, d.position
from unnest(%(codes)s::text[]) with ordinality d (code, position)
"""

GET: LiteralString = """
select id, client_id, author_id, appointment_id, kind, format, sections, status, due_at, signed_at,
       cosignature_due_at, cosignature_overdue, locked_at, version, created_at, updated_at,
       array(select d.code from note_diagnoses d where d.note_id = n.id
             order by d.position) as diagnoses
from notes n
where id = %(id)s
"""

VERSIONS: LiteralString = """
select version, sections, changed_by, changed_at from note_versions
where note_id = %(id)s
order by version
"""

SIGNATURES: LiteralString = """
select user_id, kind, sections_sha256, signed_at from note_signatures
where note_id = %(id)s
order by signed_at, id
"""

REVIEWS: LiteralString = """
select reviewer_id, decision, comment, decided_at from note_reviews
where note_id = %(id)s
order by decided_at, id
"""

LIST: LiteralString = """
select id, client_id, author_id, appointment_id, kind, format, status, due_at, signed_at,
       cosignature_due_at, cosignature_overdue, locked_at, version, created_at, updated_at
from notes
where practice_id = (select app.practice_id())
  and (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(author_id)s::uuid is null or author_id = %(author_id)s)
  and (%(status)s::text is null or status = %(status)s)
  and (created_at, id) < (%(at)s::timestamptz, %(after)s::uuid)
order by created_at desc, id desc
limit %(limit)s
"""

# Held until the end: what is judged, and signed, is what is there when it is changed.
OWN: LiteralString = """
select client_id, status, sections, signed_at from notes
where id = %(id)s and author_id = (select app.user_id())
for update
"""

UPDATE: LiteralString = """
update notes set
  kind = coalesce(%(kind)s, kind),
  format = coalesce(%(format)s, format),
  appointment_id = case when %(set_appointment_id)s then %(appointment_id)s
                        else appointment_id end,
  sections = coalesce(%(sections)s, sections),
  version = %(version)s
where id = %(id)s and author_id = (select app.user_id())
"""

SIGN: LiteralString = """
update notes set status = 'signed', signed_at = %(now)s, cosignature_overdue = false,
                 version = %(version)s
where id = %(id)s and author_id = (select app.user_id())
"""

ADD_SIGNATURE: LiteralString = """
insert into note_signatures (note_id, kind, sections_sha256) values (%(id)s, %(kind)s, %(digest)s)
"""

SUPERVISOR: LiteralString = """
select u.role, s.id as supervisor_id
from users u left join users s on s.id = u.supervisor_id and s.active
where u.id = (select app.user_id())
"""

ASK_COSIGNATURE: LiteralString = """
update notes set status = 'pending_cosignature', version = version,
  cosignature_due_at = %(now)s::timestamptz
    + make_interval(days => (select s.cosignature_days::integer from practice_settings s
                             where s.practice_id = (select app.practice_id())))
where id = %(id)s
"""

LOCK: LiteralString = """
update notes set status = 'locked', locked_at = %(now)s, version = version where id = %(id)s
"""

SUPERVISED: LiteralString = """
select client_id, status, sections from notes
where id = %(id)s and author_id = any ((select app.my_supervisees())::uuid[])
for update
"""

REVIEW: LiteralString = """
insert into note_reviews (note_id, decision, comment)
values (%(id)s, %(decision)s, %(comment)s)
"""

DECIDE: LiteralString = """
update notes set status = %(decision)s, cosignature_overdue = false, version = %(version)s
where id = %(id)s
"""

VERSION: LiteralString = "select version from notes where id = %(id)s"

MARK_OVERDUE: LiteralString = """
update notes set cosignature_overdue = true, version = version
where practice_id = (select app.practice_id()) and status = 'pending_cosignature'
  and cosignature_due_at < %(now)s and not cosignature_overdue
returning id, client_id
"""

# Who is told of a co-signature: the supervisor while it waits, with the administrators once it is
# late, and the author of what was decided.
TOLD: LiteralString = """
select u.id, u.email, n.client_id
from notes n
join users author on author.id = n.author_id
join users u on u.practice_id = n.practice_id and u.active
  and case when %(state)s in ('returned', 'cosigned') then u.id = author.id
           when %(state)s = 'overdue' then u.id = author.supervisor_id or u.role = 'administrator'
           else u.id = author.supervisor_id end
where n.id = %(note_id)s
order by u.id
"""

TELL: LiteralString = """
insert into notifications (user_id, kind, subject_kind, subject_id)
values (%(user_id)s, 'cosignature.' || %(state)s::text, 'note', %(note_id)s)
"""
