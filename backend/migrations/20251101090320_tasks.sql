-- Tasks of the staff, and what people are to be told.

create table tasks (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  title text not null check (length(title) between 1 and 200),
  description text not null default '' check (length(description) <= 4000),
  client_id uuid,
  creator_id uuid default app.user_id(),
  assignee_id uuid not null,
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  status text not null default 'open' check (status in ('open', 'in_progress', 'done', 'cancelled')),
  due_on date,
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, creator_id) references users (practice_id, id),
  foreign key (practice_id, assignee_id) references users (practice_id, id),
  check ((status in ('done', 'cancelled')) = (ended_at is not null))
);

create index tasks_list on tasks (practice_id, created_at, id);
create index tasks_assignee on tasks (practice_id, assignee_id, created_at, id);
create index tasks_creator on tasks (practice_id, creator_id, created_at, id);
create index tasks_client on tasks (practice_id, client_id);

create trigger tasks_status before update of status on tasks
  for each row execute function app.enforce_transition(
    'open>in_progress', 'open>done', 'open>cancelled',
    'in_progress>open', 'in_progress>done', 'in_progress>cancelled', 'done>open');
create trigger tasks_version before update on tasks
  for each row execute function app.advance_version();

-- Ids and a kind, never a record: the application shows what the reader may see of it.
create table notifications (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null,
  kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  subject_kind text not null,
  subject_id uuid,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  foreign key (practice_id, user_id) references users (practice_id, id)
);

create index notifications_user on notifications (practice_id, user_id, created_at, id);

alter table tasks enable row level security;
alter table tasks force row level security;
alter table notifications enable row level security;
alter table notifications force row level security;

create policy tasks_own on tasks to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff())
         and (assignee_id = (select app.user_id()) or creator_id = (select app.user_id())
              or assignee_id = any ((select app.my_supervisees())::uuid[])
              or (select app.is_administrator())))
  with check (practice_id = (select app.practice_id()) and (select app.is_staff()));

create policy notifications_own on notifications for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and (user_id = (select app.user_id()) or (select app.role()) = 'system'));
create policy notifications_read on notifications for update to readyctl_app
  using (practice_id = (select app.practice_id()) and user_id = (select app.user_id()))
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id()));
create policy notifications_tell on notifications for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and ((select app.is_staff()) or (select app.role()) = 'client_user'));

grant select, insert, update on tasks to readyctl_app;
grant select, insert, update (read_at) on notifications to readyctl_app;
