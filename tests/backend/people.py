"""Two practices and some of their people, made by the owner of the tables."""

from __future__ import annotations

from typing import LiteralString

# Two practices; in the first: a host with a client of theirs, another therapist, an administrator.
PEOPLE: LiteralString = """
insert into practices (id, name) values
  ('00000000-0000-4000-8000-000000000001', 'One'), ('00000000-0000-4000-8000-000000000002', 'Two');
insert into users (id, practice_id, subject, role, full_name, email) values
  ('10000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
   'host', 'therapist', 'H', 'h@example.org'),
  ('10000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001',
   'other', 'therapist', 'O', 'o@example.org'),
  ('10000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001',
   'admin', 'administrator', 'A', 'a@example.org'),
  ('10000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001',
   'client', 'client_user', 'C', 'c@example.org'),
  ('10000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-000000000002',
   'stranger', 'administrator', 'S', 's@example.org');
insert into clients (id, practice_id, record_number, user_id, first_name, last_name, date_of_birth)
  values ('20000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001', 'R1',
          '10000000-0000-4000-8000-000000000004', 'C', 'C', '1990-01-01');
insert into care_team_members (practice_id, client_id, user_id) values
  ('00000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001',
   '10000000-0000-4000-8000-000000000001');
insert into appointments (id, practice_id, client_id, clinician_id, starts_at, ends_at) values
  ('30000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
   '20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001',
   '2026-01-05 10:00+00', '2026-01-05 11:00+00');
insert into telehealth_sessions (id, practice_id, appointment_id, client_id, host_id) values
  ('40000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
   '30000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001',
   '10000000-0000-4000-8000-000000000001');
insert into waiting_room_queue (id, practice_id, session_id, client_id) values
  ('50000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
   '40000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001');
"""
