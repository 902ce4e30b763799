-- Clinical notes, their versions, signatures and co-signature, and the assessments beside them.

create table diagnosis_codes (
  code text primary key check (code ~ '^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$'),
  title text not null
);

-- A subset of ICD-10-CM, chapter 5: the diagnoses that a mental-health practice records most.
insert into diagnosis_codes (code, title) values
  ('F10.10', 'Alcohol abuse, uncomplicated'),
  ('F20.9', 'Schizophrenia, unspecified'),
  ('F31.9', 'Bipolar disorder, unspecified'),
  ('F32.0', 'Major depressive disorder, single episode, mild'),
  ('F32.1', 'Major depressive disorder, single episode, moderate'),
  ('F32.9', 'Major depressive disorder, single episode, unspecified'),
  ('F33.1', 'Major depressive disorder, recurrent, moderate'),
  ('F40.10', 'Social phobia, unspecified'),
  ('F41.0', 'Panic disorder without agoraphobia'),
  ('F41.1', 'Generalized anxiety disorder'),
  ('F42.9', 'Obsessive-compulsive disorder, unspecified'),
  ('F43.10', 'Post-traumatic stress disorder, unspecified'),
  ('F43.23', 'Adjustment disorder with mixed anxiety and depressed mood'),
  ('F50.9', 'Eating disorder, unspecified'),
  ('F60.3', 'Borderline personality disorder'),
  ('F84.0', 'Autistic disorder'),
  ('F90.2', 'Attention-deficit hyperactivity disorder, combined type'),
  ('Z63.0', 'Problems in relationship with spouse or partner')
on conflict (code) do update set title = excluded.title;

create table notes (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  author_id uuid not null default app.user_id(),
  appointment_id uuid,
  kind text not null check (kind in ('progress', 'intake', 'treatment_plan', 'discharge', 'contact')),
  format text not null default 'SOAP' check (format in ('SOAP', 'DAP', 'BIRP', 'free')),
  sections jsonb not null default '{}' check (jsonb_typeof(sections) = 'object'),
  status text not null default 'draft' check (status in (
    'draft', 'signed', 'pending_cosignature', 'returned', 'cosigned', 'locked')),
  due_at timestamptz not null,
  signed_at timestamptz,
  cosignature_due_at timestamptz,
  cosignature_overdue boolean not null default false,
  locked_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (practice_id, id),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, author_id) references users (practice_id, id),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id),
  check (status in ('draft', 'returned', 'locked') or signed_at is not null),
  check ((status = 'pending_cosignature') <= (cosignature_due_at is not null)),
  check ((status = 'locked') = (locked_at is not null))
);

-- What a note said before each change: written by the database, never changed.
create table note_versions (
  note_id uuid not null,
  practice_id uuid not null default app.practice_id() references practices (id),
  version integer not null,
  sections jsonb not null,
  changed_by uuid not null,
  changed_at timestamptz not null default now(),
  primary key (note_id, version),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  foreign key (practice_id, changed_by) references users (practice_id, id)
);

-- Who put their name to which text, by its digest.
create table note_signatures (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  note_id uuid not null,
  user_id uuid not null default app.user_id(),
  kind text not null check (kind in ('author', 'cosigner')),
  sections_sha256 text not null check (sections_sha256 ~ '^[0-9a-f]{64}$'),
  signed_at timestamptz not null default now(),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  foreign key (practice_id, user_id) references users (practice_id, id)
);

-- What a supervisor decided about a note, and what is said to the author.
create table note_reviews (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  note_id uuid not null,
  reviewer_id uuid not null default app.user_id(),
  decision text not null check (decision in ('cosigned', 'returned')),
  comment text not null default '' check (length(comment) <= 4000),
  decided_at timestamptz not null default now(),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  foreign key (practice_id, reviewer_id) references users (practice_id, id),
  check (decision <> 'returned' or comment <> '')
);

create table note_addenda (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  note_id uuid not null,
  author_id uuid not null default app.user_id(),
  body text not null check (length(body) between 1 and 20000),
  created_at timestamptz not null default now(),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  foreign key (practice_id, author_id) references users (practice_id, id)
);

create table note_unlock_requests (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  note_id uuid not null,
  requested_by uuid not null default app.user_id(),
  reason text not null check (length(reason) between 10 and 1000),
  status text not null default 'requested' check (status in ('requested', 'approved', 'denied')),
  decided_by uuid,
  created_at timestamptz not null default now(),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  foreign key (practice_id, requested_by) references users (practice_id, id),
  foreign key (practice_id, decided_by) references users (practice_id, id),
  check ((status = 'requested') = (decided_by is null)),
  check (decided_by <> requested_by)
);

create table note_diagnoses (
  note_id uuid not null,
  practice_id uuid not null default app.practice_id() references practices (id),
  code text not null references diagnosis_codes (code),
  position smallint not null default 1 check (position between 1 and 12),
  primary key (note_id, code),
  foreign key (practice_id, note_id) references notes (practice_id, id) on delete cascade
);

create table assessments (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  instrument text not null check (instrument in ('PHQ-9', 'GAD-7', 'C-SSRS', 'PCL-5', 'AUDIT')),
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  score smallint check (score between 0 and 200),
  critical boolean not null default false,
  taken_at timestamptz not null default now(),
  unique (practice_id, id),
  foreign key (practice_id, client_id) references clients (practice_id, id)
);

create index notes_client on notes (practice_id, client_id, created_at, id);
create index notes_author on notes (practice_id, author_id, created_at, id);
create index notes_list on notes (practice_id, created_at, id);
create index notes_appointment on notes (practice_id, appointment_id);
create index notes_open on notes (practice_id, due_at) where status in ('draft', 'returned');
create index notes_pending on notes (practice_id, cosignature_due_at)
  where status = 'pending_cosignature';
create index note_versions_note on note_versions (practice_id, note_id);
create index note_versions_changed_by on note_versions (practice_id, changed_by);
create index note_signatures_note on note_signatures (practice_id, note_id);
create index note_signatures_user on note_signatures (practice_id, user_id);
create index note_reviews_note on note_reviews (practice_id, note_id);
create index note_reviews_reviewer on note_reviews (practice_id, reviewer_id);
create index note_addenda_note on note_addenda (practice_id, note_id);
create index note_addenda_author on note_addenda (practice_id, author_id);
create index note_unlock_requests_note on note_unlock_requests (practice_id, note_id);
create index note_unlock_requests_requested_by on note_unlock_requests (practice_id, requested_by);
create index note_unlock_requests_decided_by on note_unlock_requests (practice_id, decided_by);
create unique index note_unlock_requests_open on note_unlock_requests (note_id)
  where status = 'requested';
create index note_diagnoses_note on note_diagnoses (practice_id, note_id);
create index note_diagnoses_code on note_diagnoses (code);
create index assessments_client on assessments (practice_id, client_id, taken_at, id);

-- Names in alphabetical order: the state is judged before the version moves on.
create trigger notes_status before update of status on notes
  for each row execute function app.enforce_transition(
    'draft>signed', 'draft>locked', 'signed>pending_cosignature', 'signed>locked',
    'pending_cosignature>cosigned', 'pending_cosignature>returned', 'returned>signed',
    'returned>locked', 'cosigned>locked', 'locked>draft');
create trigger notes_version before update on notes
  for each row execute function app.advance_version();
create trigger note_unlock_requests_status before update of status on note_unlock_requests
  for each row execute function app.enforce_transition('requested>approved', 'requested>denied');

-- Text changes only while it is nobody's signed word; every former text is kept.
create function app.keep_note_version() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    if new.sections is distinct from old.sections then
      if old.status not in ('draft', 'returned') then
        raise exception 'a note that is % is not changed', old.status using errcode = 'check_violation';
      end if;
      insert into public.note_versions (note_id, practice_id, version, sections, changed_by)
        values (old.id, old.practice_id, old.version, old.sections, app.user_id());
    end if;
    return new;
  end
  $$;
create trigger notes_text after update of sections on notes
  for each row execute function app.keep_note_version();

-- A locked note is opened by an approved request alone, and each request opens it once.
create function app.require_unlock() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    if not exists (select from public.note_unlock_requests r
                   where r.note_id = new.id and r.status = 'approved'
                     and r.created_at >= old.locked_at) then
      raise exception 'nobody has approved to unlock the note' using errcode = 'check_violation';
    end if;
    return new;
  end
  $$;
create trigger notes_unlock before update of status on notes
  for each row when (old.status = 'locked' and new.status = 'draft')
  execute function app.require_unlock();

alter table diagnosis_codes enable row level security;
alter table diagnosis_codes force row level security;
alter table notes enable row level security;
alter table notes force row level security;
alter table note_versions enable row level security;
alter table note_versions force row level security;
alter table note_signatures enable row level security;
alter table note_signatures force row level security;
alter table note_reviews enable row level security;
alter table note_reviews force row level security;
alter table note_addenda enable row level security;
alter table note_addenda force row level security;
alter table note_unlock_requests enable row level security;
alter table note_unlock_requests force row level security;
alter table note_diagnoses enable row level security;
alter table note_diagnoses force row level security;
alter table assessments enable row level security;
alter table assessments force row level security;

create policy diagnosis_codes_read on diagnosis_codes for select to readyctl_app
  using ((select app.role()) is not null);

-- A note is its author's; who supervises the author reads and decides; administrators read.
create policy notes_read on notes for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and (author_id = (select app.user_id())
              or author_id = any ((select app.my_supervisees())::uuid[])
              or (select app.is_administrator())));
create policy notes_write on notes for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and author_id = (select app.user_id())
         and (select app.role()) in ('supervisor', 'therapist', 'associate_trainee')
         and client_id = any ((select app.my_client_ids())::uuid[]));
create policy notes_change on notes for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and (author_id = (select app.user_id())
              or author_id = any ((select app.my_supervisees())::uuid[])
              or (select app.role()) = 'system'))
  with check (practice_id = (select app.practice_id()));

-- What belongs to a note is seen by whoever sees the note.
create policy note_versions_read on note_versions for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id));
create policy note_versions_keep on note_versions for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and changed_by = (select app.user_id())
         and exists (select from notes n where n.id = note_id));
create policy note_signatures_read on note_signatures for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id));
create policy note_signatures_sign on note_signatures for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and user_id = (select app.user_id())
         and exists (select from notes n where n.id = note_id
                     and (n.author_id = note_signatures.user_id)
                         = (note_signatures.kind = 'author')));
create policy note_reviews_read on note_reviews for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id));
create policy note_reviews_decide on note_reviews for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and reviewer_id = (select app.user_id())
         and exists (select from notes n where n.id = note_id
                     and n.author_id = any ((select app.my_supervisees())::uuid[])));
create policy note_addenda_read on note_addenda for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id));
create policy note_addenda_write on note_addenda for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and author_id = (select app.user_id())
         and exists (select from notes n where n.id = note_id
                     and n.author_id = note_addenda.author_id));
create policy note_unlock_requests_read on note_unlock_requests for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id));
create policy note_unlock_requests_ask on note_unlock_requests for insert to readyctl_app
  with check (practice_id = (select app.practice_id()) and requested_by = (select app.user_id())
         and status = 'requested'
         and exists (select from notes n where n.id = note_id and n.author_id = requested_by));
create policy note_unlock_requests_decide on note_unlock_requests for update to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) = 'administrator'
              or requested_by = any ((select app.my_supervisees())::uuid[])))
  with check (practice_id = (select app.practice_id()) and decided_by = (select app.user_id()));
create policy note_diagnoses_read on note_diagnoses for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id));
create policy note_diagnoses_write on note_diagnoses to readyctl_app
  using (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id
                     and n.author_id = (select app.user_id()) and n.status in ('draft', 'returned')))
  with check (practice_id = (select app.practice_id())
         and exists (select from notes n where n.id = note_id
                     and n.author_id = (select app.user_id()) and n.status in ('draft', 'returned')));

create policy assessments_read on assessments for select to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.is_administrator())
              or client_id = any ((select app.my_client_ids())::uuid[])));
create policy assessments_write on assessments to readyctl_app
  using (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'system')
              or client_id = any ((select app.my_client_ids())::uuid[])))
  with check (practice_id = (select app.practice_id())
         and ((select app.role()) in ('administrator', 'system')
              or client_id = any ((select app.my_client_ids())::uuid[])));

grant select on diagnosis_codes to readyctl_app;
grant select, insert, update on notes, note_unlock_requests, assessments to readyctl_app;
grant select, insert on note_versions, note_signatures, note_reviews, note_addenda to readyctl_app;
grant select, insert, update, delete on note_diagnoses to readyctl_app;
revoke execute on function app.keep_note_version(), app.require_unlock() from public;
grant execute on function app.keep_note_version(), app.require_unlock() to readyctl_app;
