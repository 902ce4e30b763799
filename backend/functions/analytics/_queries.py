"""The SQL of clinical analytics. Administrators see the practice, supervisors their own."""

from __future__ import annotations

from typing import LiteralString

# `scope` is who is counted: a supervisor, and those whom the supervisor answers for.
CLINICIANS: LiteralString = """
with span as (
  select %(first)s::date as first, %(last)s::date as last, p.time_zone as zone,
         %(first)s::timestamp at time zone p.time_zone as begins,
         (%(last)s::date + 1)::timestamp at time zone p.time_zone as ends
  from practices p
  where p.id = (select app.practice_id())
), scope as (
  select u.id, u.full_name
  from users u
  where u.practice_id = (select app.practice_id())
    and u.role in ('supervisor', 'therapist', 'associate_trainee') and u.active
    and (%(clinician_id)s::uuid is null or u.id = %(clinician_id)s)
    and ((select app.is_administrator()) or u.id = (select app.user_id())
         or u.id = any ((select app.my_supervisees())::uuid[]))
), booked as (
  select a.clinician_id, count(*) as appointments,
         count(*) filter (where a.status = 'completed') as completed,
         count(*) filter (where a.status = 'no_show') as no_show,
         count(*) filter (where a.status = 'cancelled') as cancelled,
         count(*) filter (where a.cancelled_late) as cancelled_late,
         sum(extract(epoch from a.ends_at - a.starts_at))
           filter (where a.status not in ('cancelled', 'no_show')) / 3600 as hours
  from appointments a, span
  where a.practice_id = (select app.practice_id())
    and a.starts_at >= span.begins and a.starts_at < span.ends
  group by a.clinician_id
), working as (
  select s.user_id,
         (day.day + s.starts) at time zone span.zone as starts,
         (day.day + s.ends) at time zone span.zone as ends
  from span, generate_series(span.first, span.last, interval '1 day') day (day),
       clinician_schedules s
  where s.practice_id = (select app.practice_id())
    and s.weekday = extract(isodow from day.day) - 1
), scheduled as (
  select w.user_id,
         sum(extract(epoch from w.ends - w.starts)
             - coalesce((select sum(extract(epoch from least(w.ends, e.ends_at)
                                                       - greatest(w.starts, e.starts_at)))
                         from schedule_exceptions e
                         where e.practice_id = (select app.practice_id())
                           and e.user_id = w.user_id and e.kind = 'time_off'
                           and e.status = 'approved'
                           and e.starts_at < w.ends and e.ends_at > w.starts), 0)) / 3600 as hours
  from working w
  group by w.user_id
), written as (
  select n.author_id, count(*) as notes,
         count(*) filter (where coalesce(n.signed_at, %(now)s::timestamptz) > n.due_at) as late
  from notes n, span
  where n.practice_id = (select app.practice_id())
    and n.created_at >= span.begins and n.created_at < span.ends
  group by n.author_id
), cared as (
  select m.user_id, count(*) as clients
  from care_team_members m join clients c on c.id = m.client_id
  where m.practice_id = (select app.practice_id()) and c.active
  group by m.user_id
)
select s.id as clinician_id, s.full_name,
       coalesce(c.clients, 0) as caseload,
       coalesce(b.appointments, 0) as appointments,
       coalesce(b.completed, 0) as completed,
       coalesce(b.no_show, 0) as no_show,
       coalesce(b.cancelled, 0) as cancelled,
       coalesce(b.cancelled_late, 0) as cancelled_late,
       coalesce(b.hours, 0)::float8 as booked_hours,
       greatest(coalesce(h.hours, 0), 0)::float8 as scheduled_hours,
       coalesce(w.notes, 0) as notes,
       coalesce(w.late, 0) as notes_late
from scope s
left join booked b on b.clinician_id = s.id
left join scheduled h on h.user_id = s.id
left join written w on w.author_id = s.id
left join cared c on c.user_id = s.id
order by s.full_name, s.id
"""

OUTCOMES: LiteralString = """
with span as (
  select %(first)s::timestamp at time zone p.time_zone as begins,
         (%(last)s::date + 1)::timestamp at time zone p.time_zone as ends
  from practices p
  where p.id = (select app.practice_id())
), scores as (
  select distinct a.instrument, a.client_id,
         first_value(a.score) over w as first, last_value(a.score) over w as last,
         count(*) over (partition by a.instrument, a.client_id) as taken
  from assessments a, span
  where a.practice_id = (select app.practice_id()) and a.score is not null
    and a.taken_at >= span.begins and a.taken_at < span.ends
    and (%(clinician_id)s::uuid is null
         or exists (select from care_team_members m
                    where m.client_id = a.client_id and m.user_id = %(clinician_id)s))
  window w as (partition by a.instrument, a.client_id order by a.taken_at, a.id
               rows between unbounded preceding and unbounded following)
)
select instrument, count(*) as clients, avg(first)::float8 as first, avg(last)::float8 as last,
       count(*) filter (where last < first) as improved
from scores
where taken > 1
group by instrument
order by instrument
"""
