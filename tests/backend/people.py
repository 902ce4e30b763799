"""Two practices of equal shape: everybody who works in one, and a row in every table."""

from __future__ import annotations

import re

_ZEROS = "0000-4000-8000-0000000000"

# In practice One `host` treats the client, `supervisor` answers for host and trainee, `other` has
# nothing to do with the client. A number in brackets is an id: its group, and which one of it.
_PRACTICE = """
insert into practices (id, name, time_zone) values ([p], '{name}', 'America/New_York');
insert into practice_settings (practice_id) values ([p]);
insert into users (id, practice_id, subject, role, full_name, email, supervisor_id) values
  ([1:6], [p], '{supervisor}', 'supervisor', 'U', 'u@{host}.example.org', null),
  ([1:1], [p], '{therapist}', 'therapist', 'H', 'h@{host}.example.org', [1:6]),
  ([1:2], [p], '{other}', 'therapist', 'O', 'o@{host}.example.org', null),
  ([1:3], [p], '{admin}', 'administrator', 'A', 'a@{host}.example.org', null),
  ([1:4], [p], '{client}', 'client_user', 'C', 'c@{host}.example.org', null),
  ([1:7], [p], '{trainee}', 'associate_trainee', 'T', 't@{host}.example.org', [1:6]),
  ([1:8], [p], '{billing}', 'billing_staff', 'B', 'b@{host}.example.org', null),
  ([1:9], [p], '{desk}', 'front_desk', 'D', 'd@{host}.example.org', null),
  ([1:b], [p], '{second}', 'client_user', 'E', 'e@{host}.example.org', null);
insert into users (id, practice_id, subject, role, full_name, email, active) values
  ([1:a], [p], '{inactive}', 'administrator', 'I', 'i@{host}.example.org', false);
insert into clinician_licences (id, practice_id, user_id, state, number, expires_on) values
  ([2a:1], [p], [1:1], 'NY', 'L1', '2099-12-31');
insert into staff_invitations (id, practice_id, email, role, token_sha256, invited_by,
                               expires_at)
  values ([2b:1], [p], 'new@{host}.example.org', 'therapist', md5('{name}1') || md5('{name}2'),
          [1:3], '2099-01-01');
insert into sign_in_attempts (id, practice_id, user_id, succeeded)
  values ([2c:1], [p], [1:1], true);
insert into clients (id, practice_id, record_number, user_id, first_name, last_name, date_of_birth,
                     state_of_residence, registered_by, created_at) values
  ([2:1], [p], 'C000001', [1:4], 'C', 'C', '1990-01-01', 'NY', [1:9], '2025-01-01'),
  ([2:2], [p], 'C000002', [1:b], 'E', 'E', '1991-01-01', 'NY', [1:9], '2025-01-02');
insert into record_counters (practice_id, last) values ([p], 2);
insert into client_clinical_details (client_id, practice_id) values ([2:1], [p]);
insert into client_contacts (id, practice_id, client_id, full_name)
  values ([2d:1], [p], [2:1], 'K');
insert into client_insurance (id, practice_id, client_id, payer, member_id)
  values ([2e:1], [p], [2:1], 'Payer', 'M1');
insert into care_team_members (practice_id, client_id, user_id, primary_clinician)
  values ([p], [2:1], [1:1], true);
insert into break_glass_grants (id, practice_id, client_id, user_id, reason, granted_at, expires_at)
  values ([2f:1], [p], [2:1], [1:2], 'an emergency that is over', '2025-01-01', '2025-01-01 12:00');
insert into clinician_schedules (id, practice_id, user_id, weekday, starts, ends)
  select gen_random_uuid(), [p], [1:1], day, '09:00', '17:00' from generate_series(0, 4) day;
insert into schedule_exceptions (id, practice_id, user_id, kind, starts_at, ends_at)
  values ([3a:1], [p], [1:1], 'time_off', '2026-08-01', '2026-08-08');
insert into blocked_times (id, practice_id, user_id, starts_at, ends_at)
  values ([3b:1], [p], [1:1], '2026-01-06 17:00+00', '2026-01-06 18:00+00');
insert into appointments (id, practice_id, client_id, clinician_id, starts_at, ends_at,
                          service_code) values
  ([3:1], [p], [2:1], [1:1], '2026-01-05 15:00+00', '2026-01-05 16:00+00', '90837'),
  ([3:2], [p], [2:1], [1:1], '2030-01-07 15:00+00', '2030-01-07 16:00+00', '90837');
insert into appointment_holds (id, practice_id, clinician_id, held_by, starts_at, ends_at,
                               expires_at)
  values ([3c:1], [p], [1:1], [1:4], '2030-01-08 15:00+00', '2030-01-08 16:00+00', '2030-01-01');
insert into appointment_participants (appointment_id, practice_id, user_id, role)
  values ([3:1], [p], [1:6], 'supervisor');
insert into appointment_confirmations (token_sha256, practice_id, appointment_id, expires_at)
  values (encode(sha256('{name}-token'), 'hex'), [p], [3:2], '2030-01-07');
insert into appointment_reminders (appointment_id, practice_id, hours_before, channel, starts_at)
  values ([3:1], [p], 24, 'email', '2026-01-05 15:00+00');
insert into waitlist_entries (id, practice_id, client_id, clinician_id)
  values ([3d:1], [p], [2:1], [1:1]);
insert into waitlist_offers (id, practice_id, entry_id, clinician_id, starts_at, ends_at)
  values ([3e:1], [p], [3d:1], [1:1], '2030-01-09 15:00+00', '2030-01-09 16:00+00');
insert into notes (id, practice_id, client_id, author_id, appointment_id, kind, sections, due_at)
  values ([6:1], [p], [2:1], [1:1], [3:1], 'progress', '{{"subjective": "s"}}', '2026-01-08');
insert into notes (id, practice_id, client_id, author_id, kind, sections, status, due_at, signed_at,
                   cosignature_due_at)
  values ([6:2], [p], [2:1], [1:7], 'progress', '{{"subjective": "t"}}', 'pending_cosignature',
          '2026-01-08', '2026-01-05', '2026-01-12');
insert into notes (id, practice_id, client_id, author_id, appointment_id, kind, sections, status,
                   due_at, signed_at)
  values ([6:3], [p], [2:1], [1:1], [3:1], 'progress', '{{"subjective": "u"}}', 'signed',
          '2026-01-08', '2026-01-05');
insert into note_versions (note_id, practice_id, version, sections, changed_by)
  values ([6:1], [p], 0, '{{}}', [1:1]);
insert into note_signatures (id, practice_id, note_id, user_id, kind, sections_sha256)
  values ([6a:1], [p], [6:3], [1:1], 'author', repeat('0', 64));
insert into note_reviews (id, practice_id, note_id, reviewer_id, decision, comment)
  values ([6b:1], [p], [6:3], [1:6], 'returned', 'c');
insert into note_addenda (id, practice_id, note_id, author_id, body)
  values ([6c:1], [p], [6:3], [1:1], 'b');
insert into note_unlock_requests (id, practice_id, note_id, requested_by, reason)
  values ([6d:1], [p], [6:3], [1:1], 'a reason that is long');
insert into note_diagnoses (note_id, practice_id, code) values ([6:1], [p], 'F41.1');
insert into assessments (id, practice_id, client_id, instrument, answers, score)
  values ([6e:1], [p], [2:1], 'PHQ-9', '{{"q9": 0}}', 4);
insert into tasks (id, practice_id, title, client_id, creator_id, assignee_id)
  values ([7:1], [p], 't', [2:1], [1:1], [1:1]);
insert into notifications (id, practice_id, user_id, kind, subject_kind)
  values ([7a:1], [p], [1:1], 'task.created', 'task');
insert into telehealth_sessions (id, practice_id, appointment_id, client_id, host_id)
  values ([4:1], [p], [3:1], [2:1], [1:1]);
insert into session_participants (id, practice_id, session_id, host_id, user_id, role)
  values ([4a:1], [p], [4:1], [1:1], [1:1], 'host');
insert into session_messages (id, practice_id, session_id, sender_id, body)
  values ([4b:1], [p], [4:1], [1:1], 'm');
insert into waiting_room_queue (id, practice_id, session_id, client_id)
  values ([5:1], [p], [4:1], [2:1]);
insert into telehealth_consents (id, practice_id, client_id, clinician_id, text_version,
                                 client_state, signed_by, signed_at, expires_at)
  values ([4c:1], [p], [2:1], [1:1], '1', 'NY', [1:4], '2026-01-01', '2026-12-31');
insert into session_recordings (id, practice_id, session_id, consent_id, provider_id)
  values ([4d:1], [p], [4:1], [4c:1], 'RM-{name}');
insert into session_transcripts (id, practice_id, session_id, job_name, requested_by)
  values ([4e:1], [p], [4:1], 'job-{name}', [1:1]);
insert into websocket_connections (connection_id, practice_id, session_id, user_id)
  values ('connection-{name}', [p], [4:1], [1:1]);
insert into message_reads (session_id, user_id, practice_id, position)
  values ([4:1], [1:1], [p], 1);
insert into documents (id, practice_id, client_id, kind, file_name, content_type, bytes, sha256,
                       object_key, uploaded_by)
  values ([8:1], [p], [2:1], 'upload', 'f.pdf', 'application/pdf', 1, repeat('0', 64), 'k-{name}',
          [1:1]);
insert into document_templates (id, practice_id, name, body) values ([8a:1], [p], 'Letter', 'b');
insert into portal_invitations (id, practice_id, client_id, token_sha256, invited_by, expires_at)
  values ([8b:1], [p], [2:1], md5('{name}3') || md5('{name}4'), [1:9], '2099-01-01');
insert into portal_forms (id, practice_id, title, questions) values ([8c:1], [p], 'F', '[]');
insert into portal_form_assignments (id, practice_id, form_id, client_id)
  values ([8d:1], [p], [8c:1], [2:1]);
insert into payments (id, practice_id, client_id, amount_cents) values ([9b:1], [p], [2:1], 5000);
insert into payment_events (event_id, practice_id, kind) values ('evt-{name}', [p], 'k');
insert into incident_to_checks (id, practice_id, appointment_id, supervisor_id, compliant, findings,
                                checked_by)
  values ([9c:1], [p], [3:1], [1:6], true, '{{}}', [1:8]);
insert into advancedmd_calls (id, practice_id, operation, user_id, status, milliseconds)
  values ([9d:1], [p], 'getpatient', [1:8], 200, 10);
insert into alerts (id, practice_id, kind, client_id, subject_kind, fingerprint)
  values ([ea:1], [p], 'security', [2:1], 'client', 'f');
insert into notification_rules (id, practice_id, event, role, channel)
  values ([eb:1], [p], 'note.signed', 'supervisor', 'portal');
insert into record_exports (id, practice_id, client_id, requested_by)
  values ([ec:1], [p], [2:1], [1:3]);
insert into ai_drafts (id, practice_id, client_id, author_id, purpose, model_id, prompt_version,
                       content)
  values ([ed:1], [p], [2:1], [1:1], 'progress-note', 'm', '1', '{{}}');
insert into job_runs (function, period, practice_id) values ('f', '2026-01-01', [p]);
insert into release_metrics (id, practice_id, release, moment, numbers)
  values ([ee:1], [p], 'r', 'before', '{{}}');
insert into quality_findings (id, practice_id, rule, subject_kind, subject_id)
  values ([ef:1], [p], 'r', 'client', [2:1]);
insert into outbox (id, practice_id, event, subject_kind, subject_id)
  values ([fa:1], [p], 'note.signed', 'note', [6:3]);
insert into consumed_events (practice_id, function, event_id) values ([p], 'f', 'e');
insert into idempotency_keys (practice_id, user_id, function, key, request_digest)
  values ([p], [1:1], 'f', 'k', 'd');

-- What only somebody who is known to the database can write.
select app.begin_request('{{"subject": "{admin}"}}');
insert into claims (id, practice_id, client_id, appointment_id, note_id, number)
  values ([9:1], [p], [2:1], [3:1], [6:3], 'N1');
insert into claim_lines (claim_id, practice_id, position, service_code, place_of_service,
                         diagnosis_code, charge_cents)
  values ([9:1], [p], 1, '90837', '11', 'F41.1', 15000);
insert into audit_log (action, subject_kind, subject_id) values ('read', 'profile', [1:1]);
select app.begin_request('{{}}');
"""

_ONE = {
    "name": "One",
    "host": "one",
    "supervisor": "supervisor",
    "therapist": "host",
    "other": "other",
    "admin": "admin",
    "client": "client",
    "second": "second",
    "trainee": "trainee",
    "billing": "billing",
    "desk": "desk",
    "inactive": "inactive",
}
_TWO = {
    "name": "Two",
    "host": "two",
    "supervisor": "stranger-supervisor",
    "therapist": "stranger-therapist",
    "other": "stranger-other",
    "admin": "stranger-administrator",
    "client": "stranger-client_user",
    "second": "stranger-second",
    "trainee": "stranger-associate_trainee",
    "billing": "stranger-billing_staff",
    "desk": "stranger-front_desk",
    "inactive": "stranger-inactive",
}


def identifier(group: str, which: str, practice: int = 1) -> str:
    """Return the id of a row: users are group 1, clients 2, appointments 3, notes 6, tasks 7."""
    return f"{group:0<8}-{_ZEROS}{practice - 1}{which}"


def practice_id(practice: int) -> str:
    """Return the id of practice One or Two."""
    return f"00000000-{_ZEROS}0{practice}"


def _practice(names: dict[str, str], practice: int) -> str:
    text = _PRACTICE.format(**names).replace("[p]", f"'{practice_id(practice)}'")
    return re.sub(
        r"\[(\w+):(\w)\]", lambda found: f"'{identifier(found[1], found[2], practice)}'", text
    )


PEOPLE = _practice(_ONE, 1) + _practice(_TWO, 2)
