-- piece realtime.messages
-- What was sent, kept until something publishes it (AppSync events, or WebSocket routes). Nothing
-- is published by the database itself.
create table if not exists realtime.messages (
  topic text not null,
  extension text not null default 'broadcast',
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
);
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;

-- piece realtime.topic
create or replace function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')
$$;

-- piece realtime.send needs realtime.messages
create or replace function realtime.send(
  payload jsonb, event text, topic text, private boolean default true
) returns void language sql security definer set search_path = '' as $$
  insert into realtime.messages (payload, event, topic, private, extension)
  values (payload, event, topic, private, 'broadcast')
$$;

-- piece realtime.broadcast_changes needs realtime.send
create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void language plpgsql as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  perform realtime.send(
    jsonb_build_object('schema', table_schema, 'table', table_name, 'operation', operation,
                       'record', to_jsonb(new), 'old_record', to_jsonb(old)),
    event_name, topic_name);
end $$;

-- piece realtime.subscription
create table if not exists realtime.subscription (
  id bigint generated always as identity primary key,
  subscription_id uuid not null,
  entity regclass not null,
  filters text[] not null default '{}',
  claims jsonb not null default '{}',
  created_at timestamp not null default timezone('utc', now())
);

-- piece realtime.schema_migrations
create table if not exists realtime.schema_migrations (
  version bigint primary key,
  inserted_at timestamp(0)
);

-- piece publication
-- Which tables clients may follow; a subscriber of logical replication, or DMS, reads it.
do $$ begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    if current_setting('server_version_num')::integer >= 180000 then
      -- Without it PostgreSQL 18 refuses to update tables that publish all of a row and generate a column.
      execute 'create publication supabase_realtime with (publish_generated_columns = stored)';
    else
      create publication supabase_realtime;
    end if;
  end if;
end $$;
