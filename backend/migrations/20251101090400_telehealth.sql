-- Video sessions, who takes part, what is written, and the waiting room.
-- Policies look one way (messages and waiting room at sessions, sessions at participants),
-- because policies that look at each other recurse. That is why participants repeat the host.

create table telehealth_sessions (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  public_id text not null unique default replace(gen_random_uuid()::text, '-', ''),
  appointment_id uuid not null,
  client_id uuid not null,
  host_id uuid not null,
  status text not null default 'waiting'
    check (status in ('waiting', 'active', 'ended', 'cancelled')),
  max_participants smallint not null default 16 check (max_participants between 2 and 16),
  max_minutes smallint not null default 120 check (max_minutes between 1 and 120),
  started_at timestamptz,
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (practice_id, id),
  unique (id, host_id),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, host_id) references users (practice_id, id),
  check (ended_at >= started_at),
  check (status not in ('active', 'ended') or started_at is not null),
  check ((status = 'ended') = (ended_at is not null))
);

create index telehealth_sessions_practice on telehealth_sessions (practice_id, created_at, id);
create index telehealth_sessions_client on telehealth_sessions (practice_id, client_id);
create index telehealth_sessions_host on telehealth_sessions (practice_id, host_id);
create unique index telehealth_sessions_open on telehealth_sessions (appointment_id)
  where status in ('waiting', 'active');
create index telehealth_sessions_appointment on telehealth_sessions (practice_id, appointment_id);

create table session_participants (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  session_id uuid not null,
  host_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('host', 'client', 'observer')),
  status text not null default 'connecting'
    check (status in ('connecting', 'connected', 'reconnecting', 'disconnected')),
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  unique (session_id, user_id),
  foreign key (session_id, host_id) references telehealth_sessions (id, host_id)
    on update cascade on delete cascade,
  foreign key (practice_id, user_id) references users (practice_id, id),
  check ((role = 'host') = (user_id = host_id))
);

create index session_participants_session on session_participants (session_id, host_id);
create index session_participants_user on session_participants (practice_id, user_id);

create table session_messages (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  session_id uuid not null references telehealth_sessions (id) on delete cascade,
  position bigint generated always as identity,
  sender_id uuid references users (id),
  kind text not null default 'text' check (kind in ('text', 'system', 'file')),
  body text not null check (char_length(body) between 1 and 4000),
  created_at timestamptz not null default now(),
  check ((kind = 'system') = (sender_id is null))
);

create unique index session_messages_order on session_messages (session_id, position);
create index session_messages_sender on session_messages (sender_id);
create index session_messages_practice on session_messages (practice_id);

create table waiting_room_queue (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  session_id uuid not null references telehealth_sessions (id) on delete cascade,
  client_id uuid not null,
  status text not null default 'waiting'
    check (status in ('waiting', 'admitted', 'denied', 'left', 'timed_out')),
  entered_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references users (id),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  check ((status = 'waiting') = (decided_at is null)),
  check (status not in ('admitted', 'denied') or decided_by is not null)
);

create index waiting_room_queue_session on waiting_room_queue (session_id, entered_at);
create index waiting_room_queue_client on waiting_room_queue (practice_id, client_id);
create index waiting_room_queue_decided_by on waiting_room_queue (decided_by);
create unique index waiting_room_queue_waiting on waiting_room_queue (session_id, client_id)
  where status = 'waiting';

create trigger telehealth_sessions_status before update of status on telehealth_sessions
  for each row execute function app.enforce_transition(
    'waiting>active', 'active>ended', 'waiting>cancelled');
create trigger telehealth_sessions_version before update on telehealth_sessions
  for each row execute function app.advance_version();
create trigger session_participants_status before update of status on session_participants
  for each row execute function app.enforce_transition(
    'connecting>connected', 'connecting>disconnected', 'connected>reconnecting',
    'connected>disconnected', 'reconnecting>connected', 'reconnecting>disconnected',
    'disconnected>connecting');
create trigger waiting_room_queue_status before update of status on waiting_room_queue
  for each row execute function app.enforce_transition(
    'waiting>admitted', 'waiting>denied', 'waiting>left', 'waiting>timed_out');

-- The second name that was in use for the same thing. It runs as its reader: no policy is passed.
create view telehealth_waiting_rooms with (security_invoker = true) as
  select q.id, q.practice_id, q.session_id, q.client_id, s.host_id, q.status, q.entered_at,
         q.heartbeat_at, q.decided_at
  from waiting_room_queue q join telehealth_sessions s on s.id = q.session_id;

alter table telehealth_sessions enable row level security;
alter table telehealth_sessions force row level security;
alter table session_participants enable row level security;
alter table session_participants force row level security;
alter table session_messages enable row level security;
alter table session_messages force row level security;
alter table waiting_room_queue enable row level security;
alter table waiting_room_queue force row level security;

create policy session_participants_read on session_participants for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and (user_id = (select app.user_id()) or host_id = (select app.user_id())
              or (select app.is_administrator())));
create policy session_participants_insert on session_participants for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and (host_id = (select app.user_id()) or (select app.is_administrator())));
create policy session_participants_update on session_participants for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and (user_id = (select app.user_id()) or host_id = (select app.user_id())
              or (select app.is_administrator())))
  with check (practice_id = (select app.practice_id()));

create policy telehealth_sessions_read on telehealth_sessions for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and (host_id = (select app.user_id())
              or (select app.role()) in ('administrator', 'front_desk', 'system')
              or exists (select from session_participants p
                         where p.session_id = telehealth_sessions.id
                           and p.user_id = (select app.user_id()))
              or client_id = (select app.my_client_id())));
create policy telehealth_sessions_insert on telehealth_sessions for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and (host_id = (select app.user_id()) or (select app.is_administrator())));
create policy telehealth_sessions_update on telehealth_sessions for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and (host_id = (select app.user_id()) or (select app.is_administrator())))
  with check (practice_id = (select app.practice_id()));

-- A client who still waits sees the session, but not what is written in it.
create policy session_messages_read on session_messages for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from session_participants p
                     where p.session_id = session_messages.session_id
                       and p.user_id = (select app.user_id())));
create policy session_messages_insert on session_messages for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and ((sender_id = (select app.user_id())
               and exists (select from session_participants p
                           where p.session_id = session_messages.session_id
                             and p.user_id = (select app.user_id())))
              or (kind = 'system' and (select app.role()) = 'system')));

create policy waiting_room_queue_read on waiting_room_queue for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))
              or client_id = (select app.my_client_id())));
create policy waiting_room_queue_insert on waiting_room_queue for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and status = 'waiting'
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or client_id = (select app.my_client_id())));
-- Who waits may only leave or send a heartbeat; the host and administrators admit and deny.
create policy waiting_room_queue_update on waiting_room_queue for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))
              or client_id = (select app.my_client_id())))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))
              or (status in ('waiting', 'left')
                  and client_id = (select app.my_client_id()))));

grant select, insert, update on telehealth_sessions, session_participants, waiting_room_queue
  to readyctl_app;
grant select, insert on session_messages to readyctl_app;
grant select on telehealth_waiting_rooms to readyctl_app;
