"""Routines that fail when they are called, each with the name that its flaw must say."""

from __future__ import annotations


def _plpgsql(body: str, arguments: str = "", returns: str = "void", more: str = "") -> str:
    return (
        f"create function app.f({arguments}) returns {returns} language plpgsql {more} as"
        f" $body$ {body} $body$;"
    )


def _trigger(body: str, table: str = "public.profiles", more: str = "for each row") -> str:
    return (
        _plpgsql(body, returns="trigger")
        + f" create trigger t after insert on {table} {more} execute function app.f();"
    )


def _sql(body: str, arguments: str = "", returns: str = "void") -> str:
    return (
        "set check_function_bodies = off; create function app.f("
        f"{arguments}) returns {returns} language sql as $body$ {body} $body$;"
    )


BROKEN: dict[str, tuple[str, str, str]] = {
    "a table": (_plpgsql("begin perform 1 from public.profile; end"), "42P01", "public.profile"),
    "a schema": (_plpgsql("begin perform 1 from core.profiles; end"), "42P01", "core.profiles"),
    "a table off the path": (_plpgsql("begin perform 1 from settings; end"), "42P01", "settings"),
    "a path of the routine": (
        _plpgsql("begin perform 1 from profiles; end", more="set search_path = app"),
        "42P01",
        "profiles",
    ),
    "a column in WHERE": (
        _plpgsql(
            "declare n text; begin select email into n from profiles where user_id = x; end",
            "x uuid",
        ),
        "42703",
        "user_id",
    ),
    "a column in SELECT": (
        _plpgsql(
            "begin return (select p.phone from profiles p where p.id = x); end", "x uuid", "text"
        ),
        "42703",
        "p.phone",
    ),
    "a column of INSERT": (
        _plpgsql(
            "begin insert into profiles (id, email, name) values (x, 'a', 'b'); end", "x uuid"
        ),
        "42703",
        "name",
    ),
    "a column of UPDATE": (
        _plpgsql("begin update visits set state = 'open' where id = x; end", "x bigint"),
        "42703",
        "state",
    ),
    "a column of DELETE": (
        _plpgsql("begin delete from visits where visit_id = x; end", "x bigint"),
        "42703",
        "visit_id",
    ),
    "a column of RETURNING": (
        _plpgsql(
            "declare n int; begin insert into visits (status) values ('a') returning visit_no"
            " into n; end"
        ),
        "42703",
        "visit_no",
    ),
    "a column of ON CONFLICT": (
        _plpgsql(
            "begin insert into app.settings values ('a', 'b') on conflict (key) do nothing; end"
        ),
        "42703",
        "key",
    ),
    "a function": (_plpgsql("begin perform app.thrice(1); end"), "42883", "app.thrice"),
    "a function with other arguments": (
        _plpgsql("begin perform app.twice(now()); end"),
        "42883",
        "app.twice",
    ),
    "a function in IF": (
        _plpgsql("begin if is_admin(x) then null; end if; end", "x uuid"),
        "42883",
        "is_admin",
    ),
    "a function in ELSE": (
        _plpgsql("begin if true then null; else perform notify_all(); end if; end"),
        "42883",
        "notify_all",
    ),
    "a function in a default": (
        _plpgsql("declare n uuid := app.current_caller(); begin null; end"),
        "42883",
        "app.current_caller",
    ),
    "a function in WHILE": (
        _plpgsql("begin while more_left() loop null; end loop; end"),
        "42883",
        "more_left",
    ),
    "a function in EXIT": (
        _plpgsql("begin loop exit when all_done(); end loop; end"),
        "42883",
        "all_done",
    ),
    "a function in RAISE": (
        _plpgsql("begin raise notice '%', describe(1); end"),
        "42883",
        "describe",
    ),
    "a function in CASE": (
        _plpgsql(
            "begin case x when 1 then null; when 2 then perform second_case(); end case; end",
            "x integer",
        ),
        "42883",
        "second_case",
    ),
    "a function in a handler": (
        _plpgsql("begin null; exception when others then perform log_failure(sqlerrm); end"),
        "42883",
        "log_failure",
    ),
    "a procedure": (_plpgsql("begin call app.tidy_up(1); end"), "42883", "app.tidy_up"),
    "a procedure with more arguments": (
        _plpgsql("declare n int; begin call app.tidy(1, n, 3); end"),
        "42883",
        "app.tidy",
    ),
    "a type in a cast": (_plpgsql("begin perform 'a'::app.state; end"), "42704", "app.state"),
    "a type of a variable": (
        "set check_function_bodies = off;" + _plpgsql("declare n app.state; begin null; end"),
        "42704",
        "app.state",
    ),
    "a table in %rowtype": (
        "set check_function_bodies = off;" + _plpgsql("declare n profile%rowtype; begin null; end"),
        "42P01",
        "profile",
    ),
    "a value of an enum": (
        _plpgsql("begin update profiles set mood = 'happy'; end"),
        "22P02",
        "happy",
    ),
    "a field of a row": (
        _plpgsql(
            "declare p profiles; begin select * into p from profiles; raise notice '%',"
            " p.phone; end"
        ),
        "42703",
        "phone",
    ),
    "a field of a record": (
        _plpgsql(
            "declare r record; begin for r in select id, email from profiles loop raise notice"
            " '%', r.full_name; end loop; end"
        ),
        "42703",
        "full_name",
    ),
    "a field of a record of INTO": (
        _plpgsql("declare r record; begin select id into r from visits; perform r.status; end"),
        "42703",
        "status",
    ),
    "a record of a query that fails": (
        _plpgsql(
            "declare r record; begin select id into r from visits; perform r.id; select email into"
            " r from gone; perform r.email; end"
        ),
        "42P01",
        "gone",
    ),
    "a field of a record of RETURNING": (
        _plpgsql(
            "declare r record; begin delete from visits returning id, status into r;"
            " perform r.amount; end"
        ),
        "42703",
        "amount",
    ),
    "a field of a cursor's record": (
        _plpgsql(
            "declare c cursor (x uuid) for select id from visits where profile_id = x;"
            " begin for r in c(null) loop perform r.status; end loop; end"
        ),
        "42703",
        "status",
    ),
    "a field that is assigned": (
        _plpgsql("declare p profiles; begin p.phone := '1'; end"),
        "42703",
        "phone",
    ),
    "a field of a composite type": (
        _plpgsql("begin perform x.third; end", "x public.pair"),
        "42703",
        "third",
    ),
    "a field of NEW": (_trigger("begin perform new.phone; return new; end"), "42703", "phone"),
    "an assigned field of NEW": (
        _trigger("begin new.updated_at := now(); return new; end", "public.visits"),
        "42703",
        "updated_at",
    ),
    "a field of OLD": (
        _trigger(
            "begin if old.state = 'a' then return old; end if; return new; end", "public.visits"
        ),
        "42703",
        "state",
    ),
    "a column that a trigger writes": (
        _trigger(
            "begin insert into public.profiles (id, name) values (new.id, new.meta->>'n');"
            " return new; end",
            "auth.users",
        ),
        "42703",
        "name",
    ),
    "a transition table": (
        _trigger(
            "begin insert into app.settings select phone, 'x' from fresh; return null; end",
            more="referencing new table as fresh for each statement",
        ),
        "42703",
        "phone",
    ),
    "a constant EXECUTE": (
        _plpgsql("begin execute 'update visits set state = $1' using 'a'; end"),
        "42703",
        "state",
    ),
    "a cursor's query": (
        _plpgsql("declare c refcursor; begin open c for select phone from profiles; end"),
        "42703",
        "phone",
    ),
    "an ambiguous column": (
        _plpgsql(
            "begin return query select id from profiles where id = x; end",
            "x uuid",
            "table (id uuid)",
        ),
        "42702",
        "id",
    ),
    "other columns than are returned": (
        _plpgsql(
            "begin return query select id, email from profiles; end",
            "",
            "table (a uuid, b text, c text)",
        ),
        "42804",
        "structure of query",
    ),
    "an operator": (
        _plpgsql("begin perform 1 from visits where id = x; end", "x uuid"),
        "42883",
        "operator",
    ),
    "a type that does not fit": (
        _plpgsql("begin update visits set amount = x; end", "x jsonb"),
        "42804",
        "amount",
    ),
    "a table that is emptied": (_plpgsql("begin truncate app.cache; end"), "42P01", "app.cache"),
    "a nested block": (
        _plpgsql(
            "<<a>> declare n int; begin declare n text; begin perform a.n + 1;"
            " perform lowercase(n); end; end"
        ),
        "42883",
        "lowercase",
    ),
    "a common table expression": (
        _plpgsql(
            "begin with d as (delete from visits returning id) insert into app.settings"
            " select d.status, '' from d; end"
        ),
        "42703",
        "d.status",
    ),
    "MERGE": (
        _plpgsql(
            "begin merge into app.settings s using profiles p on s.name = p.nickname"
            " when matched then delete; end"
        ),
        "42703",
        "p.nickname",
    ),
    "an assignment": (_plpgsql("declare n int; begin n := lengthy('a'); end"), "42883", "lengthy"),
    "FOREACH": (
        _plpgsql("declare n text; begin foreach n in array get_tags() loop null; end loop; end"),
        "42883",
        "get_tags",
    ),
    "a sequence": (
        _plpgsql("begin perform setval('a', 1) from missing_numbers; end"),
        "42P01",
        "missing_numbers",
    ),
    "SQL: a column": (_sql("select phone from profiles", "", "setof text"), "42703", "phone"),
    "SQL: a table in its second statement": (_sql("select 1; delete from gone"), "42P01", "gone"),
    "SQL: a function": (_sql("select nothing_there(x)", "x int"), "42883", "nothing_there"),
    "SQL: another type than is returned": (
        _sql("select id from profiles", "", "setof integer"),
        "42P13",
        "return type",
    ),
}
