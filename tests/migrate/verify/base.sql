-- A schema with something of every kind. The roles rv_* are there; a superuser runs it.
create schema app;
create schema extra;
create extension hstore schema extra version '1.7';
create extension postgres_fdw schema extra;
create extension citext schema extra;
grant usage on schema app to rv_reader;

create type app.mood as enum ('sad', 'ok', 'happy');
create type app.pair as (a integer, b text);
create function app.apart(numeric, numeric) returns double precision language sql immutable
  as 'select ($1 - $2)::double precision';
create type app.span as range (subtype = numeric, subtype_diff = app.apart);
create domain app.email as text default 'nobody@example.org' not null
  constraint has_at check (value like '%@%');
create domain app.plain as text;
create collation app.german (provider = libc, locale = 'C');

create table app.practices (
  id bigint generated always as identity (start 10 increment 1 cache 5) primary key,
  name text not null collate "C",
  code varchar(12) constraint practices_code_key unique,
  created_at timestamptz not null default now(),
  doubled integer generated always as (length(code) * 2) stored
);
create table app.people (
  id uuid primary key default gen_random_uuid(),
  practice_id bigint not null constraint people_practice_id_fkey references app.practices
    on delete cascade,
  email app.email,
  mood app.mood not null default 'ok',
  note text,
  age integer constraint people_age_check check (age > 0),
  tags text[] not null default '{}',
  during tstzrange,
  body tsvector,
  home app.pair,
  serial_number serial
);
alter table app.people add constraint people_later foreign key (practice_id)
  references app.practices deferrable initially deferred;
alter table app.people add constraint people_unchecked check (age < 200) not valid;
alter table app.people add constraint people_apart exclude using gist (during with &&);
alter table app.people enable row level security;
alter table app.people force row level security;
alter table app.practices enable row level security;
alter table app.people alter column note set storage external;
alter table app.people alter column age set statistics 200;
alter table app.people alter column body set compression pglz;
alter table app.people alter column age set (n_distinct = 5);
alter table app.people set (fillfactor = 90, autovacuum_enabled = false);
create unique index people_code on app.people (practice_id, age) nulls not distinct;
create index people_note on app.people (note text_pattern_ops) where note is not null;
create index people_cover on app.people (age) include (note);
create index people_body on app.people using gin (body);
create index people_order on app.people (age desc nulls last, note collate "C");
create index people_expression on app.people (lower(note), (age + 1));
alter index app.people_expression alter column 2 set statistics 300;
alter table app.people cluster on people_cover;
create statistics app.people_stats (dependencies, ndistinct) on practice_id, age from app.people;

create table app.logs (id bigint not null, at timestamptz not null, text text, level integer)
  partition by range (at);
create table app.logs_2026 partition of app.logs for values from ('2026-01-01') to ('2027-01-01');
create table app.logs_2027 partition of app.logs for values from ('2027-01-01') to ('2028-01-01');
create table app.logs_rest partition of app.logs default;
create index logs_level on app.logs (level);
create unlogged table app.scratch (id integer not null, value text);
create unique index scratch_id on app.scratch (id);
alter table app.scratch replica identity using index scratch_id;
create table app.parent (id integer, kind text);
create table app.child (more text) inherits (app.parent);
create table app.typed of app.pair;
create table app.wide (a integer, b integer, c integer);
create table app.plain_table (id integer primary key, value text);
create table app.states (state varchar(9) constraint state_known check (state in ('open', 'done')));

create sequence app.counter as integer start 5 increment 2 minvalue 1 maxvalue 1000 cache 3;
create sequence app.owned owned by app.plain_table.id;

create view app.names with (security_invoker = true) as
  select id, name from app.practices where name <> '';
create view app.joined as
  select p.id, p.age, q.name from app.people p join app.practices q on q.id = p.practice_id;
create view app.guarded with (security_barrier = true) as select id from app.plain_table;
create view app.updatable as select id, kind from app.parent where id > 0
  with local check option;
create view app.sum as select kind, count(*) as number from app.parent group by kind;
create materialized view app.totals as select practice_id, count(*) as n from app.people group by 1;
create unique index totals_practice on app.totals (practice_id);

create function app.add(a integer, b integer default 1) returns integer
  language sql immutable strict parallel safe as 'select a + b';
create function app.caller() returns uuid language plpgsql stable security definer
  set search_path = '' as $$
begin
  return nullif(current_setting('app.user', true), '')::uuid;
end
$$;
create function app.touch() returns trigger language plpgsql as $$
begin
  return new;
end
$$;
create function app.series(n integer) returns setof integer language sql rows 50 cost 20
  as 'select generate_series(1, n)';
create function app.atomic(x integer) returns integer language sql
  begin atomic select x + 1; end;
create procedure app.work(inout n integer) language plpgsql as 'begin n := n + 1; end';
create function app.on_ddl() returns event_trigger language plpgsql as 'begin end';
revoke execute on function app.caller() from public;
grant execute on function app.caller() to rv_reader;
create function app.bigger(app.pair, app.pair) returns boolean language sql immutable
  as 'select $1.a > $2.a';
create function app.lesser(app.pair, app.pair) returns boolean language sql immutable
  as 'select $1.a < $2.a';
create function app.pair_int(app.pair) returns integer language sql immutable as 'select $1.a';
create function app.first_of(text, text) returns text language sql immutable
  as 'select coalesce($1, $2)';
create aggregate app.first (text) (sfunc = app.first_of, stype = text);
create operator app.>> (leftarg = app.pair, rightarg = app.pair, function = app.bigger,
  commutator = operator(app.<<));
create operator app.<< (leftarg = app.pair, rightarg = app.pair, function = app.lesser,
  commutator = operator(app.>>));
create cast (app.pair as integer) with function app.pair_int(app.pair) as assignment;
create function app.pair_compare(app.pair, app.pair) returns integer language sql immutable
  as 'select $1.a - $2.a';
create operator family app.pair_ops using btree;
create operator class app.pair_ops for type app.pair using btree family app.pair_ops as
  operator 1 app.<<, operator 5 app.>>, function 1 app.pair_compare(app.pair, app.pair);
create text search dictionary app.words (template = simple, stopwords = english);
create text search configuration app.search (copy = pg_catalog.simple);
alter text search configuration app.search alter mapping for word with app.words, simple;
create conversion app.convert for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create access method heap2 type table handler heap_tableam_handler;

create trigger people_touch before update on app.people
  for each row execute function app.touch();
create trigger people_note before insert or update of note on app.people
  for each row when (new.note is not null) execute function app.touch();
create constraint trigger people_check after insert on app.people deferrable initially deferred
  for each row execute function app.touch();
create trigger people_many after update on app.people referencing old table as gone
  for each statement execute function app.touch();
create trigger logs_touch before insert on app.logs for each row execute function app.touch();
create rule plain_quiet as on delete to app.plain_table do instead nothing;
create event trigger rv_watch on ddl_command_end when tag in ('CREATE TABLE')
  execute function app.on_ddl();
alter event trigger rv_watch disable;

create policy people_read on app.people for select to rv_reader using (age > 10);
create policy people_write on app.people for insert to rv_reader, rv_writer with check (age > 1);
create policy people_all on app.people using (true) with check (note is null);
create policy people_never on app.people as restrictive for delete using (false);

create server far foreign data wrapper postgres_fdw options (host 'db.example.org', port '5432');
create user mapping for rv_reader server far options (user 'reader', password 'hidden');
create foreign table app.distant (id integer options (column_name 'key'), value text)
  server far options (schema_name 'public', table_name 'things');

create publication rv_some for table app.practices (id, name) where (id > 5), app.plain_table
  with (publish = 'insert, update');
create publication rv_schema for tables in schema extra;
create subscription rv_feed connection 'host=127.0.0.1 dbname=none' publication somewhere
  with (connect = false, enabled = false, slot_name = none, create_slot = false);

grant select, insert on app.people to rv_reader;
grant update on app.people to rv_writer with grant option;
grant select (name), update (code) on app.practices to rv_reader;
grant usage on sequence app.counter to rv_reader;
grant usage on type app.mood to rv_reader;
grant select on app.names to rv_reader;
grant usage on foreign server far to rv_reader;
alter default privileges in schema app grant select on tables to rv_reader;
alter default privileges for role rv_owner revoke execute on functions from public;
alter table app.wide owner to rv_owner;
alter function app.add(integer, integer) owner to rv_owner;
alter schema extra owner to rv_owner;

comment on table app.people is 'Who comes.';
comment on column app.people.note is 'What was said.';
comment on constraint people_age_check on app.people is 'Born.';
comment on policy people_read on app.people is 'Grown ones.';
comment on function app.caller() is 'Who asks.';
comment on type app.mood is 'How it goes.';
comment on index app.people_note is 'To search.';
comment on schema app is 'The application.';
comment on trigger people_touch on app.people is 'Touches.';
