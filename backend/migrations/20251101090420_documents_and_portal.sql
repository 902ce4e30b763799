-- Files with their scan, templates, and what clients do in the portal.

create table documents (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  kind text not null check (kind in (
    'upload', 'letter', 'form', 'insurance_card', 'consent', 'export', 'recording')),
  file_name text not null check (length(file_name) between 1 and 200),
  content_type text not null check (length(content_type) between 3 and 100),
  bytes bigint not null check (bytes between 1 and 104857600),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  object_key text not null unique,
  scan_status text not null default 'pending'
    check (scan_status in ('pending', 'clean', 'infected', 'mismatched', 'failed')),
  uploaded_by uuid default app.user_id(),
  created_at timestamptz not null default now(),
  scanned_at timestamptz,
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, uploaded_by) references users (practice_id, id),
  check ((scan_status = 'pending') = (scanned_at is null))
);

create table document_templates (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  name text not null check (length(name) between 1 and 100),
  body text not null check (length(body) <= 100000),
  active boolean not null default true,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  unique (practice_id, name)
);

create table portal_invitations (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  token_sha256 text not null unique check (token_sha256 ~ '^[0-9a-f]{64}$'),
  invited_by uuid not null default app.user_id(),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, invited_by) references users (practice_id, id),
  check (expires_at > created_at)
);

create table portal_forms (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  title text not null check (length(title) between 1 and 200),
  questions jsonb not null check (jsonb_typeof(questions) = 'array'),
  active boolean not null default true,
  unique (practice_id, id)
);

create table portal_form_assignments (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  form_id uuid not null,
  client_id uuid not null,
  status text not null default 'assigned'
    check (status in ('assigned', 'started', 'submitted', 'reviewed', 'withdrawn')),
  due_on date,
  answers jsonb not null default '{}' check (jsonb_typeof(answers) = 'object'),
  notified_at timestamptz,
  submitted_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (practice_id, form_id) references portal_forms (practice_id, id),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  check (status not in ('submitted', 'reviewed') or submitted_at is not null)
);

-- A file that was found bad stays bad.
create function app.enforce_scan() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    if old.scan_status not in ('pending', 'failed') and new.scan_status is distinct from old.scan_status
       and not (old.scan_status = 'clean' and new.scan_status in ('infected', 'mismatched')) then
      raise exception 'a scanned file is not scanned to %', new.scan_status
        using errcode = 'check_violation';
    end if;
    return new;
  end
  $$;
revoke execute on function app.enforce_scan() from public;
grant execute on function app.enforce_scan() to readyctl_app;

create index documents_client on documents (practice_id, client_id, created_at, id);
create index documents_uploaded_by on documents (practice_id, uploaded_by);
create index portal_invitations_client on portal_invitations (practice_id, client_id);
create index portal_invitations_invited_by on portal_invitations (practice_id, invited_by);
create index portal_form_assignments_form on portal_form_assignments (practice_id, form_id);
create index portal_form_assignments_client
  on portal_form_assignments (practice_id, client_id, created_at, id);

create trigger portal_invitations_single_use before update on portal_invitations
  for each row execute function app.enforce_single_use('used_at', 'revoked_at');
create trigger documents_scan before update of scan_status on documents
  for each row execute function app.enforce_scan();
create trigger document_templates_version before update on document_templates
  for each row execute function app.advance_version();
create trigger portal_form_assignments_status before update of status on portal_form_assignments
  for each row execute function app.enforce_transition(
    'assigned>started', 'assigned>submitted', 'assigned>withdrawn', 'started>submitted',
    'started>withdrawn', 'submitted>reviewed');
create trigger portal_form_assignments_version before update on portal_form_assignments
  for each row execute function app.advance_version();

alter table documents enable row level security;
alter table documents force row level security;
alter table document_templates enable row level security;
alter table document_templates force row level security;
alter table portal_invitations enable row level security;
alter table portal_invitations force row level security;
alter table portal_forms enable row level security;
alter table portal_forms force row level security;
alter table portal_form_assignments enable row level security;
alter table portal_form_assignments force row level security;

create policy documents_care on documents to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])))
  with check (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])));

create policy document_templates_read on document_templates for select to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_staff()));
create policy document_templates_write on document_templates to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));

create policy portal_invitations_desk on portal_invitations to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'front_desk', 'system'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'front_desk', 'system'));

create policy portal_forms_read on portal_forms for select to readyctl_app
  using (practice_id = (select app.practice_id()));
create policy portal_forms_write on portal_forms to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.is_administrator()))
  with check (practice_id = (select app.practice_id()) and (select app.is_administrator()));

create policy portal_form_assignments_read on portal_form_assignments for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy portal_form_assignments_assign on portal_form_assignments for insert to readyctl_app
  with check (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk')
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy portal_form_assignments_change on portal_form_assignments for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'front_desk', 'system')
              or client_id = (select app.my_client_id())
              or client_id = any ((select app.my_client_ids())::uuid[])))
  with check (practice_id = (select app.practice_id()));

grant select, insert, update on documents, document_templates, portal_invitations, portal_forms,
  portal_form_assignments to readyctl_app;
