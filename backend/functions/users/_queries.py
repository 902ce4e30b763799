"""The SQL of accounts. Row-level security decides which rows there are."""

from __future__ import annotations

from typing import LiteralString

SUPERVISOR: LiteralString = """
select id from users where id = %(supervisor_id)s and role = 'supervisor' and active
"""

CREATE: LiteralString = """
insert into users (id, subject, role, full_name, email, phone, supervisor_id)
values (%(id)s, %(id)s::uuid::text, %(role)s, %(full_name)s, %(email)s, %(phone)s,
        %(supervisor_id)s)
"""

SET_SUBJECT: LiteralString = """
update users set subject = %(subject)s, version = version
where id = %(id)s
returning id, full_name, email, phone, role, supervisor_id, active, version, created_at, updated_at
"""

LIST: LiteralString = """
select id, full_name, email, phone, role, supervisor_id, active, version, created_at, updated_at
from users
where practice_id = (select app.practice_id())
  and role <> 'client_user'
  and (%(role)s::text is null or role = %(role)s)
  and (%(active)s::boolean is null or active = %(active)s)
  and (%(search)s::text is null or position(lower(%(search)s) in lower(full_name)) > 0)
  and (full_name, id) > (%(name)s, %(after)s::uuid)
order by full_name, id
limit %(limit)s
"""

ROLE: LiteralString = "select role from users where id = %(id)s"

# Nobody changes their own role or state: so somebody is always left who can change it back.
OTHER: LiteralString = """
select subject from users
where id = %(id)s and role <> 'client_user' and id <> (select app.user_id())
"""

UPDATE_ROLE: LiteralString = """
update users set role = %(role)s, version = %(version)s
where id = %(id)s
returning id, full_name, email, phone, role, supervisor_id, active, version, created_at, updated_at
"""

UPDATE_ACTIVE: LiteralString = """
update users set active = %(active)s, version = %(version)s
where id = %(id)s
returning id, full_name, email, phone, role, supervisor_id, active, version, created_at, updated_at
"""

LOG_SIGN_IN: LiteralString = """
insert into sign_in_attempts (user_id, succeeded, address)
values (coalesce(%(user_id)s, (select app.user_id())), %(succeeded)s, %(address)s)
"""

DROP_RATE_LIMITS: LiteralString = "delete from rate_limits where window_ends < now()"

DROP_ANSWERS: LiteralString = """
delete from idempotency_keys
where practice_id = (select app.practice_id()) and created_at < now() - interval '1 day'
"""

DROP_HOLDS: LiteralString = """
delete from appointment_holds
where practice_id = (select app.practice_id()) and expires_at < now()
"""

# EventBridge retries for a day, and a dead-letter queue keeps an event for fourteen.
DROP_CONSUMED: LiteralString = """
delete from consumed_events
where practice_id = (select app.practice_id()) and consumed_at < now() - interval '15 days'
"""
