-- Clients of the practice, and who cares for them.

create table clients (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null references practices (id),
  record_number text not null,
  user_id uuid unique references users (id),
  first_name text not null check (first_name <> ''),
  last_name text not null check (last_name <> ''),
  date_of_birth date not null,
  email text,
  phone text,
  state_of_residence text,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (practice_id, record_number)
);

create index clients_by_name on clients (practice_id, lower(last_name), lower(first_name), id);

create table care_team_members (
  practice_id uuid not null references practices (id),
  client_id uuid not null references clients (id) on delete cascade,
  user_id uuid not null references users (id),
  primary_clinician boolean not null default false,
  added_at timestamptz not null default now(),
  primary key (client_id, user_id)
);

create index care_team_members_user on care_team_members (user_id);
create index care_team_members_practice on care_team_members (practice_id);
create unique index care_team_members_primary on care_team_members (client_id)
  where primary_clinician;

create trigger clients_version before update on clients
  for each row execute function app.advance_version();

alter table clients enable row level security;
alter table clients force row level security;
alter table care_team_members enable row level security;
alter table care_team_members force row level security;

create policy care_team_members_read on care_team_members for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy care_team_members_write on care_team_members for all to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'supervisor', 'front_desk', 'system'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'supervisor', 'front_desk', 'system'));

create policy clients_read on clients for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'billing_staff', 'system')
              or user_id = (select app.user_id())
              or exists (select from care_team_members m
                         where m.client_id = clients.id and m.user_id = (select app.user_id()))));
-- Whoever registers a client is not on its care team yet, hence insert is by role alone.
create policy clients_insert on clients for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy clients_update on clients for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or exists (select from care_team_members m
                         where m.client_id = clients.id and m.user_id = (select app.user_id()))))
  with check (practice_id = (select app.practice_id()));

grant select, insert, update on clients to readyctl_app;
grant select, insert, update, delete on care_team_members to readyctl_app;
