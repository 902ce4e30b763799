-- piece vault.secrets
-- Names of secrets. Their values are in AWS Secrets Manager and never here: what would put one here
-- fails.
create table if not exists vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text unique,
  description text not null default '',
  secret text check (secret is null),
  key_id uuid,
  nonce bytea,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- piece vault.decrypted_secrets needs vault.secrets
-- A value is there while whoever calls has set it: set_config('app.secrets.NAME', value, true).
create or replace view vault.decrypted_secrets as
  select id, name, description, secret,
         nullif(current_setting('app.secrets.' || name, true), '') as decrypted_secret,
         key_id, nonce, created_at, updated_at
  from vault.secrets;

-- piece vault.create_secret needs vault.secrets
create or replace function vault.create_secret(
  new_secret text, new_name text default null, new_description text default '',
  new_key_id uuid default null
) returns uuid language plpgsql as $$
declare
  made uuid;
begin
  if new_secret is not null then
    raise exception 'this database keeps no secrets: put the value into AWS Secrets Manager'
      using errcode = 'feature_not_supported';
  end if;
  insert into vault.secrets as s (name, description)
  values (new_name, coalesce(new_description, ''))
  on conflict (name) do update set description = excluded.description, updated_at = now()
  returning id into made;
  return made;
end $$;

-- piece vault.update_secret needs vault.secrets
create or replace function vault.update_secret(
  secret_id uuid, new_secret text default null, new_name text default null,
  new_description text default null, new_key_id uuid default null
) returns void language plpgsql as $$
begin
  if new_secret is not null then
    raise exception 'this database keeps no secrets: put the value into AWS Secrets Manager'
      using errcode = 'feature_not_supported';
  end if;
  update vault.secrets
  set name = coalesce(new_name, name), description = coalesce(new_description, description),
      updated_at = now()
  where id = secret_id;
end $$;

-- piece pgsodium.key
-- Names of keys, without any key: AWS KMS has those.
create table if not exists pgsodium.key (
  id uuid primary key default gen_random_uuid(),
  status text default 'valid',
  created timestamptz not null default now(),
  expires timestamptz,
  key_type text,
  key_id bigint,
  key_context bytea,
  name text unique,
  associated_data text default ''
);

-- piece pgsodium.valid_key needs pgsodium.key
create or replace view pgsodium.valid_key as
  select * from pgsodium.key where status in ('valid', 'default');

-- piece pgsodium.create_key needs pgsodium.key
create or replace function pgsodium.create_key(
  key_type text default 'aead-det', name text default null, raw_key bytea default null,
  raw_key_nonce bytea default null, parent_key uuid default null,
  key_context bytea default null, expires timestamptz default null, associated_data text default ''
) returns pgsodium.key language plpgsql as $$
declare
  made pgsodium.key;
begin
  if raw_key is not null then
    raise exception 'this database keeps no keys: use AWS KMS' using errcode = 'feature_not_supported';
  end if;
  insert into pgsodium.key as k (key_type, name, expires, associated_data)
  values (create_key.key_type, create_key.name, create_key.expires, create_key.associated_data)
  on conflict on constraint key_name_key do update set status = 'valid'
  returning * into made;
  return made;
end $$;

-- piece pgsodium.crypto_aead_det_encrypt
create or replace function pgsodium.crypto_aead_det_encrypt(
  message bytea, additional bytea, key_uuid uuid, nonce bytea default null
) returns bytea language plpgsql as $$
begin
  raise exception 'pgsodium is not here: encrypt with AWS KMS' using errcode = 'feature_not_supported';
end $$;

-- piece pgsodium.crypto_aead_det_decrypt
create or replace function pgsodium.crypto_aead_det_decrypt(
  message bytea, additional bytea, key_uuid uuid, nonce bytea default null
) returns bytea language plpgsql as $$
begin
  raise exception 'pgsodium is not here: decrypt with AWS KMS' using errcode = 'feature_not_supported';
end $$;

-- piece pgsodium.crypto_aead_det_noncegen
create or replace function pgsodium.crypto_aead_det_noncegen() returns bytea language sql volatile as $$
  select uuid_send(gen_random_uuid())
$$;

-- piece pgsodium.randombytes_random
create or replace function pgsodium.randombytes_random() returns integer language sql volatile as $$
  select ('x' || substr(md5(gen_random_uuid()::text), 1, 8))::bit(32)::integer
$$;
