"""The SQL of tasks. Row-level security decides which rows there are."""

from __future__ import annotations

from typing import LiteralString

CLIENT: LiteralString = "select id from clients where id = %(client_id)s"

ASSIGNEE: LiteralString = """
select id from users where id = %(assignee_id)s and role <> 'client_user' and active
"""

CREATE: LiteralString = """
insert into tasks (title, description, client_id, assignee_id, priority, due_on)
values (%(title)s, %(description)s, %(client_id)s, %(assignee_id)s, %(priority)s, %(due_on)s)
returning id, title, description, client_id, creator_id, assignee_id, priority, status, due_on,
          ended_at, version, created_at, updated_at
"""

TELL: LiteralString = """
insert into notifications (user_id, kind, subject_kind, subject_id)
values (%(assignee_id)s, 'task.assigned', 'task', %(id)s)
"""

LIST: LiteralString = """
select id, title, description, client_id, creator_id, assignee_id, priority, status, due_on,
       ended_at, version, created_at, updated_at
from tasks
where practice_id = (select app.practice_id())
  and (%(assignee_id)s::uuid is null or assignee_id = %(assignee_id)s)
  and (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(status)s::text is null or status = %(status)s)
  and (%(priority)s::text is null or priority = %(priority)s)
  and (created_at, id) < (%(at)s::timestamptz, %(after)s::uuid)
order by created_at desc, id desc
limit %(limit)s
"""

UPDATE: LiteralString = """
update tasks set
  title = coalesce(%(title)s, title),
  description = coalesce(%(description)s, description),
  assignee_id = coalesce(%(assignee_id)s, assignee_id),
  priority = coalesce(%(priority)s, priority),
  due_on = case when %(set_due_on)s then %(due_on)s else due_on end,
  status = coalesce(%(status)s, status),
  ended_at = case when coalesce(%(status)s, status) in ('done', 'cancelled')
                  then coalesce(ended_at, now()) end,
  version = %(version)s
where id = %(id)s
returning id, title, description, client_id, creator_id, assignee_id, priority, status, due_on,
          ended_at, version, created_at, updated_at
"""
