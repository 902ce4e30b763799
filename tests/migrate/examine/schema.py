"""The schema that the routines of the cases are written for."""

SCHEMA = """
create schema app; create schema auth;
create type public.mood as enum ('calm', 'tense');
create domain public.email as text check (value ~ '@');
create type public.pair as (first integer, second text);
create table public.profiles (id uuid primary key, email text not null, full_name text,
  updated_at timestamptz, tags text[], mood public.mood, details jsonb);
create table public.visits (id bigint generated always as identity primary key,
  profile_id uuid references public.profiles, status text, starts_at timestamptz, amount numeric);
create table auth.users (id uuid primary key, email text, meta jsonb);
create table app.settings (name text primary key, value text);
create view public.open_visits as select id, profile_id from public.visits where status = 'open';
create sequence public.numbers;
create function app.caller() returns uuid language sql stable as 'select null::uuid';
create function app.twice(n integer) returns integer language sql as 'select n * 2';
create function app.twice(n text) returns text language sql as 'select n || n';
create procedure app.tidy(n integer, inout done integer default 0) language plpgsql
  as $$ begin done := n; commit; end $$;
"""
