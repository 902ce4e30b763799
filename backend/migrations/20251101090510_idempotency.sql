-- First answers of writes, so that a repeated one is answered alike. Each belongs to its caller.

create table idempotency_keys (
  practice_id uuid not null default app.practice_id() references practices (id),
  user_id uuid not null default app.user_id() references users (id),
  function text not null,
  key text not null check (length(key) between 1 and 200),
  request_digest text not null,
  status integer,
  response text,
  created_at timestamptz not null default now(),
  primary key (practice_id, user_id, function, key)
);

create index idempotency_keys_user on idempotency_keys (user_id);
create index idempotency_keys_age on idempotency_keys (created_at);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;

create policy idempotency_keys_own on idempotency_keys to readyctl_app
  using (practice_id = (select app.practice_id()) and user_id = (select app.user_id()))
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id()));

-- Answers older than a day are removed by the system, of whichever user they are.
create policy idempotency_keys_expired on idempotency_keys to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system'
         and created_at < now() - interval '1 day')
  with check (false);

grant select, insert, update, delete on idempotency_keys to readyctl_app;
