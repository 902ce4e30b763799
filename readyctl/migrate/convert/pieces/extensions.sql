-- piece extension:sha1
-- SHA-1, word by word, as FIPS 180-4 has it: version 5 is made of it.
create or replace function extensions.readyctl_sha1(data bytea) returns bytea
  language plpgsql immutable strict as $$
declare
  mask constant bigint := 4294967295;
  padded bytea := data || '\x80'::bytea;
  w bigint[];
  h bigint[] := array[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint; x bigint;
begin
  padded := padded || decode(repeat('00', (119 - length(data) % 64) % 64), 'hex')
            || int8send(length(data)::bigint * 8);
  for block in 0 .. length(padded) / 64 - 1 loop
    w := array[]::bigint[];
    for i in 0 .. 79 loop
      if i < 16 then
        x := (get_byte(padded, block * 64 + i * 4)::bigint << 24) | (get_byte(padded, block * 64 + i * 4 + 1) << 16)
             | (get_byte(padded, block * 64 + i * 4 + 2) << 8) | get_byte(padded, block * 64 + i * 4 + 3);
      else
        x := w[i - 2] # w[i - 7] # w[i - 13] # w[i - 15];
        x := ((x << 1) | (x >> 31)) & mask;
      end if;
      w := w || x;
    end loop;
    a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
    for i in 0 .. 79 loop
      if i < 20 then f := (b & c) | ((~b) & mask & d); k := 1518500249;
      elsif i < 40 then f := b # c # d; k := 1859775393;
      elsif i < 60 then f := (b & c) | (b & d) | (c & d); k := 2400959708;
      else f := b # c # d; k := 3395469782;
      end if;
      t := ((((a << 5) | (a >> 27)) & mask) + f + e + k + w[i + 1]) & mask;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := t;
    end loop;
    h := array[(h[1] + a) & mask, (h[2] + b) & mask, (h[3] + c) & mask, (h[4] + d) & mask, (h[5] + e) & mask];
  end loop;
  return decode(lpad(to_hex(h[1]), 8, '0') || lpad(to_hex(h[2]), 8, '0') || lpad(to_hex(h[3]), 8, '0')
                || lpad(to_hex(h[4]), 8, '0') || lpad(to_hex(h[5]), 8, '0'), 'hex');
end $$;

-- piece extension:pgcrypto needs extension:sha1
-- pgcrypto where the server has it, as Aurora does. Elsewhere what PostgreSQL itself can do: digests,
-- hmac and random bytes. Hashes of passwords that crypt makes there can never be matched.
do $prelude$
begin
  if exists (select from pg_available_extensions where name = 'pgcrypto') then
    create extension if not exists pgcrypto with schema extensions;
    return;
  end if;
  raise warning 'the server has no pgcrypto: its digests are provided, its encryption is not';
  create or replace function extensions.digest(data bytea, type text) returns bytea
    language plpgsql immutable strict parallel safe as $f$
  begin
    return case lower(type)
      when 'sha1' then extensions.readyctl_sha1(data)
      when 'md5' then decode(md5(data), 'hex') when 'sha224' then sha224(data)
      when 'sha256' then sha256(data) when 'sha384' then sha384(data) when 'sha512' then sha512(data)
      else extensions.readyctl_missing('digest ' || type) end;
  end $f$;
  create or replace function extensions.readyctl_missing(what text) returns bytea
    language plpgsql immutable as $f$
  begin
    raise exception '% needs pgcrypto, which this server has not', what using errcode = 'feature_not_supported';
  end $f$;
  create or replace function extensions.digest(data text, type text) returns bytea
    language sql immutable strict parallel safe as
    $f$ select extensions.digest(convert_to(data, 'UTF8'), type) $f$;
  create or replace function extensions.hmac(data bytea, key bytea, type text) returns bytea
    language plpgsql immutable strict parallel safe as $f$
  declare
    size integer := case when lower(type) in ('sha384', 'sha512') then 128 else 64 end;
    padded bytea := case when length(key) > size then extensions.digest(key, type) else key end;
    inner_pad bytea;
    outer_pad bytea;
  begin
    padded := padded || decode(repeat('00', size - length(padded)), 'hex');
    inner_pad := padded;
    outer_pad := padded;
    for i in 0 .. size - 1 loop
      inner_pad := set_byte(inner_pad, i, get_byte(padded, i) # 54);
      outer_pad := set_byte(outer_pad, i, get_byte(padded, i) # 92);
    end loop;
    return extensions.digest(outer_pad || extensions.digest(inner_pad || data, type), type);
  end $f$;
  create or replace function extensions.hmac(data text, key text, type text) returns bytea
    language sql immutable strict parallel safe as
    $f$ select extensions.hmac(convert_to(data, 'UTF8'), convert_to(key, 'UTF8'), type) $f$;
  create or replace function extensions.gen_random_uuid() returns uuid language sql volatile as
    $f$ select pg_catalog.gen_random_uuid() $f$;
  create or replace function extensions.gen_random_bytes(count integer) returns bytea
    language sql volatile strict as $f$
    select substring(string_agg(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                                       || uuid_send(gen_random_uuid())), ''::bytea) from 1 for count)
    from generate_series(1, (count + 31) / 32)
  $f$;
  create or replace function extensions.gen_salt(type text, iterations integer default 0) returns text
    language sql volatile as $f$ select '*0'::text $f$;
  -- '*0' and '*1' are what crypt(3) says when it fails: nothing is ever equal to the hash of itself.
  create or replace function extensions.crypt(password text, salt text) returns text
    language sql immutable as $f$ select case when salt like '*0%' then '*1' else '*0' end $f$;
  create or replace function extensions.pgp_sym_encrypt(data text, psw text, options text default '')
    returns bytea language sql as $f$ select extensions.readyctl_missing('pgp_sym_encrypt') $f$;
  create or replace function extensions.pgp_sym_encrypt_bytea(data bytea, psw text, options text default '')
    returns bytea language sql as $f$ select extensions.readyctl_missing('pgp_sym_encrypt_bytea') $f$;
  create or replace function extensions.pgp_sym_decrypt(msg bytea, psw text, options text default '')
    returns text language sql as $f$ select extensions.readyctl_missing('pgp_sym_decrypt')::text $f$;
  create or replace function extensions.pgp_sym_decrypt_bytea(msg bytea, psw text, options text default '')
    returns bytea language sql as $f$ select extensions.readyctl_missing('pgp_sym_decrypt_bytea') $f$;
  create or replace function extensions.encrypt(data bytea, key bytea, type text) returns bytea
    language sql as $f$ select extensions.readyctl_missing('encrypt') $f$;
  create or replace function extensions.decrypt(data bytea, key bytea, type text) returns bytea
    language sql as $f$ select extensions.readyctl_missing('decrypt') $f$;
  create or replace function extensions.encrypt_iv(data bytea, key bytea, iv bytea, type text) returns bytea
    language sql as $f$ select extensions.readyctl_missing('encrypt_iv') $f$;
  create or replace function extensions.decrypt_iv(data bytea, key bytea, iv bytea, type text) returns bytea
    language sql as $f$ select extensions.readyctl_missing('decrypt_iv') $f$;
end $prelude$;

-- piece extension:uuid-ossp needs extension:sha1
do $prelude$
begin
  if exists (select from pg_available_extensions where name = 'uuid-ossp') then
    create extension if not exists "uuid-ossp" with schema extensions;
    return;
  end if;
  create or replace function extensions.uuid_generate_v4() returns uuid language sql volatile as
    $f$ select gen_random_uuid() $f$;
  create or replace function extensions.uuid_nil() returns uuid language sql immutable as
    $f$ select '00000000-0000-0000-0000-000000000000'::uuid $f$;
  create or replace function extensions.uuid_ns_dns() returns uuid language sql immutable as
    $f$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $f$;
  create or replace function extensions.uuid_ns_url() returns uuid language sql immutable as
    $f$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $f$;
  create or replace function extensions.uuid_ns_oid() returns uuid language sql immutable as
    $f$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $f$;
  -- Version 3 is made of md5, which PostgreSQL has.
  create or replace function extensions.uuid_generate_v3(namespace uuid, name text) returns uuid
    language sql immutable strict as $f$
    select encode(set_byte(set_byte(hash, 6, (get_byte(hash, 6) & 15) | 48), 8, (get_byte(hash, 8) & 63) | 128), 'hex')::uuid
    from (select decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex')) m (hash)
  $f$;
  create or replace function extensions.uuid_generate_v5(namespace uuid, name text) returns uuid
    language sql immutable strict as $f$
    select encode(set_byte(set_byte(hash, 6, (get_byte(hash, 6) & 15) | 80), 8, (get_byte(hash, 8) & 63) | 128), 'hex')::uuid
    from (select substring(extensions.readyctl_sha1(uuid_send(namespace) || convert_to(name, 'UTF8')) from 1 for 16)) m (hash)
  $f$;
end $prelude$;

-- piece extension:moddatetime
do $prelude$
begin
  -- Where the server has it, the migration that asks for it makes it, in the schema that it names.
  if exists (select from pg_available_extensions where name = 'moddatetime') then
    return;
  end if;
  create or replace function extensions.moddatetime() returns trigger language plpgsql as $f$
  begin
    return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], now()));
  end $f$;
  create or replace function public.moddatetime() returns trigger language plpgsql as $f$
  begin
    return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], now()));
  end $f$;
end $prelude$;

-- piece extension:unaccent
do $prelude$
begin
  if exists (select from pg_available_extensions where name = 'unaccent') then
    return;
  end if;
  raise warning 'the server has no unaccent: accents are taken off by normalization';
  create or replace function extensions.unaccent(value text) returns text
    language sql immutable strict parallel safe as
    $f$ select regexp_replace(normalize(value, nfd), '[' || chr(768) || '-' || chr(879) || ']', '', 'g') $f$;
  create or replace function public.unaccent(value text) returns text
    language sql immutable strict parallel safe as $f$ select extensions.unaccent(value) $f$;
  create or replace function public.unaccent(dictionary text, value text) returns text
    language sql immutable strict parallel safe as $f$ select extensions.unaccent(value) $f$;
  create or replace function extensions.unaccent(dictionary text, value text) returns text
    language sql immutable strict parallel safe as $f$ select extensions.unaccent(value) $f$;
end $prelude$;

-- piece extension:pgjwt needs extension:pgcrypto
create or replace function extensions.url_encode(data bytea) returns text language sql immutable as $$
  select translate(encode(data, 'base64'), E'+/=\n', '-_')
$$;
create or replace function extensions.url_decode(data text) returns bytea language sql immutable as $$
  select decode(rpad(translate(data, '-_', '+/'), (length(data) + 3) / 4 * 4, '='), 'base64')
$$;
create or replace function extensions.algorithm_sign(signables text, secret text, algorithm text)
  returns text language sql immutable as $$
  select extensions.url_encode(extensions.hmac(signables, secret, replace(lower(algorithm), 'hs', 'sha')))
$$;
create or replace function extensions.sign(payload json, secret text, algorithm text default 'HS256')
  returns text language sql immutable as $$
  select part || '.' || extensions.algorithm_sign(part, secret, algorithm)
  from (select extensions.url_encode(convert_to('{"alg":"' || algorithm || '","typ":"JWT"}', 'UTF8'))
               || '.' || extensions.url_encode(convert_to(payload::text, 'UTF8'))) p (part)
$$;
create or replace function extensions.verify(token text, secret text, algorithm text default 'HS256')
  returns table (header json, payload json, valid boolean) language sql immutable as $$
  select convert_from(extensions.url_decode(r[1]), 'UTF8')::json,
         convert_from(extensions.url_decode(r[2]), 'UTF8')::json,
         r[3] = extensions.algorithm_sign(r[1] || '.' || r[2], secret, algorithm)
  from regexp_split_to_array(token, '\.') r
$$;

-- piece extension:http
-- The extension http is not on Aurora. Whatever calls it fails and says so; call the address from a
-- function.
do $prelude$ begin
  create domain extensions.http_method as text;
  create type extensions.http_header as (field varchar, value varchar);
  create type extensions.http_response as (status integer, content_type varchar, headers extensions.http_header[], content varchar);
  create type extensions.http_request as (method extensions.http_method, uri varchar, headers extensions.http_header[], content_type varchar, content varchar);
exception when duplicate_object then null; end $prelude$;
create or replace function extensions.readyctl_no_http() returns extensions.http_response language plpgsql as $$
begin
  raise exception 'the database calls no addresses: call them from a function' using errcode = 'feature_not_supported';
end $$;
create or replace function extensions.http_header(field varchar, value varchar) returns extensions.http_header
  language sql immutable as $$ select field, value $$;
create or replace function extensions.http(request extensions.http_request) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_get(uri varchar) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_get(uri varchar, data jsonb) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_post(uri varchar, content varchar, content_type varchar) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_post(uri varchar, data jsonb) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_put(uri varchar, content varchar, content_type varchar) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_patch(uri varchar, content varchar, content_type varchar) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_delete(uri varchar) returns extensions.http_response
  language sql as $$ select * from extensions.readyctl_no_http() $$;
create or replace function extensions.http_set_curlopt(curlopt varchar, value varchar) returns boolean
  language sql as $$ select false $$;
create or replace function extensions.http_reset_curlopt() returns boolean language sql as $$ select true $$;
create or replace function extensions.urlencode(data jsonb) returns text language sql immutable as $$
  select string_agg(key || '=' || value, '&') from jsonb_each_text(data)
$$;

-- piece extension:pg_jsonschema
-- The extension is not on Aurora. A row that has to be validated is refused: validate in the function
-- that writes, and drop the constraint.
create or replace function extensions.jsonb_matches_schema(schema json, instance jsonb) returns boolean
  language plpgsql immutable as $$
begin
  raise exception 'JSON schemas are not checked by this database' using errcode = 'feature_not_supported';
end $$;
create or replace function extensions.json_matches_schema(schema json, instance json) returns boolean
  language sql immutable as $$ select extensions.jsonb_matches_schema(schema, instance::jsonb) $$;
create or replace function extensions.jsonschema_is_valid(schema json) returns boolean
  language sql immutable as $$ select extensions.jsonb_matches_schema(schema, null) $$;

-- piece extension:pg_hashids
create or replace function extensions.id_encode(number bigint, salt text default '', min_length integer default 0, alphabet text default '')
  returns text language plpgsql immutable as $$
begin
  raise exception 'pg_hashids is not here: make the short id in a function' using errcode = 'feature_not_supported';
end $$;
