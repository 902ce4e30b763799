-- Consent to telehealth, what is recorded of a session, and who is connected to it.

-- Good for a year; a text that changed, a withdrawal, or a state without a licence makes it void.
create table telehealth_consents (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  clinician_id uuid not null,
  text_version text not null check (text_version <> ''),
  client_state text not null check (client_state ~ '^[A-Z]{2}$'),
  recording boolean not null default false,
  signed_by uuid not null default app.user_id(),
  witness_id uuid,
  signed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  withdrawn_at timestamptz,
  reminded_at timestamptz,
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, clinician_id) references users (practice_id, id),
  foreign key (practice_id, signed_by) references users (practice_id, id),
  foreign key (practice_id, witness_id) references users (practice_id, id),
  check (expires_at > signed_at and expires_at <= signed_at + interval '1 year')
);

create table session_recordings (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  session_id uuid not null,
  consent_id uuid not null references telehealth_consents (id),
  provider_id text not null unique,
  status text not null default 'recording'
    check (status in ('recording', 'stored', 'failed', 'deleted')),
  object_key text unique,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (practice_id, session_id) references telehealth_sessions (practice_id, id),
  check ((status = 'stored') <= (object_key is not null))
);

create table session_transcripts (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  session_id uuid not null,
  status text not null default 'requested'
    check (status in ('requested', 'running', 'done', 'failed')),
  job_name text not null unique,
  body text,
  requested_by uuid not null default app.user_id(),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (practice_id, session_id) references telehealth_sessions (practice_id, id),
  foreign key (practice_id, requested_by) references users (practice_id, id),
  check ((status = 'done') = (body is not null))
);

create table websocket_connections (
  connection_id text primary key check (length(connection_id) between 1 and 128),
  practice_id uuid not null default app.practice_id() references practices (id),
  session_id uuid not null,
  user_id uuid not null default app.user_id(),
  connected_at timestamptz not null default now(),
  foreign key (practice_id, session_id) references telehealth_sessions (practice_id, id)
    on delete cascade,
  foreign key (practice_id, user_id) references users (practice_id, id)
);

-- How far each participant has read; it never goes back.
create table message_reads (
  session_id uuid not null,
  user_id uuid not null default app.user_id(),
  practice_id uuid not null default app.practice_id() references practices (id),
  position bigint not null check (position >= 0),
  read_at timestamptz not null default now(),
  primary key (session_id, user_id),
  foreign key (practice_id, session_id) references telehealth_sessions (practice_id, id)
    on delete cascade,
  foreign key (practice_id, user_id) references users (practice_id, id)
);

create index telehealth_consents_client on telehealth_consents (practice_id, client_id, signed_at);
create index telehealth_consents_clinician on telehealth_consents (practice_id, clinician_id);
create index telehealth_consents_signed_by on telehealth_consents (practice_id, signed_by);
create index telehealth_consents_witness on telehealth_consents (practice_id, witness_id);
create index telehealth_consents_ending on telehealth_consents (practice_id, expires_at);
create index session_recordings_session on session_recordings (practice_id, session_id);
create index session_recordings_consent on session_recordings (consent_id);
create index session_transcripts_session on session_transcripts (practice_id, session_id);
create index session_transcripts_requested_by on session_transcripts (practice_id, requested_by);
create index websocket_connections_session on websocket_connections (practice_id, session_id);
create index websocket_connections_user on websocket_connections (practice_id, user_id);
create index message_reads_session on message_reads (practice_id, session_id);
create index message_reads_user on message_reads (practice_id, user_id);

create trigger session_recordings_status before update of status on session_recordings
  for each row execute function app.enforce_transition(
    'recording>stored', 'recording>failed', 'stored>deleted');
create trigger session_transcripts_status before update of status on session_transcripts
  for each row execute function app.enforce_transition(
    'requested>running', 'requested>done', 'requested>failed', 'running>done', 'running>failed');

alter table telehealth_consents enable row level security;
alter table telehealth_consents force row level security;
alter table session_recordings enable row level security;
alter table session_recordings force row level security;
alter table session_transcripts enable row level security;
alter table session_transcripts force row level security;
alter table websocket_connections enable row level security;
alter table websocket_connections force row level security;
alter table message_reads enable row level security;
alter table message_reads force row level security;

create policy telehealth_consents_read on telehealth_consents for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy telehealth_consents_write on telehealth_consents for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and signed_by = (select app.user_id())
         and ((select app.is_administrator())
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy telehealth_consents_change on telehealth_consents for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) = 'system' or client_id = (select app.my_client_id())))
  with check (practice_id = (select app.practice_id()));

-- The clinician whose session it was keeps its record; whoever only takes part does not.
create policy session_recordings_host on session_recordings to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))));
create policy session_transcripts_host on session_transcripts to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or exists (select from telehealth_sessions s
                         where s.id = session_id and s.host_id = (select app.user_id()))));

-- Whoever takes part sees who is connected, to send to them; each binds only their own connection.
create policy websocket_connections_read on websocket_connections for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) = 'system' or user_id = (select app.user_id())
              or exists (select from session_participants p
                         where p.session_id = websocket_connections.session_id
                           and p.user_id = (select app.user_id()))));
create policy websocket_connections_bind on websocket_connections for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id())
         and exists (select from session_participants p
                     where p.session_id = websocket_connections.session_id
                       and p.user_id = (select app.user_id())));
create policy websocket_connections_release on websocket_connections for delete to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) = 'system' or user_id = (select app.user_id())
              or exists (select from session_participants p
                         where p.session_id = websocket_connections.session_id
                           and p.user_id = (select app.user_id()))));

create policy message_reads_read on message_reads for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from session_participants p
                     where p.session_id = message_reads.session_id
                       and p.user_id = (select app.user_id())));
create policy message_reads_own on message_reads to readyctl_app
  using (practice_id = (select app.practice_id()) and user_id = (select app.user_id()))
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id())
         and exists (select from session_participants p
                     where p.session_id = message_reads.session_id
                       and p.user_id = (select app.user_id())));

grant select, insert, update on telehealth_consents, session_recordings, session_transcripts,
  message_reads to readyctl_app;
grant select, insert, delete on websocket_connections to readyctl_app;
