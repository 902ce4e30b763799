-- Claims, payments, and what was asked of the practice management system.

create table claims (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  appointment_id uuid not null,
  note_id uuid not null,
  number text not null,
  status text not null default 'draft' check (status in (
    'draft', 'ready', 'submitted', 'accepted', 'denied', 'paid', 'appealed')),
  denial_reason text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  submitted_at timestamptz,
  unique (practice_id, id),
  unique (practice_id, number),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id),
  foreign key (practice_id, note_id) references notes (practice_id, id),
  check (status <> 'denied' or denial_reason is not null),
  check (status in ('draft', 'ready') or submitted_at is not null)
);

create table claim_lines (
  claim_id uuid not null,
  practice_id uuid not null default app.practice_id() references practices (id),
  position smallint not null check (position between 1 and 50),
  service_code text not null references service_codes (code),
  place_of_service text not null references places_of_service (code),
  diagnosis_code text not null references diagnosis_codes (code),
  units smallint not null default 1 check (units between 1 and 99),
  charge_cents integer not null check (charge_cents >= 0),
  primary key (claim_id, position),
  foreign key (practice_id, claim_id) references claims (practice_id, id) on delete cascade
);

create table payments (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  client_id uuid not null,
  appointment_id uuid,
  provider_id text unique,
  status text not null default 'created' check (status in (
    'created', 'processing', 'succeeded', 'failed', 'cancelled', 'refunded')),
  amount_cents integer not null check (amount_cents between 50 and 10000000),
  refunded_cents integer not null default 0,
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  taken_by uuid default app.user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (practice_id, client_id) references clients (practice_id, id),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id),
  foreign key (practice_id, taken_by) references users (practice_id, id),
  check (refunded_cents between 0 and amount_cents),
  check (status <> 'refunded' or refunded_cents > 0)
);

-- Which event of the payment provider was carried out: it delivers some twice.
create table payment_events (
  event_id text primary key check (length(event_id) between 1 and 255),
  practice_id uuid not null default app.practice_id() references practices (id),
  kind text not null,
  received_at timestamptz not null default now()
);

-- Medicare's conditions for a visit billed "incident to" a supervisor (42 CFR 410.26), as found.
create table incident_to_checks (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  appointment_id uuid not null,
  supervisor_id uuid not null,
  compliant boolean not null,
  findings jsonb not null check (jsonb_typeof(findings) = 'object'),
  checked_by uuid not null default app.user_id(),
  checked_at timestamptz not null default now(),
  foreign key (practice_id, appointment_id) references appointments (practice_id, id),
  foreign key (practice_id, supervisor_id) references users (practice_id, id),
  foreign key (practice_id, checked_by) references users (practice_id, id)
);

create table advancedmd_calls (
  id uuid primary key default gen_random_uuid(),
  practice_id uuid not null default app.practice_id() references practices (id),
  operation text not null check (operation ~ '^[a-z][a-z0-9-]*$'),
  user_id uuid not null default app.user_id(),
  status integer not null,
  milliseconds integer not null check (milliseconds >= 0),
  called_at timestamptz not null default now(),
  foreign key (practice_id, user_id) references users (practice_id, id)
);

create index claims_list on claims (practice_id, created_at, id);
create index claims_client on claims (practice_id, client_id);
create index claims_appointment on claims (practice_id, appointment_id);
create unique index claims_note on claims (practice_id, note_id);
create index claim_lines_claim on claim_lines (practice_id, claim_id);
create index claim_lines_service on claim_lines (service_code);
create index claim_lines_place on claim_lines (place_of_service);
create index claim_lines_diagnosis on claim_lines (diagnosis_code);
create index payments_client on payments (practice_id, client_id, created_at, id);
create index payments_appointment on payments (practice_id, appointment_id);
create index payments_taken_by on payments (practice_id, taken_by);
create index payment_events_practice on payment_events (practice_id);
create index incident_to_checks_appointment on incident_to_checks (practice_id, appointment_id);
create index incident_to_checks_supervisor on incident_to_checks (practice_id, supervisor_id);
create index incident_to_checks_checked_by on incident_to_checks (practice_id, checked_by);
create index advancedmd_calls_user on advancedmd_calls (practice_id, user_id, called_at);

create trigger claims_status before update of status on claims
  for each row execute function app.enforce_transition(
    'draft>ready', 'ready>draft', 'ready>submitted', 'submitted>accepted', 'submitted>denied',
    'accepted>paid', 'accepted>denied', 'denied>appealed', 'appealed>accepted', 'appealed>denied');
create trigger claims_version before update on claims
  for each row execute function app.advance_version();
create trigger payments_status before update of status on payments
  for each row execute function app.enforce_transition(
    'created>processing', 'created>succeeded', 'created>failed', 'created>cancelled',
    'processing>succeeded', 'processing>failed', 'processing>cancelled', 'failed>processing',
    'succeeded>refunded');
create trigger payments_version before update on payments
  for each row execute function app.advance_version();

-- What a claim must know of its note, without the note: billing does not read notes.
create function app.claimable_note(note uuid, out client_id uuid, out appointment_id uuid,
                                   out signed boolean) returns record
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select n.client_id, n.appointment_id, n.status in ('signed', 'cosigned', 'locked')
           and n.signed_at is not null
    from public.notes n
    where n.id = note and n.practice_id = (select app.practice_id())
      and app.role() in ('billing_staff', 'administrator')
  $$;

-- Only from a signed note, for its own client and appointment.
create function app.check_claim() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  declare
    note record;
  begin
    select * into note from app.claimable_note(new.note_id);
    if note.signed is not true or note.client_id <> new.client_id
       or note.appointment_id is distinct from new.appointment_id then
      raise exception 'a claim needs a signed note of its client and appointment'
        using errcode = 'check_violation';
    end if;
    return new;
  end
  $$;
create trigger claims_note before insert on claims
  for each row execute function app.check_claim();

alter table claims enable row level security;
alter table claims force row level security;
alter table claim_lines enable row level security;
alter table claim_lines force row level security;
alter table payments enable row level security;
alter table payments force row level security;
alter table payment_events enable row level security;
alter table payment_events force row level security;
alter table incident_to_checks enable row level security;
alter table incident_to_checks force row level security;
alter table advancedmd_calls enable row level security;
alter table advancedmd_calls force row level security;

-- The owner, as whom `claimable_note` looks.
create policy notes_claimable on notes for select to current_user
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('billing_staff', 'administrator'));

create policy claims_billing on claims to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff', 'system'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff', 'system'));
create policy claim_lines_billing on claim_lines to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff', 'system'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff', 'system'));
create policy payments_billing on payments to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff', 'system'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff', 'system'));
create policy payments_own on payments for select to readyctl_app
  using (practice_id = (select app.practice_id()) and client_id = (select app.my_client_id()));
create policy payment_events_system on payment_events to readyctl_app
  using (practice_id = (select app.practice_id()) and (select app.role()) = 'system')
  with check (practice_id = (select app.practice_id()) and (select app.role()) = 'system');
create policy incident_to_checks_billing on incident_to_checks to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff'));
create policy advancedmd_calls_billing on advancedmd_calls to readyctl_app
  using (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff'))
  with check (practice_id = (select app.practice_id())
         and (select app.role()) in ('administrator', 'billing_staff'));

grant select, insert, update on claims, payments to readyctl_app;
grant select, insert, delete on claim_lines to readyctl_app;
grant select, insert on payment_events, incident_to_checks, advancedmd_calls to readyctl_app;
revoke execute on function app.claimable_note(uuid), app.check_claim() from public;
grant execute on function app.claimable_note(uuid), app.check_claim() to readyctl_app;
