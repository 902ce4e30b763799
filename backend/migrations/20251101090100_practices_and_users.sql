-- Practices, the people who sign in, and the start of every request.

create table practices (
  id uuid primary key default gen_random_uuid(),
  name text not null check (name <> ''),
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now()
);

-- What a practice decides for itself.
create table practice_settings (
  practice_id uuid primary key default app.practice_id() references practices (id),
  slot_minutes smallint not null default 60 check (slot_minutes between 5 and 480),
  late_cancellation_hours smallint not null default 24 check (late_cancellation_hours between 0 and 168),
  reminder_hours smallint[] not null default '{48,24}'
    check (cardinality(reminder_hours) <= 5 and 1 <= all (reminder_hours) and 336 >= all (reminder_hours)),
  reminder_channels text[] not null default '{email}' check (reminder_channels <@ '{email,sms}'),
  documentation_days smallint not null default 3 check (documentation_days between 1 and 90),
  cosignature_days smallint not null default 7 check (cosignature_days between 1 and 90),
  lockout_days smallint not null default 7 check (lockout_days between 1 and 365),
  waiting_room_minutes smallint not null default 30 check (waiting_room_minutes between 1 and 240),
  updated_at timestamptz not null default now()
);

create table users (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  subject text not null unique,
  role text not null check (role in (
    'administrator', 'supervisor', 'therapist', 'associate_trainee',
    'billing_staff', 'front_desk', 'client_user')),
  full_name text not null,
  email text not null,
  phone text,
  supervisor_id uuid,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Foreign keys on both columns keep the practices apart: they do not look at policies.
  unique (practice_id, id),
  foreign key (practice_id, supervisor_id) references users (practice_id, id),
  check (supervisor_id <> id)
);

-- Where a clinician may practise; a consent is void where the client's state is not among them.
create table clinician_licences (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null,
  state text not null check (state ~ '^[A-Z]{2}$'),
  number text not null check (number <> ''),
  expires_on date not null,
  unique (user_id, state),
  foreign key (practice_id, user_id) references users (practice_id, id)
);

-- Of an invitation only the digest of its token is kept: whoever reads this table invites nobody.
create table staff_invitations (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  email text not null,
  role text not null check (role in (
    'administrator', 'supervisor', 'therapist', 'associate_trainee', 'billing_staff', 'front_desk')),
  token_sha256 text not null unique check (token_sha256 ~ '^[0-9a-f]{64}$'),
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  foreign key (practice_id, invited_by) references users (practice_id, id),
  check (expires_at > created_at)
);

create table sign_in_attempts (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid,
  succeeded boolean not null,
  address text not null default '' check (length(address) <= 64),
  at timestamptz not null default now(),
  foreign key (practice_id, user_id) references users (practice_id, id)
);

create index clinician_licences_user on clinician_licences (practice_id, user_id);
create index staff_invitations_inviter on staff_invitations (practice_id, invited_by);
create index sign_in_attempts_user on sign_in_attempts (practice_id, user_id, at);
create index sign_in_attempts_time on sign_in_attempts (practice_id, at);
create index users_practice on users (practice_id, role);
create index users_name on users (practice_id, full_name, id);
create index users_supervisor on users (practice_id, supervisor_id);
create unique index users_email on users (practice_id, lower(email));

create trigger staff_invitations_single_use before update on staff_invitations
  for each row execute function app.enforce_single_use('accepted_at');
create trigger users_version before update on users
  for each row execute function app.advance_version();

alter table practices enable row level security;
alter table practices force row level security;
alter table practice_settings enable row level security;
alter table practice_settings force row level security;
alter table users enable row level security;
alter table users force row level security;
alter table clinician_licences enable row level security;
alter table clinician_licences force row level security;
alter table staff_invitations enable row level security;
alter table staff_invitations force row level security;
alter table sign_in_attempts enable row level security;
alter table sign_in_attempts force row level security;

-- A schedule begins as the system of no practice, and sees which practices there are.
create policy practices_read on practices for select to readyctl_app
  using (id = (select app.practice_id())
         or ((select app.role()) = 'system' and (select app.practice_id()) is null));

create policy practice_settings_read on practice_settings for select to readyctl_app
  using (practice_id = (select app.practice_id()));
create policy practice_settings_write on practice_settings for update to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'administrator')
  with check (practice_id = (select app.practice_id()));

create policy clinician_licences_read on clinician_licences for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy clinician_licences_write on clinician_licences to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));

create policy staff_invitations_all on staff_invitations to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));

create policy sign_in_attempts_read on sign_in_attempts for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()));
create policy sign_in_attempts_insert on sign_in_attempts for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
              and (user_id = (select app.user_id()) or (select app.role()) = 'system'));

-- Before the caller is known, exactly one row can be read: the one of the token's subject.
create policy users_self on users for select to readyctl_app
  using (subject = (select app.subject()));
create policy users_staff_read on users for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
-- Clients read who treats in their practice; the functions show them names alone.
create policy users_clinicians_read on users for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'client_user'
         and role in ('supervisor', 'therapist', 'associate_trainee') and active);
create policy users_insert on users for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));
create policy users_update on users for update to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));

-- One's own row, in which role, practice and sign-in stay what they are.
create policy users_update_self on users for update to readyctl_app
  using (id = (select app.user_id()))
  with check (
    id = (select app.user_id()) and practice_id = (select app.practice_id())
    and role = (select app.role()) and subject = (select app.subject()) and active);

grant select on practices to readyctl_app;
grant select, update on practice_settings to readyctl_app;
grant select, insert, update on users, staff_invitations to readyctl_app;
grant select, insert, update, delete on clinician_licences to readyctl_app;
grant select, insert on sign_in_attempts to readyctl_app;

-- Whose notes and caseload a supervisor answers for.
create function app.my_supervisees() returns uuid[]
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(array_agg(u.id), '{}') from public.users u
    where u.supervisor_id = (select app.user_id()) and (select app.role()) = 'supervisor'
  $$;

-- The first statement of every transaction. `request` holds `request_id`, and either `subject` (of
-- the verified token: role and practice come from the users table), or `practice_id` for the system
-- in one practice, or `system` for the system in none. One call, so that a pooler does not pin the session. An unknown or inactive subject
-- stays nobody, and nobody sees nothing.
create function app.begin_request(request jsonb) returns text
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    caller record;
  begin
    perform set_config('app.request_id', coalesce(request ->> 'request_id', ''), true);
    perform set_config('app.subject', coalesce(request ->> 'subject', ''), true);
    perform set_config('app.user_id', '', true);
    perform set_config('app.practice_id', '', true);
    perform set_config('app.role', '', true);
    if request ? 'subject' then
      select u.id, u.practice_id, u.role into caller
        from public.users u where u.subject = request ->> 'subject' and u.active;
      if not found then
        return null;
      end if;
      perform set_config('app.user_id', caller.id::text, true);
      perform set_config('app.practice_id', caller.practice_id::text, true);
      perform set_config('app.role', caller.role, true);
      return caller.role;
    end if;
    if request ? 'practice_id' then
      perform set_config('app.practice_id', (request ->> 'practice_id')::uuid::text, true);
      perform set_config('app.role', 'system', true);
      return 'system';
    end if;
    if request ? 'system' then
      perform set_config('app.role', 'system', true);
      return 'system';
    end if;
    return null;
  end
  $$;

revoke execute on all functions in schema app from public;
grant execute on all functions in schema app to readyctl_app;
