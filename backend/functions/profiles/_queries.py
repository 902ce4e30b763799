"""The SQL of profiles. Row-level security decides which rows there are."""

from __future__ import annotations

from typing import LiteralString

GET: LiteralString = """
select id, full_name, email, role, active, version, updated_at
from users
where id = %(id)s and role <> 'client_user'
"""

LIST: LiteralString = """
select id, full_name, email, role, active, version, updated_at
from users
where practice_id = (select app.practice_id())
  and role <> 'client_user'
  and (%(role)s::text is null or role = %(role)s)
  and (%(search)s::text is null or position(lower(%(search)s) in lower(full_name)) > 0)
  and (full_name, id) > (%(name)s, %(after)s::uuid)
order by full_name, id
limit %(limit)s
"""

UPDATE: LiteralString = """
update users set full_name = %(full_name)s, version = %(version)s
where id = %(id)s and role <> 'client_user'
returning id, full_name, email, role, active, version, updated_at
"""
