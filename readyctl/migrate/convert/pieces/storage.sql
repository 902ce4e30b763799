-- piece storage.buckets
-- Names of buckets and their limits. The bytes are in S3; policies on these tables hold for these
-- rows, not for S3: the function that signs an address for S3 must ask them.
create table if not exists storage.buckets (
  id text primary key,
  name text not null unique,
  owner uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  public boolean default false,
  avif_autodetection boolean default false,
  file_size_limit bigint,
  allowed_mime_types text[],
  owner_id text,
  type text not null default 'STANDARD'
);
alter table storage.buckets enable row level security;
grant all on storage.buckets to anon, authenticated, service_role;

-- piece storage.objects needs storage.buckets
create table if not exists storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text references storage.buckets (id),
  name text,
  owner uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  last_accessed_at timestamptz default now(),
  metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  version text,
  owner_id text,
  user_metadata jsonb,
  level integer
);
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name);
alter table storage.objects enable row level security;
grant all on storage.objects to anon, authenticated, service_role;

-- piece storage.migrations
create table if not exists storage.migrations (
  id integer primary key,
  name varchar(100) not null unique,
  hash varchar(40) not null,
  executed_at timestamp default current_timestamp
);

-- piece storage.prefixes needs storage.buckets
create table if not exists storage.prefixes (
  bucket_id text not null references storage.buckets (id),
  name text not null,
  level integer not null default 1,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  primary key (bucket_id, level, name)
);
alter table storage.prefixes enable row level security;

-- piece storage.s3_multipart_uploads needs storage.buckets
create table if not exists storage.s3_multipart_uploads (
  id text primary key,
  in_progress_size bigint not null default 0,
  upload_signature text not null,
  bucket_id text not null references storage.buckets (id),
  key text not null,
  version text not null,
  owner_id text,
  created_at timestamptz not null default now(),
  user_metadata jsonb
);
alter table storage.s3_multipart_uploads enable row level security;

-- piece storage.s3_multipart_uploads_parts needs storage.s3_multipart_uploads
create table if not exists storage.s3_multipart_uploads_parts (
  id uuid primary key default gen_random_uuid(),
  upload_id text not null references storage.s3_multipart_uploads (id) on delete cascade,
  size bigint not null default 0,
  part_number integer not null,
  bucket_id text not null references storage.buckets (id),
  key text not null,
  etag text not null,
  owner_id text,
  version text not null,
  created_at timestamptz not null default now()
);
alter table storage.s3_multipart_uploads_parts enable row level security;

-- piece storage.foldername
create or replace function storage.foldername(name text) returns text[] language sql immutable as $$
  select (string_to_array(name, '/'))[1 : array_length(string_to_array(name, '/'), 1) - 1]
$$;

-- piece storage.filename
create or replace function storage.filename(name text) returns text language sql immutable as $$
  select (string_to_array(name, '/'))[array_length(string_to_array(name, '/'), 1)]
$$;

-- piece storage.extension
create or replace function storage.extension(name text) returns text language sql immutable as $$
  select reverse(split_part(reverse(storage_name), '.', 1))
  from (select (string_to_array(name, '/'))[array_length(string_to_array(name, '/'), 1)]) t (storage_name)
$$;

-- piece storage.operation
create or replace function storage.operation() returns text language sql stable as $$
  select nullif(current_setting('storage.operation', true), '')
$$;

-- piece storage.allow_any_operation needs storage.operation
create or replace function storage.allow_any_operation(expected_operations text[])
  returns boolean language sql stable as $$
  select storage.operation() = any (expected_operations)
$$;

-- piece storage.allow_only_operation needs storage.operation
create or replace function storage.allow_only_operation(expected_operation text)
  returns boolean language sql stable as $$
  select storage.operation() = expected_operation
$$;

-- piece storage.get_size_by_bucket needs storage.objects
create or replace function storage.get_size_by_bucket()
  returns table (size bigint, bucket_id text) language sql stable as $$
  select sum((o.metadata ->> 'size')::bigint)::bigint, o.bucket_id
  from storage.objects o group by o.bucket_id
$$;

-- piece storage.can_insert_object needs storage.objects
create or replace function storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb)
  returns void language plpgsql as $$
begin
  insert into storage.objects (bucket_id, name, owner, metadata)
  values (bucketid, name, owner, metadata);
  raise sqlstate 'PT200' using message = 'ROLLBACK', detail = 'rollback successful insert';
end $$;

-- piece storage.update_updated_at_column
create or replace function storage.update_updated_at_column() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end $$;

-- piece storage.protect_delete
create or replace function storage.protect_delete() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' then
    raise exception 'rows of storage are not deleted directly: delete the object in S3'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- piece storage.enforce_bucket_name_length
create or replace function storage.enforce_bucket_name_length() returns trigger language plpgsql as $$
begin
  if length(new.name) > 100 then
    raise exception 'the name of a bucket has at most 100 characters';
  end if;
  return new;
end $$;
