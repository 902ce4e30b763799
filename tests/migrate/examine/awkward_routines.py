"""Routines that work and are written as few are: a walk that guesses would stumble over each."""

from __future__ import annotations

from tests.migrate.examine.broken_routines import _plpgsql, _trigger

AWKWARD: dict[str, str] = {
    "declared types": _plpgsql(
        "declare a constant timestamp with time zone := now(); b double precision not null := 1;"
        " c character varying(20) collate \"C\" default 'x'; d public.profiles.id%type; e"
        " numeric(10, 2)[]; f public.profiles%rowtype; declare g interval day to second;"
        " begin e[1] := b; f.tags[1] := c; perform a, d, g, f.id; end"
    ),
    "variables like keywords": _plpgsql(
        "declare name text; type text; value int; query text; begin name := 'a'; type = name;"
        " value := 1; query := 'x'; perform name || type, value, query; end"
    ),
    "options": _plpgsql("#print_strict_params on\n#variable_conflict error\nbegin perform 1; end"),
    "every way to raise": _plpgsql(
        "begin if x = 1 then raise using message = 'a' || x, errcode := '22012'; elsif x = 2 then"
        " raise unique_violation using message = 'b'; elseif x = 3 then raise sqlstate '22012';"
        " else raise warning '100%% of %: %', x, (select count(*) from visits); end if; end",
        "x int",
    ),
    "every way to fetch": _plpgsql(
        "declare c scroll cursor for select id, status from visits; d refcursor; a bigint; b text;"
        " begin open c; fetch relative -1 from c into a, b; fetch last in c into a, b; move forward"
        " 2 from c; fetch c into a, b; close c; open d no scroll for select a; close d; end"
    ),
    "every loop": _plpgsql(
        "declare r record; a int[] := '{1}'; begin for i in 1..array_length(a, 1) loop perform"
        " a[i]; end loop; for r in (select id from visits) loop perform r.id; end loop; for r in"
        " with w as (select 1 as n) select n from w loop perform r.n; end loop; for r in update"
        " visits set status = 'a' returning id, status loop perform r.status; end loop; while"
        " (select false) loop null; end loop; for r in values (1, 'a') loop perform r.column2; end"
        " loop; end"
    ),
    "unions and values": _plpgsql(
        "begin return query values (1); return query (select 2) union all select 3; return query"
        " with w as (select 4) select * from w order by 1; end",
        "",
        "setof integer",
    ),
    "expressions with a query's clauses": _plpgsql(
        "declare n bigint; t text; begin n := count(*) from visits where status = 'a'; t := email"
        " from profiles order by id limit 1; if exists (select from visits) and n > 0 then perform"
        " (case when n > 1 then 'a' else 'b' end); end if; end"
    ),
    "INTO in every place": _plpgsql(
        "declare a text; b uuid; r record; begin select into a, b email, id from profiles; select"
        " email into strict a from profiles; select email, id from profiles into a, b; select into"
        " r p.* from profiles p; perform r.full_name; execute 'select 1, 2' into a; insert into"
        " app.settings select 'a', 'b' returning name into a; end"
    ),
    "fields of fields": _plpgsql(
        "declare p public.pair[]; q public.pair; begin p[1] := row(1, 'a'); q := p[1]; q.first :="
        " (p[1]).first; p[1].second := q.second; end"
    ),
    "not ASCII": _plpgsql(
        'declare größe int := 1; "Ünï" text := \'ä;ö\'; begin größe := größe + 1; perform "Ünï"'
        " || 'é', /* ß */ größe; -- ж\n end"
    ),
    "every variable of a trigger": _trigger(
        "begin if tg_nargs > 0 and tg_argv[0] = 'x' then null; end if; perform tg_when, tg_level,"
        " tg_op, tg_relid, tg_relname, tg_table_schema, tg_name; case tg_op when 'INSERT' then"
        " perform new.email; else perform old.email; end case; if not found then null; end if;"
        " return null; end"
    ),
    "NEW as a whole": _trigger(
        "begin insert into profiles values (new.*); insert into profiles select new.*; new :="
        " jsonb_populate_record(new, '{}'); perform new.mood; insert into app.settings values"
        " (new.email, to_jsonb(old) - 'id'); select * into new from profiles; new = old; return"
        " new; end"
    ),
    "a trigger on a view": _plpgsql(
        "begin insert into visits (profile_id) values (new.profile_id) returning id into new.id;"
        " return new; end",
        returns="trigger",
    )
    + " create trigger t instead of insert on public.open_visits for each row execute function"
    " app.f();",
    "an event trigger": _plpgsql(
        "declare r record; begin for r in select * from pg_event_trigger_ddl_commands() loop"
        " perform r.command_tag, tg_tag, tg_event; end loop; end",
        returns="event_trigger",
    ),
    "shadowing": _plpgsql(
        "declare i text := 'a'; begin for i in 1..2 loop perform i + f.n; end loop; perform i ||"
        " 'b'; <<deep>> declare n text := 'c'; begin perform deep.n || i, f.n + 1; end; end",
        "n int",
    ),
    "a handler in a handler": _plpgsql(
        "begin begin perform 1; exception when division_by_zero then begin raise; exception when"
        " others then perform sqlerrm || sqlstate; end; end; exception when sqlstate 'P0001' or"
        " unique_violation then null; end"
    ),
    "a query of itself": _plpgsql(
        "declare r record; begin with recursive t (n) as (select 1 union all select n + 1 from t"
        " where n < 3) select sum(t.n) as s into r from t; perform r.s; end"
    ),
    "ON CONFLICT": _plpgsql(
        "begin insert into app.settings as s (name, value) values (x, 'v') on conflict (name) do"
        " update set value = excluded.value || s.value where s.value is not null; end",
        "x text",
    ),
    "VARIADIC in a call": _plpgsql(
        "begin perform concat(variadic x), format('%s', x); end", "x text[]"
    ),
    "a table of one name in two schemas": "create table app.profiles (only_here int);"
    + _plpgsql(
        "begin perform p.only_here from app.profiles p; drop_not := 1; end",
        "out drop_not int",
        "int",
    )
    + " drop table app.profiles; create table app.profiles (only_here int);",
}
