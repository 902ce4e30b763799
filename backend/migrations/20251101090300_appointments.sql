-- Appointments; an exclusion constraint keeps a clinician from being booked twice.

create extension if not exists btree_gist;

-- What is billed, and where. Codes of the American Medical Association and of the CMS place of
-- service set: the few that a mental-health practice uses.
create table service_codes (
  code text primary key check (code ~ '^[0-9A-Z]{5}$'),
  title text not null,
  minutes smallint not null check (minutes between 5 and 240)
);
create table places_of_service (
  code text primary key check (code ~ '^[0-9]{2}$'),
  title text not null
);

insert into service_codes (code, title, minutes) values
  ('90791', 'Psychiatric diagnostic evaluation', 60),
  ('90832', 'Psychotherapy, 30 minutes', 30),
  ('90834', 'Psychotherapy, 45 minutes', 45),
  ('90837', 'Psychotherapy, 60 minutes', 60),
  ('90839', 'Psychotherapy for crisis, first 60 minutes', 60),
  ('90846', 'Family psychotherapy without the client', 50),
  ('90847', 'Family psychotherapy with the client', 50),
  ('90853', 'Group psychotherapy', 60),
  ('96127', 'Brief emotional or behavioral assessment', 15),
  ('99213', 'Office visit, established, low complexity', 20),
  ('99214', 'Office visit, established, moderate complexity', 30)
on conflict (code) do update set title = excluded.title, minutes = excluded.minutes;
insert into places_of_service (code, title) values
  ('02', 'Telehealth, other than in the home'),
  ('10', 'Telehealth, in the home'),
  ('11', 'Office'),
  ('53', 'Community mental health center')
on conflict (code) do update set title = excluded.title;

create table appointments (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  clinician_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'scheduled' check (status in (
    'scheduled', 'confirmed', 'checked_in', 'completed', 'no_show', 'cancelled')),
  telehealth boolean not null default false,
  service_code text references service_codes (code),
  place_of_service text not null default '11' references places_of_service (code),
  booked_by uuid default app.user_id(),
  cancel_reason text,
  cancelled_at timestamptz,
  cancelled_late boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (practice_id, id),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, clinician_id) references users (practice_id, id),
  foreign key (practice_id, booked_by) references users (practice_id, id),
  check (ends_at > starts_at and ends_at <= starts_at + interval '8 hours'),
  check ((status = 'cancelled') = (cancelled_at is not null)),
  check (status <> 'cancelled' or cancel_reason is not null),
  check (status = 'cancelled' or not cancelled_late),
  constraint appointments_no_double_booking exclude using gist (
    clinician_id with =, tstzrange(starts_at, ends_at) with &&)
    where (status not in ('cancelled', 'no_show'))
);

-- The week of a clinician, in the time zone of the practice. Weekdays count from Monday, 0.
create table clinician_schedules (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null,
  weekday smallint not null check (weekday between 0 and 6),
  starts time not null,
  ends time not null,
  foreign key (practice_id, user_id) references users (practice_id, id),
  check (ends > starts)
);

-- Time off, which a supervisor or administrator approves, and hours beside the usual ones.
create table schedule_exceptions (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null,
  kind text not null check (kind in ('time_off', 'extra_hours')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'requested'
    check (status in ('requested', 'approved', 'denied', 'withdrawn')),
  decided_by uuid,
  created_at timestamptz not null default now(),
  foreign key (practice_id, user_id) references users (practice_id, id),
  foreign key (practice_id, decided_by) references users (practice_id, id),
  check (ends_at > starts_at),
  check (status not in ('approved', 'denied') or decided_by is not null)
);

create table blocked_times (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  foreign key (practice_id, user_id) references users (practice_id, id),
  check (ends_at > starts_at)
);

-- A slot that somebody is about to book: kept for a few minutes, for them alone.
create table appointment_holds (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  clinician_id uuid not null,
  held_by uuid not null default app.user_id(),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  expires_at timestamptz not null,
  foreign key (practice_id, clinician_id) references users (practice_id, id),
  foreign key (practice_id, held_by) references users (practice_id, id),
  check (ends_at > starts_at)
);

-- Who comes beside the client and the clinician.
create table appointment_participants (
  appointment_id uuid not null,
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null,
  role text not null check (role in ('supervisor', 'interpreter', 'observer')),
  primary key (appointment_id, user_id),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id)
    on delete cascade,
  foreign key (practice_id, user_id) references users (practice_id, id)
);

-- The link of a reminder: single use, kept as a digest.
create table appointment_confirmations (
  token_sha256 text primary key check (token_sha256 ~ '^[0-9a-f]{64}$'),
  practice_id uuid not null default app.practice_id() references practices (id),
  appointment_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (practice_id, appointment_id) references appointments (practice_id, id)
    on delete cascade
);

-- Which reminder went out on which channel: never twice.
create table appointment_reminders (
  appointment_id uuid not null,
  practice_id uuid not null default app.practice_id() references practices (id),
  hours_before smallint not null,
  channel text not null check (channel in ('email', 'sms')),
  starts_at timestamptz not null,
  sent_at timestamptz not null default now(),
  primary key (appointment_id, starts_at, hours_before, channel),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id)
    on delete cascade
);

create table waitlist_entries (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  clinician_id uuid,
  weekdays smallint[] not null default '{}' check (weekdays <@ '{0,1,2,3,4,5,6}'),
  earliest time not null default '00:00',
  latest time not null default '23:59',
  status text not null default 'waiting'
    check (status in ('waiting', 'offered', 'booked', 'expired', 'removed')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (practice_id, id),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, clinician_id) references users (practice_id, id),
  check (latest > earliest)
);

create table waitlist_offers (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  entry_id uuid not null,
  clinician_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  offered_at timestamptz not null default now(),
  mailed_at timestamptz,
  unique (entry_id, clinician_id, starts_at),
  foreign key (practice_id, entry_id) references waitlist_entries (practice_id, id)
    on delete cascade,
  foreign key (practice_id, clinician_id) references users (practice_id, id),
  check (ends_at > starts_at)
);

create index appointments_client on appointments (practice_id, client_id, starts_at, id);
create index appointments_clinician on appointments (practice_id, clinician_id, starts_at, id);
create index appointments_booked_by on appointments (practice_id, booked_by);
create index appointments_service on appointments (service_code);
create index appointments_place on appointments (place_of_service);
create index clinician_schedules_user on clinician_schedules (practice_id, user_id);
create index schedule_exceptions_user on schedule_exceptions (practice_id, user_id, starts_at);
create index schedule_exceptions_decided_by on schedule_exceptions (practice_id, decided_by);
create index blocked_times_user on blocked_times (practice_id, user_id, starts_at);
create index appointment_holds_clinician on appointment_holds (practice_id, clinician_id, starts_at);
create index appointment_holds_held_by on appointment_holds (practice_id, held_by);
create index appointment_participants_appointment
  on appointment_participants (practice_id, appointment_id);
create index appointment_participants_user on appointment_participants (practice_id, user_id);
create index appointment_confirmations_appointment
  on appointment_confirmations (practice_id, appointment_id);
create index appointment_reminders_appointment
  on appointment_reminders (practice_id, appointment_id);
create index waitlist_entries_client on waitlist_entries (practice_id, client_id);
create index waitlist_entries_clinician on waitlist_entries (practice_id, clinician_id, status);
create unique index waitlist_entries_open on waitlist_entries (client_id, clinician_id)
  nulls not distinct where status in ('waiting', 'offered');
create index waitlist_offers_entry on waitlist_offers (practice_id, entry_id);
create index waitlist_offers_clinician on waitlist_offers (practice_id, clinician_id);
create index appointments_practice on appointments (practice_id, starts_at, id);

create trigger appointments_status before update of status on appointments
  for each row execute function app.enforce_transition(
    'scheduled>confirmed', 'scheduled>checked_in', 'scheduled>cancelled', 'scheduled>no_show',
    'confirmed>checked_in', 'confirmed>cancelled', 'confirmed>no_show',
    'checked_in>completed', 'checked_in>cancelled');
create trigger appointments_version before update on appointments
  for each row execute function app.advance_version();

create trigger schedule_exceptions_status before update of status on schedule_exceptions
  for each row execute function app.enforce_transition(
    'requested>approved', 'requested>denied', 'requested>withdrawn', 'approved>withdrawn');
create trigger waitlist_entries_status before update of status on waitlist_entries
  for each row execute function app.enforce_transition(
    'waiting>offered', 'waiting>booked', 'waiting>expired', 'waiting>removed',
    'offered>waiting', 'offered>booked', 'offered>expired', 'offered>removed');
create trigger waitlist_entries_version before update on waitlist_entries
  for each row execute function app.advance_version();

-- When a clinician cannot be booked, and nothing of why: whoever books sees no other client's
-- appointment, and must not. `moved` is the appointment that would make room by moving.
create function app.busy_times(clinician uuid, begins timestamptz, ends timestamptz, moved uuid)
  returns table (starts_at timestamptz, ends_at timestamptz)
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    caller text := coalesce(app.role(), '');
  begin
    perform set_config('app.role', 'system', true);
    return query
      select a.starts_at, a.ends_at from public.appointments a
        where a.practice_id = (select app.practice_id()) and a.clinician_id = clinician
          and a.status not in ('cancelled', 'no_show') and a.id is distinct from moved
          and a.starts_at < busy_times.ends and a.ends_at > begins
      union all
      select b.starts_at, b.ends_at from public.blocked_times b
        where b.practice_id = (select app.practice_id()) and b.user_id = clinician
          and b.starts_at < busy_times.ends and b.ends_at > begins
      union all
      select e.starts_at, e.ends_at from public.schedule_exceptions e
        where e.practice_id = (select app.practice_id()) and e.user_id = clinician
          and e.kind = 'time_off' and e.status = 'approved'
          and e.starts_at < busy_times.ends and e.ends_at > begins
      union all
      select h.starts_at, h.ends_at from public.appointment_holds h
        where h.practice_id = (select app.practice_id()) and h.clinician_id = clinician
          and h.held_by is distinct from (select app.user_id()) and h.expires_at > now()
          and h.starts_at < busy_times.ends and h.ends_at > begins;
    perform set_config('app.role', caller, true);
  end
  $$;

-- A moved or cancelled appointment takes the link of its reminder away: of one that the caller sees.
create function app.void_confirmations(appointment uuid) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    caller text := coalesce(app.role(), '');
  begin
    if exists (select from public.appointments a where a.id = appointment) then
      perform set_config('app.role', 'system', true);
      delete from public.appointment_confirmations c
        where c.practice_id = (select app.practice_id()) and c.appointment_id = appointment;
      perform set_config('app.role', caller, true);
    end if;
  end
  $$;

-- Offers a slot that became free to whoever has waited longest for one like it; returns that entry.
-- Whoever cancels sees no other client's entry, and must not.
create function app.offer_slot(clinician uuid, starts timestamptz, ends timestamptz, freed_by uuid)
  returns uuid
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    caller text := coalesce(app.role(), '');
    entry uuid;
  begin
    perform set_config('app.role', 'system', true);
    select e.id into entry
      from public.waitlist_entries e
      join public.practices p on p.id = e.practice_id
      where e.practice_id = (select app.practice_id()) and e.status = 'waiting' and e.client_id <> freed_by
        and (e.clinician_id is null or e.clinician_id = clinician)
        and (e.weekdays = '{}'
             or extract(isodow from starts at time zone p.time_zone) - 1 = any (e.weekdays))
        and (starts at time zone p.time_zone)::time >= e.earliest
        and (ends at time zone p.time_zone)::time <= e.latest
        and not exists (select from public.waitlist_offers o
                        where o.entry_id = e.id and o.clinician_id = clinician
                          and o.starts_at = starts)
      order by e.created_at, e.id
      limit 1
      for update of e skip locked;
    if entry is not null then
      insert into public.waitlist_offers (entry_id, clinician_id, starts_at, ends_at)
        values (entry, clinician, starts, ends);
      update public.waitlist_entries e set status = 'offered', version = e.version
        where e.id = entry;
    end if;
    perform set_config('app.role', caller, true);
    return entry;
  end
  $$;

-- Whoever holds the token of a reminder confirms that one appointment, once, and learns nothing.
-- It runs as the owner, whom the policies below let see the one row whose token was given.
create function app.confirm_appointment(token_digest text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    link record;
  begin
    perform set_config('app.confirmation', token_digest, true);
    update public.appointment_confirmations c set used_at = now()
      where c.token_sha256 = token_digest and c.used_at is null and c.expires_at > now()
      returning c.practice_id, c.appointment_id into link;
    if not found then
      return null;
    end if;
    perform set_config('app.practice_id', link.practice_id::text, true);
    perform set_config('app.role', 'system', true);
    perform set_config('app.confirmed_appointment', link.appointment_id::text, true);
    update public.appointments a set status = 'confirmed', version = a.version
      where a.id = link.appointment_id and a.status = 'scheduled' and a.starts_at > now();
    if not found then
      return null;
    end if;
    return link.appointment_id;
  end
  $$;

alter table service_codes enable row level security;
alter table service_codes force row level security;
alter table places_of_service enable row level security;
alter table places_of_service force row level security;
alter table appointments enable row level security;
alter table appointments force row level security;
alter table clinician_schedules enable row level security;
alter table clinician_schedules force row level security;
alter table schedule_exceptions enable row level security;
alter table schedule_exceptions force row level security;
alter table blocked_times enable row level security;
alter table blocked_times force row level security;
alter table appointment_holds enable row level security;
alter table appointment_holds force row level security;
alter table appointment_participants enable row level security;
alter table appointment_participants force row level security;
alter table appointment_confirmations enable row level security;
alter table appointment_confirmations force row level security;
alter table appointment_reminders enable row level security;
alter table appointment_reminders force row level security;
alter table waitlist_entries enable row level security;
alter table waitlist_entries force row level security;
alter table waitlist_offers enable row level security;
alter table waitlist_offers force row level security;

create policy service_codes_read on service_codes for select to readyctl_app
  using ((select app.role()) is not null);
create policy places_of_service_read on places_of_service for select to readyctl_app
  using ((select app.role()) is not null);

create policy appointments_read on appointments for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or client_id = (select app.my_client_id())));
create policy appointments_insert on appointments for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or client_id = (select app.my_client_id())));
create policy appointments_update on appointments for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or client_id = (select app.my_client_id())))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or client_id = (select app.my_client_id())));
create policy appointments_confirmed on appointments to current_user
  using (practice_id = (select app.practice_id())
         and id::text = (select current_setting('app.confirmed_appointment', true)))
  with check (practice_id = (select app.practice_id()));
create policy appointment_confirmations_given on appointment_confirmations to current_user
  using (token_sha256 = (select current_setting('app.confirmation', true)))
  with check (token_sha256 = (select current_setting('app.confirmation', true)));

-- When clinicians work, and when not, is known to all of the practice: clients book by it.
create policy clinician_schedules_read on clinician_schedules for select to readyctl_app
  using (practice_id = (select app.practice_id()));
create policy clinician_schedules_write on clinician_schedules to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((user_id = (select app.user_id()) and (select app.is_staff()))
              or (select app.is_administrator())))
  with check (practice_id = (select app.practice_id())
         and ((user_id = (select app.user_id()) and (select app.is_staff()))
              or (select app.is_administrator())));
create policy schedule_exceptions_read on schedule_exceptions for select to readyctl_app
  using (practice_id = (select app.practice_id()));
create policy schedule_exceptions_request on schedule_exceptions for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and status = 'requested'
         and user_id = (select app.user_id()) and (select app.is_staff()));
create policy schedule_exceptions_decide on schedule_exceptions for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator()) or user_id = any ((select app.my_supervisees())::uuid[])))
  with check (practice_id = (select app.practice_id()));
create policy blocked_times_read on blocked_times for select to readyctl_app
  using (practice_id = (select app.practice_id()));
create policy blocked_times_write on blocked_times to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((user_id = (select app.user_id()) and (select app.is_staff()))
              or (select app.role()) in ('administrator', 'front_desk')))
  with check (practice_id = (select app.practice_id())
         and ((user_id = (select app.user_id()) and (select app.is_staff()))
              or (select app.role()) in ('administrator', 'front_desk')));
-- Clients learn that a time is taken from `app.busy_times`, and not who is about to book it.
create policy appointment_holds_read on appointment_holds for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy appointment_holds_own on appointment_holds to readyctl_app
  using (practice_id = (select app.practice_id()) and held_by = (select app.user_id()))
  with check (practice_id = (select app.practice_id()) and held_by = (select app.user_id()));
create policy appointment_holds_expired on appointment_holds for delete to readyctl_app
  using (practice_id = (select app.practice_id()) and expires_at < now());

create policy appointment_participants_read on appointment_participants for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff())
              or exists (select from appointments a
                         where a.id = appointment_id
                           and a.client_id = (select app.my_client_id()))));
create policy appointment_participants_write on appointment_participants to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()))
  with check (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy appointment_confirmations_system on appointment_confirmations to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system')
  with check (practice_id = (select app.practice_id()) and (select app.role()) = 'system');
create policy appointment_reminders_system on appointment_reminders to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system')
  with check (practice_id = (select app.practice_id()) and (select app.role()) = 'system');

create policy waitlist_entries_all on waitlist_entries to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or client_id = (select app.my_client_id())))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or client_id = (select app.my_client_id())));
create policy waitlist_offers_read on waitlist_offers for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff())
              or exists (select from waitlist_entries e
                         where e.id = entry_id and e.client_id = (select app.my_client_id()))));
create policy waitlist_offers_write on waitlist_offers to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()))
  with check (practice_id = (select app.practice_id()) and (select app.is_staff()));

grant select on service_codes, places_of_service to readyctl_app;
grant select, insert, update on appointments, schedule_exceptions, waitlist_entries, waitlist_offers,
  appointment_reminders to readyctl_app;
grant select, insert, update, delete on clinician_schedules, blocked_times, appointment_holds,
  appointment_participants, appointment_confirmations to readyctl_app;
revoke execute on function app.busy_times(uuid, timestamptz, timestamptz, uuid),
  app.offer_slot(uuid, timestamptz, timestamptz, uuid), app.void_confirmations(uuid),
  app.confirm_appointment(text) from public;
grant execute on function app.busy_times(uuid, timestamptz, timestamptz, uuid),
  app.offer_slot(uuid, timestamptz, timestamptz, uuid), app.void_confirmations(uuid),
  app.confirm_appointment(text) to readyctl_app;
