"""What Supabase projects write, one construct each; all of it must apply once it is converted."""

from __future__ import annotations

CONSTRUCTS = {
    "foreign keys to auth.users": (
        "create table t (id uuid primary key references auth.users (id) on delete cascade);"
    ),
    "a trigger on auth.users": (
        "create table p (id uuid); create function f() returns trigger language plpgsql security"
        " definer set search_path = '' as $$ begin insert into public.p values (new.id); return"
        " new; end $$; create trigger t after insert on auth.users for each row execute procedure"
        " f(); insert into auth.users (id, email) values (gen_random_uuid(), 'a@example.org');"
    ),
    "a seeded user with an identity": (
        "insert into auth.users (instance_id, id, aud, role, email, encrypted_password,"
        " email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at,"
        " confirmation_token, recovery_token) values ('00000000-0000-0000-0000-000000000000',"
        " '00000000-0000-0000-0000-000000000001', 'authenticated', 'authenticated', 'a@b.c',"
        " crypt('x', gen_salt('bf')), now(), '{}', '{}', now(), now(), '', '');"
        " insert into auth.identities (user_id, identity_data, provider, provider_id) values"
        " ('00000000-0000-0000-0000-000000000001', '{}', 'email', 'x');"
    ),
    "policies that ask for the caller": (
        "create table t (owner uuid default auth.uid()); alter table t enable row level security;"
        " create policy a on t to authenticated using ((select auth.uid()) = owner and"
        " auth.jwt() -> 'app_metadata' ->> 'role' = 'x' and auth.role() = 'authenticated' and"
        " auth.email() = 'a');"
    ),
    "storage": (
        "insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values"
        " ('a', 'a', true, 5, array['image/png']) on conflict (id) do nothing;"
        ' create policy "Users: own" on storage.objects for insert to authenticated with check'
        " (bucket_id = 'a' and (storage.foldername(name))[1] = auth.uid()::text and"
        " storage.extension(name) = 'png' and storage.filename(name) <> '');"
    ),
    "triggers that storage has": (
        "create trigger objects_delete_delete_prefix after delete on storage.objects for each row"
        " execute function storage.delete_prefix_hierarchy_trigger();"
    ),
    "the publication": (
        "create table t (id int primary key); alter publication supabase_realtime add table t;"
        " alter publication supabase_realtime add table t;"
        " alter publication supabase_realtime owner to postgres;"
    ),
    "a publication made anew": (
        "begin; drop publication if exists supabase_realtime; create publication supabase_realtime;"
        " commit; create table t (id int primary key, g int generated always as (1) stored);"
        " alter table t replica identity full;"
        " alter publication supabase_realtime add table t; update t set id = 1;"
    ),
    "messages": (
        "create policy a on realtime.messages for select to authenticated using (realtime.topic()"
        " = 'a'); select realtime.send('{}'::jsonb, 'e', 't', false);"
        " create function f() returns trigger language plpgsql as $$ begin perform"
        " realtime.broadcast_changes('t', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);"
        " return null; end $$; create table t (x int); create trigger t after insert on t for each"
        " row execute function f(); insert into t values (1);"
    ),
    "jobs": (
        "create extension if not exists pg_cron with schema pg_catalog; grant usage on schema cron"
        " to postgres; select cron.schedule('a', '*/5 * * * *', $$ delete from x $$);"
        " select cron.schedule(job_name := 'b', schedule := '@daily', command := 'select 1');"
        " do $$ begin perform cron.unschedule('never'); end $$;"
        " select cron.unschedule(jobid) from cron.job where jobname = 'a';"
    ),
    "requests": (
        "create extension if not exists pg_net with schema extensions; select net.http_post(url :="
        " 'https://example.org', headers := '{}'::jsonb, body := jsonb_build_object('a', 1));"
    ),
    "webhooks": (
        "create table t (id int); create trigger w after insert or update on t for each row execute"
        " function supabase_functions.http_request('https://example.org', 'POST', '{}', '{}',"
        " '1000'); insert into t values (1);"
    ),
    "secrets": (
        "create extension if not exists supabase_vault with schema vault;"
        " select vault.create_secret('hunter2', 'name', 'what it is');"
        " insert into vault.secrets (name, secret) values ('other', 'hunter2');"
        " do $$ begin perform vault.create_secret(gen_random_uuid()::text, 'third'); end $$;"
        " create view v as select decrypted_secret from vault.decrypted_secrets where name = 'x';"
    ),
    "extensions that are created twice": (
        'create extension if not exists "uuid-ossp" with schema extensions; create extension'
        " \"uuid-ossp\"; create extension pg_trgm with schema extensions version '1.0';"
        " create table t (id uuid default extensions.uuid_generate_v4(), b uuid default"
        " uuid_generate_v4(), n text); create index on t using gin (n gin_trgm_ops);"
        " alter extension pg_trgm set schema public; drop extension pg_net;"
        " comment on extension pg_net is 'x';"
    ),
    "extensions that a body makes": (
        "do $$ begin create extension if not exists pg_net; if true then create extension pgmq;"
        " end if; execute 'create extension if not exists pg_cron'; end $$;"
    ),
    "vectors": (
        "create extension vector with schema extensions; create table t (v vector(3));"
        " create index on t using hnsw (v vector_cosine_ops); create function m(q vector(3))"
        " returns setof t language sql as $$ select * from t order by v <=> q $$;"
    ),
    "digests": (
        "do $$ begin assert encode(extensions.digest('abc', 'sha1'), 'hex') ="
        " 'a9993e364706816aba3e25717850c26c9cd0d89d'; assert encode(hmac('what do ya want for"
        " nothing?', 'Jefe', 'sha256'), 'hex') ="
        " '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';"
        " assert length(extensions.gen_random_bytes(33)) = 33;"
        " assert crypt('a', '*0') <> '*0'; assert extensions.uuid_generate_v5("
        "extensions.uuid_ns_dns(), 'python.org') = '886313e1-3b8a-5372-9b90-0c9aee199e5d'; end $$;"
    ),
    "moddatetime and unaccent": (
        "create extension if not exists moddatetime schema extensions; create extension unaccent;"
        " create table t (x int, updated_at timestamptz); create trigger m before update on t for"
        " each row execute procedure moddatetime (updated_at); insert into t values (1);"
        " update t set x = 2; do $$ begin assert (select updated_at is not null from t);"
        " assert unaccent('Çedille') = 'Cedille'; end $$;"
    ),
    "queues": (
        "create extension if not exists pgmq; select pgmq.create('q'); do $$ declare n bigint;"
        " begin perform pgmq.send('q', '{\"a\": 1}'); select msg_id into n from pgmq.read('q', 30,"
        " 1); assert n = 1; assert pgmq.archive('q', n); end $$;"
    ),
    "GraphQL": (
        "comment on schema public is '@graphql({\"inflect_names\": true})';"
        " grant execute on function graphql_public.graphql(text, text, jsonb, jsonb) to anon;"
        " select graphql.rebuild_schema();"
    ),
    "owners and default privileges": (
        'create schema "private" authorization supabase_admin; create table private.t (x int);'
        ' alter table "private"."t" owner to "postgres"; alter schema private owner to'
        " supabase_admin; alter default privileges for role postgres, supabase_admin in schema"
        " public grant all on tables to postgres, anon, authenticated, service_role;"
    ),
    "roles": (
        "set role postgres; grant anon, authenticated to authenticator; alter role authenticator"
        " set pgrst.db_schemas = 'public'; alter role anon set statement_timeout = '3s';"
        " alter role service_role bypassrls; create role anon; set session authorization default;"
        " notify pgrst, 'reload schema';"
    ),
    "settings of the server": (
        "set transaction_timeout = 0; alter system set work_mem = '1MB'; alter database postgres"
        " set timezone to 'UTC'; alter database postgres set \"app.jwt_secret\" to 'hunter2';"
    ),
    "what others wrap": (
        "create foreign data wrapper w handler wasm_fdw_handler validator wasm_fdw_validator;"
        " create server s foreign data wrapper w options (api_key 'hunter2');"
        " create foreign table f (x int) server s options (object 'x');"
        " do $$ begin if not exists (select from pg_foreign_data_wrapper where fdwname = 'x') then"
        " create foreign data wrapper x handler wasm_fdw_handler; end if; end $$;"
    ),
    "languages": (
        "create function a() returns int language plv8 as $$ return 1; $$;"
        " create function b() returns int language plpython3u as $$ return 1 $$;"
        " create function c() returns int language 'plpgsql' as 'begin return 1; end';"
    ),
    "labels and event triggers": (
        "create table t (x text); security label for pgsodium on column t.x is 'ENCRYPT WITH KEY"
        " ID a'; create event trigger issue_pg_cron_access on ddl_command_end when tag in"
        " ('CREATE EXTENSION') execute function extensions.grant_pg_cron_access();"
    ),
    "schemas of a JSON": (
        "create table t (j jsonb, constraint c check (extensions.jsonb_matches_schema('{}', j)));"
    ),
    "requests of http": (
        "create extension http with schema extensions; select status from http_get('https://a.b');"
        " create function f() returns int language sql as $$ select status from"
        " extensions.http_get('https://a.b') $$;"
    ),
    "things of the dashboard that are dropped": (
        'drop policy "a b" on storage.objects; drop trigger a on auth.users;'
        " drop function storage.nothing(text); drop index storage.nothing;"
    ),
    "what newer versions of Supabase add": (
        'alter table "storage"."objects" add column "user_metadata" jsonb;'
        " alter table storage.buckets add column mine text;"
        " select mine from storage.buckets;"
        " create index bucketid_objname on storage.objects (name);"
    ),
    "a body that makes what Supabase has": (
        "do $$ begin create schema auth; create table auth.users (id uuid primary key); create"
        " function auth.uid() returns uuid language sql as 'select null::uuid'; end $$;"
        " create table t (id uuid references auth.users);"
    ),
    "unaccent in public": (
        "create extension if not exists unaccent with schema public; create function f(t text)"
        " returns text language sql immutable as $$ select public.unaccent(t) $$;"
    ),
    "a dump of everything": (
        "create schema auth; create schema extensions; create schema storage;"
        " alter schema auth owner to supabase_admin;"
        " create type auth.aal_level as enum ('aal1', 'aal2');"
        " create function auth.uid() returns uuid language sql as $$ select null::uuid $$;"
        " alter function auth.uid() owner to supabase_auth_admin;"
        " create function extensions.grant_pg_cron_access() returns event_trigger language plpgsql"
        " as $$ begin null; end $$; create table auth.users (id uuid not null, email text);"
        " alter table only auth.users add constraint users_pkey primary key (id);"
        " create table auth.sessions (id uuid, user_id uuid, aal auth.aal_level);"
        " create table storage.objects (id uuid default extensions.uuid_generate_v4() not null);"
        " create index users_email on auth.users using btree (email);"
        " create publication supabase_realtime with (publish = 'insert, update');"
        " grant all on function extensions.crypt(text, text) to dashboard_user;"
        " grant all on table extensions.pg_stat_statements to dashboard_user;"
        " create event trigger issue_pg_cron_access on ddl_command_end when tag in"
        " ('CREATE EXTENSION') execute function extensions.grant_pg_cron_access();"
    ),
    "the ledger of Supabase": (
        "insert into supabase_migrations.schema_migrations (version) values ('1');"
    ),
    "a dump": (
        "\\restrict abc\n\\connect postgres\nset statement_timeout = 0;\nselect"
        " pg_catalog.set_config('search_path', '', false);\ncreate table public.t (a int generated"
        " always as identity, b text);\ncopy public.t (a, b) from stdin;\n1\tx\\ty\n2\t\\N\n\\.\n"
        "\\unrestrict abc\n"
    ),
}
