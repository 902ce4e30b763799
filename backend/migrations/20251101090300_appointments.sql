-- Appointments; an exclusion constraint keeps a clinician from being booked twice.

create extension if not exists btree_gist;

create table appointments (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null references practices (id),
  client_id uuid not null references clients (id),
  clinician_id uuid not null references users (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'scheduled' check (status in (
    'scheduled', 'confirmed', 'checked_in', 'completed', 'no_show', 'cancelled')),
  telehealth boolean not null default false,
  cancel_reason text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (ends_at > starts_at),
  check (status <> 'cancelled' or cancel_reason is not null),
  constraint appointments_no_double_booking exclude using gist (
    clinician_id with =, tstzrange(starts_at, ends_at) with &&)
    where (status not in ('cancelled', 'no_show'))
);

create index appointments_client on appointments (client_id, starts_at);
create index appointments_clinician on appointments (clinician_id, starts_at);
create index appointments_practice on appointments (practice_id, starts_at, id);

create trigger appointments_status before update of status on appointments
  for each row execute function app.enforce_transition(
    'scheduled>confirmed', 'scheduled>checked_in', 'scheduled>cancelled', 'scheduled>no_show',
    'confirmed>checked_in', 'confirmed>cancelled', 'confirmed>no_show',
    'checked_in>completed', 'checked_in>cancelled');
create trigger appointments_version before update on appointments
  for each row execute function app.advance_version();

alter table appointments enable row level security;
alter table appointments force row level security;

create policy appointments_read on appointments for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff())
              or exists (select from clients c
                         where c.id = client_id and c.user_id = (select app.user_id()))));
create policy appointments_insert on appointments for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and ((select app.is_staff())
              or exists (select from clients c
                         where c.id = client_id and c.user_id = (select app.user_id()))));
create policy appointments_update on appointments for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_staff())
              or exists (select from clients c
                         where c.id = client_id and c.user_id = (select app.user_id()))))
  with check (practice_id = (select app.practice_id()));

grant select, insert, update on appointments to readyctl_app;
