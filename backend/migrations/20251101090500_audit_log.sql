-- The audit log: append-only for the application, and chained, so that a change shows.

create table audit_log (
  practice_id uuid not null default app.practice_id() references practices (id),
  position bigint not null,
  at timestamptz not null default now(),
  user_id uuid references users (id),
  role text not null,
  request_id text not null default '',
  action text not null check (action ~ '^[a-z_]{1,40}$'),
  subject_kind text not null,
  subject_id uuid,
  client_id uuid references clients (id),
  previous_hash bytea not null,
  hash bytea not null,
  primary key (practice_id, position)
);

create index audit_log_client on audit_log (client_id, at);
create index audit_log_user on audit_log (user_id, at);

-- The end of each practice's chain. The application cannot touch it, so the last rows of the log
-- cannot be cut off unnoticed; locking its row keeps the chain in one order.
create table audit_log_heads (
  practice_id uuid primary key references practices (id),
  position bigint not null,
  hash bytea not null
);

create function app.audit_hash(entry audit_log) returns bytea
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$
    select sha256(convert_to(jsonb_build_array(
      entry.practice_id, entry.position, extract(epoch from entry.at), entry.user_id, entry.role,
      entry.request_id, entry.action, entry.subject_kind, entry.subject_id, entry.client_id,
      encode(entry.previous_hash, 'hex'))::text, 'UTF8'))
  $$;

-- Who acts, when, and the chain come from here, whatever the statement says. It runs as its owner,
-- who alone may write the heads; row-level security holds it to the caller's practice, too.
create function app.chain_audit_entry() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    head record;
  begin
    new.practice_id := app.practice_id();
    new.user_id := app.user_id();
    new.role := coalesce(app.role(), '');
    new.request_id := coalesce(app.request_id(), '');
    new.at := now();
    insert into public.audit_log_heads as h (practice_id, position, hash)
      values (new.practice_id, 0, '') on conflict do nothing;
    select h.position, h.hash into strict head from public.audit_log_heads h
      where h.practice_id = new.practice_id for update;
    new.position := head.position + 1;
    new.previous_hash := head.hash;
    new.hash := app.audit_hash(new);
    update public.audit_log_heads set position = new.position, hash = new.hash
      where practice_id = new.practice_id;
    return new;
  end
  $$;

create trigger audit_log_chain before insert on audit_log
  for each row execute function app.chain_audit_entry();

alter table audit_log enable row level security;
alter table audit_log force row level security;
alter table audit_log_heads enable row level security;
alter table audit_log_heads force row level security;

create policy audit_log_read on audit_log for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()));
create policy audit_log_insert on audit_log for insert to readyctl_app
  with check (practice_id = (select app.practice_id()));
create policy audit_log_heads_owner on audit_log_heads to current_user
  using (practice_id = (select app.practice_id()))
  with check (practice_id = (select app.practice_id()));

grant select, insert on audit_log to readyctl_app;
revoke execute on function app.audit_hash(audit_log), app.chain_audit_entry() from public;
grant execute on function app.audit_hash(audit_log), app.chain_audit_entry() to readyctl_app;

-- The owner reads the log of the caller's practice, to verify it.
create policy audit_log_verify on audit_log for select to current_user
  using (practice_id = (select app.practice_id()));

-- Walks the chain of the caller's practice; returns the first position that is not as it was
-- written, and what is wrong there, or no row where all is well. For administrators only.
create function app.verify_audit_log(out broken_position bigint, out problem text) returns setof record
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    entry public.audit_log;
    head record;
    expected bigint := 1;
    last_hash bytea := '';
  begin
    if not app.is_administrator() then
      raise exception 'only an administrator verifies the audit log'
        using errcode = 'insufficient_privilege';
    end if;
    for entry in select * from public.audit_log a
                 where a.practice_id = (select app.practice_id()) order by a.position loop
      if entry.position <> expected then
        broken_position := expected; problem := 'missing'; return next; return;
      elsif entry.previous_hash <> last_hash or entry.hash <> app.audit_hash(entry) then
        broken_position := entry.position; problem := 'changed'; return next; return;
      end if;
      last_hash := entry.hash;
      expected := expected + 1;
    end loop;
    select h.position, h.hash into head from public.audit_log_heads h
      where h.practice_id = (select app.practice_id());
    -- Whoever cuts the end off may take the head away with it: a log that has rows has a head.
    if coalesce(head.position, 0) <> expected - 1 or coalesce(head.hash, '') <> last_hash then
      broken_position := expected; problem := 'missing'; return next;
    end if;
  end
  $$;

revoke execute on function app.verify_audit_log() from public;
grant execute on function app.verify_audit_log() to readyctl_app;
