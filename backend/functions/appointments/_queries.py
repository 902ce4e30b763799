"""The SQL of appointments. Row-level security decides which rows there are."""

from __future__ import annotations

from typing import LiteralString

# Clients book for themselves alone; staff for clients whom they see.
CLIENT: LiteralString = """
select id from clients
where id = coalesce(%(client_id)s, (select app.my_client_id()))
  and ((select app.is_staff()) or id = (select app.my_client_id()))
"""

CLINICIAN: LiteralString = """
select id from users
where id = %(clinician_id)s and role in ('supervisor', 'therapist', 'associate_trainee') and active
"""

SERVICE: LiteralString = "select minutes from service_codes where code = %(service_code)s"

SETTINGS: LiteralString = """
select slot_minutes, late_cancellation_hours from practice_settings
where practice_id = (select app.practice_id())
"""

# The hours that a clinician works in a span, in instants: by the week, and those beside it.
WORKED: LiteralString = """
select (day.day + s.starts) at time zone p.time_zone as starts_at,
       (day.day + s.ends) at time zone p.time_zone as ends_at
from practices p
cross join generate_series(
  date_trunc('day', %(since)s::timestamptz at time zone p.time_zone),
  %(until)s::timestamptz at time zone p.time_zone, interval '1 day') day (day)
join clinician_schedules s on s.weekday = extract(isodow from day.day) - 1
where p.id = (select app.practice_id()) and s.practice_id = p.id
  and s.user_id = %(clinician_id)s
union all
select e.starts_at, e.ends_at
from schedule_exceptions e
where e.practice_id = (select app.practice_id()) and e.user_id = %(clinician_id)s
  and e.kind = 'extra_hours' and e.status = 'approved'
  and e.starts_at < %(until)s and e.ends_at > %(since)s
"""

BUSY: LiteralString = """
select starts_at, ends_at
from app.busy_times(%(clinician_id)s, %(since)s, %(until)s, %(moved)s)
"""

CREATE: LiteralString = """
insert into appointments (client_id, clinician_id, starts_at, ends_at, service_code,
                          place_of_service, telehealth)
values (%(client_id)s, %(clinician_id)s, %(starts_at)s, %(ends_at)s, %(service_code)s,
        %(place_of_service)s, %(telehealth)s)
returning id
"""

# Whoever has an appointment no longer waits for one.
LEAVE_WAITLIST: LiteralString = """
update waitlist_entries set status = 'booked', version = version
where client_id = %(client_id)s and status in ('waiting', 'offered')
  and (clinician_id is null or clinician_id = %(clinician_id)s)
"""

GET: LiteralString = """
select a.id, a.client_id, c.first_name || ' ' || c.last_name as client_name, a.clinician_id,
       u.full_name as clinician_name, a.starts_at, a.ends_at, a.status, a.telehealth,
       a.service_code, a.place_of_service, a.version, a.cancel_reason, a.cancelled_at,
       a.cancelled_late, a.updated_at,
       (select s.id from telehealth_sessions s where s.appointment_id = a.id
        order by s.created_at desc limit 1) as telehealth_session_id
from appointments a
left join clients c on c.id = a.client_id
left join users u on u.id = a.clinician_id
where a.id = %(id)s
"""

PARTICIPANTS: LiteralString = """
select p.user_id, p.role, u.full_name
from appointment_participants p left join users u on u.id = p.user_id
where p.appointment_id = %(id)s
order by p.user_id
"""

LIST: LiteralString = """
select a.id, a.client_id, c.first_name || ' ' || c.last_name as client_name, a.clinician_id,
       u.full_name as clinician_name, a.starts_at, a.ends_at, a.status, a.telehealth,
       a.service_code, a.place_of_service, a.version
from appointments a
left join clients c on c.id = a.client_id
left join users u on u.id = a.clinician_id
where a.practice_id = (select app.practice_id())
  and (%(clinician_id)s::uuid is null or a.clinician_id = %(clinician_id)s)
  and (%(client_id)s::uuid is null or a.client_id = %(client_id)s)
  and (%(status)s::text is null or a.status = %(status)s)
  and (%(since)s::timestamptz is null or a.starts_at >= %(since)s)
  and (%(until)s::timestamptz is null or a.starts_at < %(until)s)
  and (a.starts_at, a.id) > (%(at)s::timestamptz, %(after)s::uuid)
order by a.starts_at, a.id
limit %(limit)s
"""

# Held until the end of the transaction: what is judged of it still holds when it is changed.
HOLD: LiteralString = """
select id, client_id, clinician_id, starts_at, ends_at, status from appointments
where id = %(id)s
for update
"""

UPDATE: LiteralString = """
update appointments set
  starts_at = %(starts_at)s, ends_at = %(ends_at)s, clinician_id = %(clinician_id)s,
  status = coalesce(%(status)s, status),
  service_code = case when %(set_service_code)s then %(service_code)s else service_code end,
  place_of_service = coalesce(%(place_of_service)s, place_of_service),
  telehealth = coalesce(%(telehealth)s, telehealth),
  version = %(version)s
where id = %(id)s
"""

CANCEL: LiteralString = """
update appointments set status = 'cancelled', cancel_reason = %(reason)s, cancelled_at = %(now)s,
                        cancelled_late = %(late)s, version = %(version)s
where id = %(id)s
"""

VOID_LINKS: LiteralString = "select app.void_confirmations(%(id)s)"

OFFER: LiteralString = """
select app.offer_slot(%(clinician_id)s, %(starts_at)s, %(ends_at)s, %(client_id)s) as entry_id
"""

CONFIRM: LiteralString = "select app.confirm_appointment(%(digest)s) as id"

CONFIRMED_CLIENT: LiteralString = "select client_id from appointments where id = %(id)s"

JOIN_WAITLIST: LiteralString = """
insert into waitlist_entries (client_id, clinician_id, weekdays, earliest, latest)
values (%(client_id)s, %(clinician_id)s, %(weekdays)s, %(earliest)s, %(latest)s)
returning id, client_id, clinician_id, weekdays, earliest, latest, status, version, created_at
"""
