-- Alerts and rules, exports of records, drafts of the language model, and how operations fare.

create table alerts (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  kind text not null check (kind in (
    'critical_assessment', 'unusual_access', 'missing_documentation', 'malware', 'break_glass',
    'security', 'data_quality', 'backup')),
  client_id uuid,
  subject_kind text not null,
  subject_id uuid,
  -- One alert for one thing: whoever looks twice raises it once.
  fingerprint text not null,
  status text not null default 'open' check (status in ('open', 'acknowledged', 'resolved')),
  acknowledged_by uuid,
  created_at timestamptz not null default now(),
  unique (practice_id, kind, fingerprint),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, acknowledged_by) references users (practice_id, id),
  check (status = 'open' or acknowledged_by is not null)
);

create table notification_rules (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  event text not null check (event ~ '^[a-z_]+\.[a-z_]+$'),
  role text check (role in (
    'administrator', 'supervisor', 'therapist', 'associate_trainee', 'billing_staff', 'front_desk')),
  user_id uuid,
  channel text not null check (channel in ('email', 'portal')),
  active boolean not null default true,
  foreign key (practice_id, user_id) references users (practice_id, id),
  check ((role is null) <> (user_id is null))
);

create table record_exports (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  requested_by uuid not null default app.user_id(),
  status text not null default 'requested' check (status in ('requested', 'done', 'failed')),
  object_key text,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, requested_by) references users (practice_id, id),
  check ((status = 'done') = (object_key is not null and sha256 is not null))
);

-- What a language model proposed. Nothing of it is in a note until a person has accepted it; what
-- it was asked is not kept.
create table ai_drafts (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  author_id uuid not null default app.user_id(),
  purpose text not null check (purpose ~ '^[a-z][a-z-]*$'),
  model_id text not null,
  prompt_version text not null,
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  risk_flags text[] not null default '{}',
  status text not null default 'proposed' check (status in ('proposed', 'accepted', 'discarded')),
  note_id uuid,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, author_id) references users (practice_id, id),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  check ((status = 'proposed') = (decided_at is null)),
  check (status = 'accepted' or note_id is null)
);

-- A run of a schedule for a period: the period makes a second run of it the same one.
create table job_runs (
  function text not null,
  period text not null,
  practice_id uuid not null default app.practice_id() references practices (id),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  counts jsonb not null default '{}' check (jsonb_typeof(counts) = 'object'),
  primary key (practice_id, function, period)
);

create table release_metrics (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  release text not null check (length(release) between 1 and 100),
  moment text not null check (moment in ('before', 'after')),
  numbers jsonb not null check (jsonb_typeof(numbers) = 'object'),
  taken_at timestamptz not null default now(),
  unique (practice_id, release, moment)
);

create table quality_findings (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  rule text not null check (rule ~ '^[a-z][a-z-]*$'),
  subject_kind text not null,
  subject_id uuid not null,
  found_at timestamptz not null default now(),
  gone_at timestamptz,
  unique (practice_id, rule, subject_kind, subject_id)
);

create index alerts_list on alerts (practice_id, created_at, id);
create index alerts_client on alerts (practice_id, client_id);
create index alerts_acknowledged_by on alerts (practice_id, acknowledged_by);
create index notification_rules_event on notification_rules (practice_id, event);
create index notification_rules_user on notification_rules (practice_id, user_id);
create index record_exports_client on record_exports (practice_id, client_id);
create index record_exports_requested_by on record_exports (practice_id, requested_by);
create index ai_drafts_client on ai_drafts (practice_id, client_id);
create index ai_drafts_author on ai_drafts (practice_id, author_id);
create index ai_drafts_note on ai_drafts (practice_id, note_id);

create trigger alerts_status before update of status on alerts
  for each row execute function app.enforce_transition(
    'open>acknowledged', 'open>resolved', 'acknowledged>resolved');
create trigger record_exports_status before update of status on record_exports
  for each row execute function app.enforce_transition('requested>done', 'requested>failed');
create trigger ai_drafts_status before update of status on ai_drafts
  for each row execute function app.enforce_transition('proposed>accepted', 'proposed>discarded');

alter table alerts enable row level security;
alter table alerts force row level security;
alter table notification_rules enable row level security;
alter table notification_rules force row level security;
alter table record_exports enable row level security;
alter table record_exports force row level security;
alter table ai_drafts enable row level security;
alter table ai_drafts force row level security;
alter table job_runs enable row level security;
alter table job_runs force row level security;
alter table release_metrics enable row level security;
alter table release_metrics force row level security;
alter table quality_findings enable row level security;
alter table quality_findings force row level security;

create policy alerts_read on alerts for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'supervisor', 'system')
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy alerts_raise on alerts for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy alerts_answer on alerts for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'supervisor', 'system'))
  with check (practice_id = (select app.practice_id()));

create policy notification_rules_read on notification_rules for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()));
create policy notification_rules_write on notification_rules to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'administrator')
  with check (practice_id = (select app.practice_id()) and (select app.role()) = 'administrator');

create policy record_exports_own on record_exports to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator()) or client_id = (select app.my_client_id())))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_administrator()) or client_id = (select app.my_client_id())));

create policy ai_drafts_author on ai_drafts to readyctl_app
  using (practice_id = (select app.practice_id()) and author_id = (select app.user_id()))
  with check (practice_id = (select app.practice_id()) and author_id = (select app.user_id())
         and client_id = any ((select app.my_client_ids())::uuid[]));

create policy job_runs_system on job_runs to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system')
  with check (practice_id = (select app.practice_id()) and (select app.role()) = 'system');
create policy job_runs_read on job_runs for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()));
create policy release_metrics_administrator on release_metrics to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));
create policy quality_findings_administrator on quality_findings to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));

grant select, insert, update on alerts, notification_rules, record_exports, ai_drafts, job_runs,
  release_metrics, quality_findings to readyctl_app;
