-- Clients of the practice, and who cares for them.

create table clients (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  record_number text not null,
  user_id uuid unique,
  first_name text not null check (first_name <> ''),
  last_name text not null check (last_name <> ''),
  -- Row-level security uses an index only for columns: lower() could leak what it is given.
  first_name_key text not null generated always as (lower(first_name)) stored,
  last_name_key text not null generated always as (lower(last_name)) stored,
  date_of_birth date not null,
  email text,
  phone text,
  state_of_residence text check (state_of_residence ~ '^[A-Z]{2}$'),
  address text,
  preferred_channel text not null default 'email' check (preferred_channel in ('email', 'sms', 'none')),
  time_zone text,
  registered_by uuid default app.user_id(),
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (practice_id, id),
  unique (practice_id, record_number),
  foreign key (practice_id, user_id) references users (practice_id, id),
  foreign key (practice_id, registered_by) references users (practice_id, id)
);

-- The next record number of each practice; its row is locked until the client is stored.
create table record_counters (
  practice_id uuid primary key default app.practice_id() references practices (id),
  last integer not null default 0
);

-- What only those see who treat the client: not the front desk, not billing.
create table client_clinical_details (
  client_id uuid primary key,
  practice_id uuid not null default app.practice_id() references practices (id),
  presenting_problem text not null default '' check (length(presenting_problem) <= 4000),
  risk_level text not null default 'none' check (risk_level in ('none', 'low', 'moderate', 'high')),
  medications text not null default '' check (length(medications) <= 4000),
  allergies text not null default '' check (length(allergies) <= 4000),
  updated_at timestamptz not null default now(),
  foreign key (practice_id, client_id) references clients (practice_id, id) on delete cascade
);

create table client_contacts (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  full_name text not null check (full_name <> ''),
  relation text not null default '',
  phone text not null default '',
  emergency boolean not null default true,
  foreign key (practice_id, client_id) references clients (practice_id, id) on delete cascade
);

create table client_insurance (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  priority smallint not null default 1 check (priority between 1 and 3),
  payer text not null check (payer <> ''),
  payer_id text not null default '',
  member_id text not null check (member_id <> ''),
  group_number text not null default '',
  valid_from date,
  valid_until date check (valid_until >= valid_from),
  unique (client_id, priority),
  foreign key (practice_id, client_id) references clients (practice_id, id) on delete cascade
);

create index clients_by_name on clients (practice_id, last_name_key, first_name_key, id);
-- For names that begin with what somebody has typed.
create index clients_last_name on clients (practice_id, last_name_key collate "C");

create table care_team_members (
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  user_id uuid not null,
  primary_clinician boolean not null default false,
  added_at timestamptz not null default now(),
  primary key (client_id, user_id),
  foreign key (practice_id, client_id) references clients (practice_id, id) on delete cascade,
  foreign key (practice_id, user_id) references users (practice_id, id)
);

-- Emergency access: for a reason, to one client, for a while, and never in secret.
create table break_glass_grants (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  user_id uuid not null default app.user_id(),
  reason text not null check (length(reason) between 10 and 1000),
  granted_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  notified_at timestamptz,
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, user_id) references users (practice_id, id),
  check (expires_at > granted_at and expires_at <= granted_at + interval '24 hours')
);

create index clients_user on clients (practice_id, user_id);
create index clients_registered_by on clients (practice_id, registered_by);
create index client_clinical_details_client on client_clinical_details (practice_id, client_id);
create index client_contacts_client on client_contacts (practice_id, client_id);
create index client_insurance_client on client_insurance (practice_id, client_id);
create index care_team_members_user on care_team_members (user_id);
create index care_team_members_of_user on care_team_members (practice_id, user_id);
create index care_team_members_of_client on care_team_members (practice_id, client_id);
create index break_glass_grants_user on break_glass_grants (practice_id, user_id, expires_at);
create index break_glass_grants_client on break_glass_grants (practice_id, client_id);
create unique index care_team_members_primary on care_team_members (client_id)
  where primary_clinician;

create trigger clients_version before update on clients
  for each row execute function app.advance_version();

alter table clients enable row level security;
alter table clients force row level security;
alter table record_counters enable row level security;
alter table record_counters force row level security;
alter table client_clinical_details enable row level security;
alter table client_clinical_details force row level security;
alter table client_contacts enable row level security;
alter table client_contacts force row level security;
alter table client_insurance enable row level security;
alter table client_insurance force row level security;
alter table care_team_members enable row level security;
alter table care_team_members force row level security;
alter table break_glass_grants enable row level security;
alter table break_glass_grants force row level security;

create policy care_team_members_read on care_team_members for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy care_team_members_write on care_team_members to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'supervisor', 'front_desk', 'system'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'supervisor', 'front_desk', 'system'));

create policy break_glass_grants_read on break_glass_grants for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and (user_id = (select app.user_id()) or (select app.is_administrator())));
create policy break_glass_grants_take on break_glass_grants for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id())
              and (select app.role()) in ('therapist', 'supervisor', 'administrator'));
create policy break_glass_grants_end on break_glass_grants for update to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()));

-- Whose care team the caller is on, whom those treat whom they supervise, and whom an emergency
-- has opened. Policies call it once a statement.
create function app.my_client_ids() returns uuid[]
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(array_agg(c.client_id), '{}') from (
      select m.client_id from public.care_team_members m
        where m.user_id = any ((select app.my_supervisees() || app.user_id())::uuid[])
      union
      select b.client_id from public.break_glass_grants b
        where b.user_id = (select app.user_id()) and b.expires_at > now() and b.revoked_at is null
    ) c
  $$;

-- The registered client that the caller is.
create function app.my_client_id() returns uuid
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select c.id from public.clients c where c.user_id = (select app.user_id()) $$;

create policy clients_read on clients for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'billing_staff', 'system')
              or user_id = (select app.user_id())
              or id = any ((select app.my_client_ids())::uuid[])));
-- Whoever registers a client is not on its care team yet, hence insert is by role alone.
create policy clients_insert on clients for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and (select app.is_staff())
              and registered_by is not distinct from (select app.user_id()));
create policy clients_update on clients for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or id = any ((select app.my_client_ids())::uuid[])))
  with check (practice_id = (select app.practice_id()));

-- Clinicians take the clients into their care whom they register, in the moment in which they do:
-- afterwards a registration gives no access. The client's row is seen by whoever inserts it, too.
create policy clients_registered on clients for select to readyctl_app
  using (practice_id = (select app.practice_id()) and registered_by = (select app.user_id())
         and created_at = now() and (select app.is_staff()));
create policy care_team_members_registered on care_team_members for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id())
              and (select app.role()) in ('therapist', 'associate_trainee')
              and client_id in (select c.id from clients c
                                where c.registered_by = (select app.user_id())
                                  and c.created_at = now()));

create policy record_counters_staff on record_counters to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()))
  with check (practice_id = (select app.practice_id()) and (select app.is_staff()));

create policy client_clinical_details_care on client_clinical_details to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or client_id = any ((select app.my_client_ids())::uuid[])))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or client_id = any ((select app.my_client_ids())::uuid[])));

create policy client_contacts_read on client_contacts for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy client_contacts_write on client_contacts to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or client_id = any ((select app.my_client_ids())::uuid[])))
  with check (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or client_id = any ((select app.my_client_ids())::uuid[])));

create policy client_insurance_read on client_insurance for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'billing_staff', 'system')
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy client_insurance_write on client_insurance to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'billing_staff', 'system')
              or client_id = (select app.my_client_id())))
  with check (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'billing_staff', 'system')
              or client_id = (select app.my_client_id())));

grant select, insert, update on clients, record_counters, client_clinical_details, break_glass_grants
  to readyctl_app;
grant select, insert, update, delete on care_team_members, client_contacts, client_insurance
  to readyctl_app;
revoke execute on function app.my_client_ids(), app.my_client_id() from public;
grant execute on function app.my_client_ids(), app.my_client_id() to readyctl_app;
