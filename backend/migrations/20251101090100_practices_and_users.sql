-- Practices, the people who sign in, and the start of every request.

create table practices (
  id uuid primary key default gen_random_uuid(),
  name text not null check (name <> ''),
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now()
);

create table users (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null references practices (id),
  subject text not null unique,
  role text not null check (role in (
    'administrator', 'supervisor', 'therapist', 'associate_trainee',
    'billing_staff', 'front_desk', 'client_user')),
  full_name text not null,
  email text not null,
  supervisor_id uuid references users (id),
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (supervisor_id <> id)
);

create index users_practice on users (practice_id, role);
create index users_name on users (practice_id, full_name, id);
create index users_supervisor on users (supervisor_id);
create unique index users_email on users (practice_id, lower(email));

create trigger users_version before update on users
  for each row execute function app.advance_version();

alter table practices enable row level security;
alter table practices force row level security;
alter table users enable row level security;
alter table users force row level security;

create policy practices_read on practices for select to readyctl_app
  using (id = (select app.practice_id()));

-- Before the caller is known, exactly one row can be read: the one of the token's subject.
create policy users_self on users for select to readyctl_app
  using (subject = (select app.subject()));
create policy users_staff_read on users for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
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
grant select, insert, update on users to readyctl_app;

-- The first statement of every transaction. `request` holds `request_id`, and either `subject` (of
-- the verified token: role and practice come from the users table) or `practice_id` for the system
-- itself. One call, so that a pooler does not pin the session. An unknown or inactive subject
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
    return null;
  end
  $$;

revoke execute on all functions in schema app from public;
grant execute on all functions in schema app to readyctl_app;
