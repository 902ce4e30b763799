"""The SQL of the dashboard. Row-level security decides which rows are counted."""

from __future__ import annotations

from typing import LiteralString

# Appointments are seen by all of the staff, so clinicians count their own; the day is the
# practice's.
STATS: LiteralString = """
with today as (
  select date_trunc('day', %(now)s::timestamptz at time zone p.time_zone) at time zone p.time_zone
           as begins,
         (date_trunc('day', %(now)s::timestamptz at time zone p.time_zone) + interval '1 day')
           at time zone p.time_zone as ends,
         (%(now)s::timestamptz at time zone p.time_zone)::date as day
  from practices p
  where p.id = (select app.practice_id())
)
select
  (select count(*) from clients c
    where c.practice_id = (select app.practice_id()) and c.active) as clients_active,
  (select count(*) from appointments a
    where a.practice_id = (select app.practice_id()) and a.status not in ('cancelled', 'no_show')
      and a.starts_at >= t.begins and a.starts_at < t.ends
      and (not %(own)s or a.clinician_id = (select app.user_id()))) as appointments_today,
  (select count(*) from appointments a
    where a.practice_id = (select app.practice_id())
      and a.status in ('scheduled', 'confirmed')
      and a.starts_at >= t.ends and a.starts_at < t.ends + interval '7 days'
      and (not %(own)s or a.clinician_id = (select app.user_id()))) as appointments_next_week,
  (select count(*) from telehealth_sessions s
    where s.practice_id = (select app.practice_id())
      and s.status in ('waiting', 'active')) as sessions_open,
  (select count(*) from notes n
    where n.practice_id = (select app.practice_id())
      and n.status in ('draft', 'returned')) as notes_open,
  (select count(*) from notes n
    where n.practice_id = (select app.practice_id())
      and n.status in ('draft', 'returned') and n.due_at < %(now)s) as notes_overdue,
  (select count(*) from notes n
    where n.practice_id = (select app.practice_id())
      and n.status = 'pending_cosignature') as cosignatures_pending,
  (select count(*) from tasks k
    where k.practice_id = (select app.practice_id())
      and k.status in ('open', 'in_progress')) as tasks_open,
  (select count(*) from tasks k
    where k.practice_id = (select app.practice_id())
      and k.status in ('open', 'in_progress') and k.due_on < t.day) as tasks_overdue
from today t
"""
