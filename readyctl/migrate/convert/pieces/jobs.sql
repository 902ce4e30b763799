-- piece cron.job
-- Jobs as they were scheduled. NOTHING RUNS THEM HERE: each one becomes a schedule of EventBridge,
-- see the report of the conversion.
create table if not exists cron.job (
  jobid bigserial primary key,
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport integer not null default 5432,
  database text not null default current_database(),
  username text not null default current_user,
  active boolean not null default true,
  jobname text,
  constraint jobname_username_uniq unique (jobname, username)
);

-- piece cron.job_run_details
create table if not exists cron.job_run_details (
  jobid bigint,
  runid bigserial primary key,
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);

-- piece cron.schedule needs cron.job
create or replace function cron.schedule(job_name text, schedule text, command text)
  returns bigint language sql as $$
  insert into cron.job as j (jobname, schedule, command) values (job_name, schedule, command)
  on conflict (jobname, username)
  do update set schedule = excluded.schedule, command = excluded.command
  returning jobid
$$;
create or replace function cron.schedule(schedule text, command text)
  returns bigint language sql as $$
  insert into cron.job (schedule, command) values (schedule, command) returning jobid
$$;

-- piece cron.schedule_in_database needs cron.job
create or replace function cron.schedule_in_database(
  job_name text, schedule text, command text, database text,
  username text default null, active boolean default true
) returns bigint language sql as $$
  insert into cron.job as j (jobname, schedule, command, database, username, active)
  values (job_name, schedule, command, database, coalesce(username, current_user), active)
  on conflict (jobname, username)
  do update set schedule = excluded.schedule, command = excluded.command,
                database = excluded.database, active = excluded.active
  returning jobid
$$;

-- piece cron.unschedule needs cron.job
create or replace function cron.unschedule(job_id bigint) returns boolean language plpgsql as $$
begin
  delete from cron.job where jobid = job_id;
  return found;
end $$;
create or replace function cron.unschedule(job_name text) returns boolean language plpgsql as $$
begin
  delete from cron.job where jobname = job_name and username = current_user;
  return found;
end $$;

-- piece cron.alter_job needs cron.job
create or replace function cron.alter_job(
  job_id bigint, schedule text default null, command text default null,
  database text default null, username text default null, active boolean default null
) returns void language sql as $$
  update cron.job j
  set schedule = coalesce($2, j.schedule), command = coalesce($3, j.command),
      database = coalesce($4, j.database), username = coalesce($5, j.username),
      active = coalesce($6, j.active)
  where jobid = job_id
$$;

-- piece net.http_request_queue
-- Requests that are to be sent. THE DATABASE SENDS NOTHING: a function must take the rows from here
-- (as pg_net's worker did), send them, and delete them.
create table if not exists net.http_request_queue (
  id bigserial primary key,
  method text not null,
  -- Null where the address was to come from a secret that nobody has set: no insert fails for it.
  url text,
  headers jsonb,
  body bytea,
  timeout_milliseconds integer not null default 5000
);
grant usage on schema net to anon, authenticated, service_role;

-- piece net._http_response
create table if not exists net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out boolean,
  error_msg text,
  created timestamptz not null default now()
);

-- piece net.url needs net.http_request_queue
create or replace function net.url(url text, params jsonb) returns text language sql immutable as $$
  select url || coalesce(
    case when strpos(url, '?') > 0 then '&' else '?' end
    || (select string_agg(key || '=' || replace(value, '&', '%26'), '&') from jsonb_each_text(params)),
    '')
$$;

-- piece net.http_post needs net.url
create or replace function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}',
  headers jsonb default '{"Content-Type": "application/json"}', timeout_milliseconds integer default 5000
) returns bigint language sql security definer set search_path = '' as $$
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values ('POST', net.url(url, params), headers, convert_to(body::text, 'UTF8'), timeout_milliseconds)
  returning id
$$;

-- piece net.http_get needs net.url
create or replace function net.http_get(
  url text, params jsonb default '{}', headers jsonb default '{}',
  timeout_milliseconds integer default 5000
) returns bigint language sql security definer set search_path = '' as $$
  insert into net.http_request_queue (method, url, headers, timeout_milliseconds)
  values ('GET', net.url(url, params), headers, timeout_milliseconds)
  returning id
$$;

-- piece net.http_delete needs net.url
create or replace function net.http_delete(
  url text, params jsonb default '{}', headers jsonb default '{}',
  timeout_milliseconds integer default 5000, body jsonb default null
) returns bigint language sql security definer set search_path = '' as $$
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values ('DELETE', net.url(url, params), headers, convert_to(body::text, 'UTF8'), timeout_milliseconds)
  returning id
$$;

-- piece supabase_functions.hooks
create table if not exists supabase_functions.hooks (
  id bigserial primary key,
  hook_table_id integer not null,
  hook_name text not null,
  created_at timestamptz not null default now(),
  request_id bigint
);

-- piece supabase_functions.http_request needs net.http_post net.http_get supabase_functions.hooks
-- A webhook: the trigger's request goes into net.http_request_queue.
create or replace function supabase_functions.http_request() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  url text := tg_argv[0];
  method text := tg_argv[1];
  headers jsonb := coalesce(nullif(nullif(tg_argv[2], 'null'), ''), '{"Content-Type": "application/json"}');
  params jsonb := coalesce(nullif(nullif(tg_argv[3], 'null'), ''), '{}');
  timeout integer := coalesce(nullif(nullif(tg_argv[4], 'null'), ''), '1000');
  request bigint;
begin
  if url is null or url = 'null' or upper(coalesce(method, '')) not in ('GET', 'POST') then
    raise exception 'a webhook needs an address, and GET or POST';
  end if;
  if upper(method) = 'GET' then
    request := net.http_get(url, params, headers, timeout);
  else
    request := net.http_post(
      url,
      jsonb_build_object(
        'type', tg_op, 'table', tg_table_name, 'schema', tg_table_schema,
        'record', case when tg_op = 'DELETE' then null else to_jsonb(new) end,
        'old_record', case when tg_op = 'INSERT' then null else to_jsonb(old) end),
      params, headers, timeout);
  end if;
  insert into supabase_functions.hooks (hook_table_id, hook_name, request_id)
  values (tg_relid::bigint::integer, tg_name, request);
  return coalesce(new, old);
end $$;

-- piece supabase_migrations.schema_migrations
create table if not exists supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text,
  created_by text,
  idempotency_key text unique,
  rollback text[]
);

-- piece supabase_migrations.seed_files
create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);

-- piece graphql.resolve
-- There is no GraphQL in this database; whoever asks is told so.
create or replace function graphql.resolve(
  query text, variables jsonb default '{}', "operationName" text default null,
  extensions jsonb default null
) returns jsonb language sql immutable as $$
  select jsonb_build_object('errors', jsonb_build_array(
    jsonb_build_object('message', 'there is no GraphQL in this database')))
$$;

-- piece graphql_public.graphql needs graphql.resolve
create or replace function graphql_public.graphql(
  "operationName" text default null, query text default null, variables jsonb default null,
  extensions jsonb default null
) returns jsonb language sql immutable as $$ select graphql.resolve(query, variables) $$;
