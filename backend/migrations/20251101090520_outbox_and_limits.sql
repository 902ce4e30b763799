-- Domain events on their way out, events that came in, and counters of calls.

-- Written in the transaction of what happened, and published afterwards by one function. Rows hold
-- ids, never a record. `position` orders the events of one subject: whoever writes a second one
-- has waited for the first at the subject's row.
create table outbox (
  id uuid primary key default gen_random_uuid(),
  position bigint generated always as identity unique,
  practice_id uuid not null default app.practice_id() references practices (id),
  event text not null check (event ~ '^[a-z_]+\.[a-z_]+$'),
  subject_kind text not null,
  subject_id uuid not null,
  detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),
  created_at timestamptz not null default now(),
  published_at timestamptz
);

create index outbox_practice on outbox (practice_id);
create index outbox_unpublished on outbox (position) where published_at is null;

alter table outbox enable row level security;
alter table outbox force row level security;

create policy outbox_write on outbox for insert to readyctl_app
  with check (practice_id = (select app.practice_id()));
create policy outbox_publish on outbox for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system');
create policy outbox_published on outbox for update to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system')
  with check (practice_id = (select app.practice_id()));

grant select, insert, update (published_at) on outbox to readyctl_app;

-- Which event a consumer has carried out: the bus delivers at least once.
create table consumed_events (
  practice_id uuid not null default app.practice_id() references practices (id),
  function text not null,
  event_id text not null check (length(event_id) between 1 and 200),
  consumed_at timestamptz not null default now(),
  primary key (practice_id, function, event_id)
);

alter table consumed_events enable row level security;
alter table consumed_events force row level security;

create policy consumed_events_system on consumed_events to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system')
  with check (practice_id = (select app.practice_id()) and (select app.role()) = 'system');

grant select, insert, delete on consumed_events to readyctl_app;

-- Calls in a window of time, by a digest of who calls. They belong to no practice: most are counted
-- before anybody is known. A caller sees the one counter that `take_rate_limit` names.
create table rate_limits (
  key text primary key check (key ~ '^[0-9a-f]{64}$'),
  calls integer not null,
  window_ends timestamptz not null
);

create index rate_limits_window on rate_limits (window_ends);

alter table rate_limits enable row level security;
alter table rate_limits force row level security;

create policy rate_limits_counted on rate_limits to readyctl_app
  using (key = (select current_setting('app.rate_key', true)))
  with check (key = (select current_setting('app.rate_key', true)));
create policy rate_limits_seen on rate_limits for select to readyctl_app
  using (window_ends < now() and (select app.role()) = 'system');
create policy rate_limits_expired on rate_limits for delete to readyctl_app
  using (window_ends < now() and (select app.role()) = 'system');

grant select, insert, update, delete on rate_limits to readyctl_app;

-- Counts one call; returns 0, or after how many seconds the next one is allowed.
create function app.take_rate_limit(key text, calls integer, seconds integer) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    counted record;
  begin
    perform set_config('app.rate_key', take_rate_limit.key, true);
    insert into public.rate_limits as r (key, calls, window_ends)
      values (take_rate_limit.key, 1, now() + make_interval(secs => seconds))
      on conflict on constraint rate_limits_pkey do update set
        calls = case when r.window_ends <= now() then 1 else r.calls + 1 end,
        window_ends = case when r.window_ends <= now() then excluded.window_ends
                           else r.window_ends end
      returning r.calls, r.window_ends into counted;
    if counted.calls <= take_rate_limit.calls then
      return 0;
    end if;
    return greatest(1, ceil(extract(epoch from counted.window_ends - now()))::integer);
  end
  $$;

revoke execute on function app.take_rate_limit(text, integer, integer) from public;
grant execute on function app.take_rate_limit(text, integer, integer) to readyctl_app;
