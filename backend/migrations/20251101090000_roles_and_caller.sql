-- The application's role, and the caller that row-level security asks for.
-- Functions connect as readyctl_app: it owns nothing and bypasses nothing.

do $$
begin
  if not exists (select from pg_roles where rolname = 'readyctl_app') then
    create role readyctl_app login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
  end if;
end
$$;

create schema app;
grant usage on schema app, public to readyctl_app;

-- Policies call these inside a scalar subselect, so that each is evaluated once a statement.
create function app.subject() returns text
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('app.subject', true), '') $$;

create function app.user_id() returns uuid
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

create function app.practice_id() returns uuid
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('app.practice_id', true), '')::uuid $$;

create function app.role() returns text
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('app.role', true), '') $$;

create function app.request_id() returns text
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('app.request_id', true), '') $$;

-- `system` is the role of functions that no person calls: schedules and events.
create function app.is_staff() returns boolean
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(
      app.role() in ('administrator', 'supervisor', 'therapist', 'associate_trainee',
                     'billing_staff', 'front_desk', 'system'),
      false)
  $$;

create function app.is_administrator() returns boolean
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select coalesce(app.role() in ('administrator', 'system'), false) $$;

-- A row's status may only take the steps that the trigger's arguments name, as 'waiting>active'.
create function app.enforce_transition() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    if new.status is distinct from old.status
       and not (old.status || '>' || new.status) = any (tg_argv) then
      raise exception 'a row of % cannot go from % to %', tg_table_name, old.status, new.status
        using errcode = 'check_violation';
    end if;
    return new;
  end
  $$;

-- An update must name the version that it saw: a lost update is refused.
create function app.advance_version() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    if new.version is distinct from old.version then
      raise exception 'the row of % was changed by somebody else', tg_table_name
        using errcode = 'serialization_failure';
    end if;
    new.version := old.version + 1;
    new.updated_at := now();
    return new;
  end
  $$;

-- An invitation is open until one of the moments that the trigger's arguments name is written, once:
-- accepted, used or revoked it stays, and never both.
create function app.enforce_single_use() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    moment text;
    before jsonb := to_jsonb(old);
    after jsonb := to_jsonb(new);
    ended integer := 0;
  begin
    foreach moment in array tg_argv loop
      if before ->> moment is not null and after -> moment is distinct from before -> moment then
        raise exception 'a row of % that is over stays so', tg_table_name
          using errcode = 'check_violation';
      end if;
      ended := ended + (after ->> moment is not null)::integer;
    end loop;
    if ended > 1 or (after -> 'token_sha256') is distinct from (before -> 'token_sha256') then
      raise exception 'a row of % ends once, and keeps its token', tg_table_name
        using errcode = 'check_violation';
    end if;
    return new;
  end
  $$;
