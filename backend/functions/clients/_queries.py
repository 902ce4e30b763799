"""The SQL of clients. Row-level security decides which rows there are."""

from __future__ import annotations

from typing import LiteralString

NEXT_NUMBER: LiteralString = """
insert into record_counters as c (last) values (1)
on conflict (practice_id) do update set last = c.last + 1
returning 'C' || lpad(last::text, 6, '0') as record_number
"""

CREATE: LiteralString = """
insert into clients (record_number, first_name, last_name, date_of_birth, email, phone,
                     state_of_residence, address, preferred_channel)
values (%(record_number)s, %(first_name)s, %(last_name)s, %(date_of_birth)s, %(email)s, %(phone)s,
        %(state_of_residence)s, %(address)s, %(preferred_channel)s)
returning id
"""

CLINICIAN: LiteralString = """
select id from users
where id = %(id)s and role in ('supervisor', 'therapist', 'associate_trainee') and active
"""

JOIN_CARE_TEAM: LiteralString = """
insert into care_team_members (client_id, user_id, primary_clinician)
values (%(client_id)s, %(user_id)s, true)
"""

NO_PRIMARY: LiteralString = """
update care_team_members set primary_clinician = false
where client_id = %(client_id)s and primary_clinician and user_id <> %(user_id)s
"""

MAKE_PRIMARY: LiteralString = """
insert into care_team_members (client_id, user_id, primary_clinician)
values (%(client_id)s, %(user_id)s, true)
on conflict (client_id, user_id) do update set primary_clinician = true
"""

GET: LiteralString = """
select id, record_number, first_name, last_name, date_of_birth, email, phone, state_of_residence,
       address, preferred_channel, active, version, updated_at
from clients
where id = %(id)s
"""

CARE_TEAM: LiteralString = """
select m.user_id, u.full_name, m.primary_clinician
from care_team_members m join users u on u.id = m.user_id
where m.client_id = %(id)s
order by m.primary_clinician desc, u.full_name
"""

CLINICAL: LiteralString = """
select presenting_problem, risk_level, medications, allergies
from client_clinical_details
where client_id = %(id)s
"""

KEEP_CLINICAL: LiteralString = """
insert into client_clinical_details (client_id, presenting_problem, risk_level, medications,
                                     allergies)
values (%(client_id)s, %(presenting_problem)s, %(risk_level)s, %(medications)s, %(allergies)s)
on conflict (client_id) do update set
  presenting_problem = excluded.presenting_problem, risk_level = excluded.risk_level,
  medications = excluded.medications, allergies = excluded.allergies, updated_at = now()
"""

LIST: LiteralString = """
select c.id, c.record_number, c.first_name, c.last_name, c.date_of_birth, c.active,
       (select u.full_name from care_team_members m join users u on u.id = m.user_id
        where m.client_id = c.id and m.primary_clinician) as primary_clinician,
       c.last_name_key, c.first_name_key
from clients c
where c.practice_id = (select app.practice_id())
  and (%(active)s::boolean is null or c.active = %(active)s)
  and (%(last_name)s::text is null
       or (c.last_name_key collate "C" >= lower(%(last_name)s)
           and c.last_name_key collate "C" < lower(%(last_name)s) || chr(1114111)))
  and (c.last_name_key, c.first_name_key, c.id) > (%(last_key)s, %(first_key)s, %(after)s::uuid)
order by c.last_name_key, c.first_name_key, c.id
limit %(limit)s
"""

UPDATE: LiteralString = """
update clients set
  first_name = coalesce(%(first_name)s, first_name),
  last_name = coalesce(%(last_name)s, last_name),
  email = case when %(set_email)s then %(email)s else email end,
  phone = case when %(set_phone)s then %(phone)s else phone end,
  state_of_residence = case when %(set_state_of_residence)s then %(state_of_residence)s
                            else state_of_residence end,
  address = case when %(set_address)s then %(address)s else address end,
  preferred_channel = coalesce(%(preferred_channel)s, preferred_channel),
  active = coalesce(%(active)s, active),
  version = %(version)s
where id = %(id)s
returning id
"""
