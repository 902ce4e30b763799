"""Routines that work, many of them in ways that look as if they did not."""

from __future__ import annotations

from tests.migrate.examine.broken_routines import _plpgsql, _sql, _trigger

# Those in which the walk must also leave nothing open.
SOUND: dict[str, str] = {
    "a query": _plpgsql("declare n int; begin select count(*) into n from profiles; end"),
    "a parameter like a column, qualified": _plpgsql(
        "begin update profiles p set email = f.email where p.id = f.id; end", "id uuid, email text"
    ),
    "use_column": _plpgsql(
        "#variable_conflict use_column\n begin return query select id from profiles; end",
        "",
        "table (id uuid)",
    ),
    "use_variable": _plpgsql(
        "#variable_conflict use_variable\n declare email text; begin update profiles set"
        " full_name = email; end"
    ),
    "use_column as a setting": _plpgsql(
        "begin return query select id from profiles; end",
        "",
        "table (id uuid)",
        "set plpgsql.variable_conflict = use_column",
    ),
    "out columns of a table": _plpgsql(
        "begin for a, b in select p.id, p.email from profiles p loop return next; end loop; end",
        "",
        "table (a uuid, b text)",
    ),
    "OUT parameters": _plpgsql(
        "begin a := 1; b := a || 'x'; end", "out a int, out b text", "record"
    ),
    "INOUT": _plpgsql("begin a := a + 1; end", "inout a int", "int"),
    "positions": _plpgsql("declare x alias for $1; begin perform x + 1, $1 + 1; end", "int"),
    "VARIADIC": _plpgsql("begin perform array_length(a, 1); end", "variadic a text[]"),
    "defaults": _plpgsql("begin perform a || b; end", "a text, b text default 'x'"),
    "a record of a query": _plpgsql(
        "declare r record; begin select id, status into r from visits; perform r.status; end"
    ),
    "a record of a join": _plpgsql(
        "declare r record; begin for r in select v.*, p.email from visits v join profiles p on"
        " p.id = v.profile_id order by 1 for update of v loop perform r.email, r.amount; end loop;"
        " end"
    ),
    "one record twice": _plpgsql(
        "declare r record; begin for r in select id from visits loop perform r.id; end loop;"
        " for r in select email from profiles loop perform r.email; end loop; end"
    ),
    "a record of RETURNING": _plpgsql(
        "declare r record; begin insert into visits (status) values ('a') returning * into r;"
        " perform r.starts_at; update visits v set status = 'b' from profiles p where p.id ="
        " v.profile_id returning v.id, p.email into r; perform r.email; end"
    ),
    "a record of a changing WITH": _plpgsql(
        "declare r record; begin with d as (delete from visits returning *) select count(*) as n,"
        " max(d.amount) as top into r from d; perform r.n, r.top; end"
    ),
    "a row": _plpgsql(
        "declare p profiles%rowtype; n profiles.email%type; begin select * into p from profiles;"
        " n := p.email; p.tags[1] := n; insert into profiles values (p.*); end"
    ),
    "a composite type": _plpgsql("begin x.first := 2; return x; end", "x pair", "pair"),
    "arrays": _plpgsql(
        "declare a int[] := array[1]; n int; begin a[2] := 3; a := a || 4; foreach n in array a"
        " loop perform a[n:n]; end loop; end"
    ),
    "slices": _plpgsql(
        "declare a int[] := '{{1}}'; n int[]; begin foreach n slice 1 in array a loop perform"
        " n[1]; end loop; end"
    ),
    "cursors": _plpgsql(
        "declare c cursor (x uuid) for select id, status from visits v where v.profile_id = x; r"
        " record; d refcursor; begin open c(null); fetch c into r; perform r.status; close c;"
        " open d for select email from profiles; fetch next from d into r; perform r.email;"
        " for q in c(x := null) loop perform q.id; end loop; end"
    ),
    "nested blocks": _plpgsql(
        "<<a>> declare n int := 1; begin declare n text := 'a'; begin perform a.n + 1, n || 'b';"
        " end; perform n + 1; end"
    ),
    "loops": _plpgsql(
        "declare n int := 0; begin <<l>> loop n := n + 1; continue l when n = 2; exit l when n >"
        " 3; end loop l; for i in reverse 10..1 by 2 loop perform i + n; end loop; while n > 0"
        " loop n := n - 1; end loop; end"
    ),
    "handlers": _plpgsql(
        "declare m text; begin begin perform 1; exception when unique_violation then m := sqlerrm"
        " || sqlstate; get stacked diagnostics m = message_text; raise; end; end"
    ),
    "diagnostics": _plpgsql(
        "declare n int; begin delete from visits; get diagnostics n = row_count; if found and n >"
        " 0 then null; end if; end"
    ),
    "raise": _plpgsql(
        "begin raise exception 'no %', x using errcode = 'P0001', hint = 'a' || x; end", "x text"
    ),
    "assert": _plpgsql("begin assert x > 0, 'it is ' || x; end", "x int"),
    "case": _plpgsql(
        "begin case x when 'a', 'b' then null; else null; end case; case when x = 'a' then null;"
        " when x is null then null; end case; end",
        "x text",
    ),
    "a temporary table": _plpgsql(
        "declare r record; begin create temp table work (n int, t text) on commit drop; insert"
        " into work values (1, 'a'); for r in select * from work loop perform r.t; end loop; end"
    ),
    "a temporary table of a query": _plpgsql(
        "begin create temporary table work as select id, status from visits where profile_id = x;"
        " update work set status = 'a'; drop table if exists pg_temp.nothing; end",
        "x uuid",
    ).replace(" drop table if exists pg_temp.nothing;", ""),
    "NEW and OLD": _trigger(
        "begin if tg_op = 'UPDATE' and new.email is distinct from old.email then new.updated_at ="
        " now(); end if; perform to_jsonb(new), row_to_json(old); return coalesce(new, old); end"
    ),
    "one function for many tables": _trigger(
        "begin if tg_table_name = 'profiles' then new.updated_at := now(); elsif tg_table_name ="
        " 'visits' then new.status := 'a'; else null; end if; return new; end"
    )
    + " create trigger t before insert on public.visits for each row execute function app.f();"
    " create trigger t before insert on app.settings for each row execute function app.f();",
    "a transition table": _trigger(
        "begin insert into app.settings select f.email, f.full_name from fresh f; return null; end",
        more="referencing new table as fresh for each statement",
    ),
    "recursion": _plpgsql(
        "begin if n > 0 then return n * app.f(n - 1); end if; return 1; end", "n int", "int"
    ),
    "overloads": _plpgsql("begin perform app.twice(1), app.twice('a'::text); end"),
    "a constant EXECUTE": _plpgsql(
        "declare n int; begin execute 'select count(*) from visits where profile_id = $1' into n"
        " using x; execute 'update visits ' || 'set status = null'; end",
        "x uuid",
    ),
    "RETURN QUERY": _plpgsql(
        "begin return query select p.id, p.email from profiles p; return query execute 'select id,"
        " email from profiles'; return query update profiles set email = 'a' returning profiles.id,"
        " profiles.email; end",
        "",
        "table (a uuid, b text)",
    ),
    "SETOF a table": _plpgsql(
        "begin return query select * from profiles p where p.id = x; end",
        "x uuid",
        "setof profiles",
    ),
    "CALL and transactions": "create procedure app.f() language plpgsql as $$ declare n int; begin"
    " for i in 1..3 loop call app.tidy(i, n); commit; end loop; call app.tidy(1); rollback;"
    " end $$;",
    "a value of an enum": _plpgsql(
        "begin update profiles set mood = 'calm' where mood = x::mood; end", "x text"
    ),
    "a domain": _plpgsql("declare e email; begin e := 'a@b'; perform lower(e); end"),
    "JSON": _plpgsql(
        "declare k text; v jsonb; begin for k, v in select * from jsonb_each(x) loop perform v->>k;"
        " end loop; perform x #>> '{a,b}', x->'a' ? 'b'; end",
        "x jsonb",
    ),
    "comments and quotes": _plpgsql(
        'declare "Odd Name" int := 1; -- it\'s\n /* ; begin */ begin "Odd Name" := 2; perform'
        " 'it''s; end', $q$;$q$, \"Odd Name\" + 1 -- end\n; end"
    ),
    "a path of its own": _plpgsql(
        "begin perform 1 from settings; end", more="set search_path = app, pg_temp"
    ),
    "an empty path": _plpgsql(
        "begin perform 1 from public.profiles p where p.mood = 'calm'::public.mood; end",
        more="set search_path = ''",
    ),
    "a failing value that is not computed": _plpgsql("begin perform 1 / (n - n); end", "n int"),
    "a lateral join": _plpgsql(
        "declare r record; begin for r in select p.id, l.n from profiles p cross join lateral"
        " (select count(*) as n from visits v where v.profile_id = p.id) l loop perform r.n + 1;"
        " end loop; end"
    ),
    "locks": _plpgsql(
        "begin lock table visits in share mode; perform pg_advisory_xact_lock(1); end"
    ),
    "statements without names": _plpgsql(
        "begin set local statement_timeout = 100; notify x, 'y'; perform set_config('a.b', 'c',"
        " true); end"
    ),
    "an empty body": _plpgsql("begin end"),
    "SQL": _sql(
        "select p.id from profiles p where p.id = x and email = $2",
        "x uuid, email text",
        "setof uuid",
    ),
    "SQL of several statements": _sql("delete from visits; select 1", "", "integer"),
    "SQL of its own": "create function app.f(n int) returns int begin atomic select n; end;",
}

# Those that work, or may, and of which the walk must say that it does not decide all.
OPEN: dict[str, tuple[str, str]] = {
    "dynamic SQL": (
        _plpgsql("begin execute format('select 1 from %I', x); end", "x text"),
        "dynamic SQL",
    ),
    "FOR IN EXECUTE": (
        _plpgsql(
            "declare r record; begin for r in execute 'select ' || x loop perform r.nothing;"
            " end loop; end",
            "x text",
        ),
        "dynamic SQL",
    ),
    "a handler that provides for it": (
        _plpgsql("begin perform 1 from gone; exception when undefined_table then null; end"),
        "a handler provides",
    ),
    "a look-up": (
        _plpgsql("begin if to_regclass('gone') is not null then perform 1 from gone; end if; end"),
        "a look-up in the catalog",
    ),
    "a table that it makes": (
        _plpgsql(
            "begin create table if not exists app.made (n int); insert into app.made values"
            " (1); insert into made values (1); end"
        ),
        "made while a routine runs",
    ),
    "polymorphic": (
        _plpgsql("begin return x.anything; end", "x anyelement", "anyelement"),
        "only when it is called",
    ),
    "a record of two ways": (
        _plpgsql(
            "declare r record; begin if x then select 1 as a into r; else select 2 as b into"
            " r; end if; if x then perform r.a; else perform r.b; end if; end",
            "x boolean",
        ),
        "depends on the way",
    ),
    "a record from elsewhere": (
        _plpgsql("declare r record; begin r := x; perform r.a; end", "x record"),
        "a record gets its columns",
    ),
    "a trigger function without a trigger": (
        _plpgsql("begin new.anything := 1; return new; end", returns="trigger"),
        "a record gets its columns",
    ),
    "a branch for another table": (
        _trigger(
            "begin if tg_table_name = 'x' and tg_op = 'INSERT' then perform new.other; end if;"
            " return new; end"
        ),
        "some of the trigger's tables",
    ),
    "a path that changes": (
        _plpgsql(
            "begin perform set_config('search_path', 'app', true); perform 1 from settings; end"
        ),
        "search_path",
    ),
    "DO": (_plpgsql("begin do $do$ begin null; end $do$; end"), "DO in a routine"),
    "DDL": (_plpgsql("begin drop table if exists gone; end"), "only running it"),
}
