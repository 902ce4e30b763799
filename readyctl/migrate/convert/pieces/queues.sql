-- piece pgmq.message_record
-- Queues in tables, as pgmq has them. SQS is made for this; these work until it takes over.
do $$ begin
  create type pgmq.message_record as (
    msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb,
    headers jsonb);
exception when duplicate_object then null; end $$;

-- piece pgmq.meta
create table if not exists pgmq.meta (
  queue_name text primary key,
  is_partitioned boolean not null default false,
  is_unlogged boolean not null default false,
  created_at timestamptz not null default now()
);

-- piece pgmq.create needs pgmq.meta pgmq.message_record
create or replace function pgmq."create"(queue_name text) returns void language plpgsql as $$
begin
  execute format(
    'create table if not exists pgmq.%I (msg_id bigint generated always as identity primary key,'
    ' read_ct integer not null default 0, enqueued_at timestamptz not null default now(),'
    ' vt timestamptz not null default now(), message jsonb, headers jsonb)', 'q_' || lower(queue_name));
  execute format(
    'create table if not exists pgmq.%I (msg_id bigint primary key, read_ct integer not null default 0,'
    ' enqueued_at timestamptz not null default now(), archived_at timestamptz not null default now(),'
    ' vt timestamptz not null, message jsonb, headers jsonb)', 'a_' || lower(queue_name));
  insert into pgmq.meta (queue_name) values (lower(queue_name)) on conflict do nothing;
end $$;
create or replace function pgmq.create_non_partitioned(queue_name text) returns void
  language sql as $$ select pgmq."create"(queue_name) $$;
create or replace function pgmq.create_unlogged(queue_name text) returns void
  language sql as $$ select pgmq."create"(queue_name) $$;

-- piece pgmq.drop_queue needs pgmq.meta
create or replace function pgmq.drop_queue(queue_name text) returns boolean language plpgsql as $$
begin
  execute format('drop table if exists pgmq.%I, pgmq.%I', 'q_' || lower(queue_name), 'a_' || lower(queue_name));
  delete from pgmq.meta m where m.queue_name = lower(drop_queue.queue_name);
  return found;
end $$;

-- piece pgmq.send
create or replace function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer)
  returns setof bigint language plpgsql as $$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message, headers) values (now() + make_interval(secs => $1), $2, $3)'
    ' returning msg_id', 'q_' || lower(queue_name)) using delay, msg, headers;
end $$;
create or replace function pgmq.send(queue_name text, msg jsonb, delay integer default 0)
  returns setof bigint language sql as $$ select pgmq.send(queue_name, msg, null::jsonb, delay) $$;

-- piece pgmq.send_batch needs pgmq.send
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0)
  returns setof bigint language sql as $$
  select pgmq.send(queue_name, m, null::jsonb, delay) from unnest(msgs) m
$$;

-- piece pgmq.read needs pgmq.message_record
create or replace function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
  returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format(
    'with found as (select msg_id from pgmq.%1$I where vt <= clock_timestamp() and message @> $3'
    ' or (vt <= clock_timestamp() and $3 = ''{}'') order by msg_id limit $2 for update skip locked)'
    ' update pgmq.%1$I m set vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1'
    ' from found where m.msg_id = found.msg_id'
    ' returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
    'q_' || lower(queue_name)) using vt, qty, conditional;
end $$;

-- piece pgmq.read_with_poll needs pgmq.read
create or replace function pgmq.read_with_poll(
  queue_name text, vt integer, qty integer, max_poll_seconds integer default 5,
  poll_interval_ms integer default 100, conditional jsonb default '{}'
) returns setof pgmq.message_record language sql as $$
  select * from pgmq.read(queue_name, vt, qty, conditional)
$$;

-- piece pgmq.pop needs pgmq.message_record
create or replace function pgmq.pop(queue_name text) returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format(
    'delete from pgmq.%1$I where msg_id = (select msg_id from pgmq.%1$I where vt <= clock_timestamp()'
    ' order by msg_id limit 1 for update skip locked)'
    ' returning msg_id, read_ct, enqueued_at, vt, message, headers', 'q_' || lower(queue_name));
end $$;

-- piece pgmq.delete
create or replace function pgmq.delete(queue_name text, msg_id bigint) returns boolean language plpgsql as $$
declare
  gone bigint;
begin
  execute format('delete from pgmq.%I where msg_id = $1 returning msg_id', 'q_' || lower(queue_name))
    into gone using msg_id;
  return gone is not null;
end $$;
create or replace function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint
  language plpgsql as $$
begin
  return query execute format('delete from pgmq.%I where msg_id = any ($1) returning msg_id',
    'q_' || lower(queue_name)) using msg_ids;
end $$;

-- piece pgmq.archive
create or replace function pgmq.archive(queue_name text, msg_id bigint) returns boolean language plpgsql as $$
declare
  gone bigint;
begin
  execute format(
    'with moved as (delete from pgmq.%I where msg_id = $1 returning msg_id, vt, read_ct, enqueued_at, message, headers)'
    ' insert into pgmq.%I (msg_id, vt, read_ct, enqueued_at, message, headers) select * from moved returning msg_id',
    'q_' || lower(queue_name), 'a_' || lower(queue_name)) into gone using msg_id;
  return gone is not null;
end $$;

-- piece pgmq.set_vt needs pgmq.message_record
create or replace function pgmq.set_vt(queue_name text, msg_id bigint, vt integer)
  returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format(
    'update pgmq.%I set vt = clock_timestamp() + make_interval(secs => $1) where msg_id = $2'
    ' returning msg_id, read_ct, enqueued_at, vt, message, headers', 'q_' || lower(queue_name))
    using vt, msg_id;
end $$;

-- piece pgmq.purge_queue
create or replace function pgmq.purge_queue(queue_name text) returns bigint language plpgsql as $$
declare
  gone bigint;
begin
  execute format('delete from pgmq.%I', 'q_' || lower(queue_name));
  get diagnostics gone = row_count;
  return gone;
end $$;

-- piece pgmq.list_queues needs pgmq.meta
create or replace function pgmq.list_queues() returns setof pgmq.meta language sql as $$
  select * from pgmq.meta
$$;

-- piece pgmq.metrics needs pgmq.meta
create or replace function pgmq.metrics(
  queue_name text, out queue_name_ text, out queue_length bigint, out newest_msg_age_sec integer,
  out oldest_msg_age_sec integer, out total_messages bigint, out scrape_time timestamptz
) language plpgsql as $$
begin
  execute format(
    'select $1, count(*), extract(epoch from now() - max(enqueued_at))::integer,'
    ' extract(epoch from now() - min(enqueued_at))::integer, coalesce(max(msg_id), 0), now() from pgmq.%I',
    'q_' || lower(queue_name)) using queue_name
    into queue_name_, queue_length, newest_msg_age_sec, oldest_msg_age_sec, total_messages, scrape_time;
end $$;

-- piece pgmq.metrics_all needs pgmq.metrics pgmq.meta
create or replace function pgmq.metrics_all(
  out queue_name text, out queue_length bigint, out newest_msg_age_sec integer,
  out oldest_msg_age_sec integer, out total_messages bigint, out scrape_time timestamptz
) returns setof record language sql as $$
  select m.queue_name, x.queue_length, x.newest_msg_age_sec, x.oldest_msg_age_sec, x.total_messages,
         x.scrape_time
  from pgmq.meta m, pgmq.metrics(m.queue_name) x
$$;
