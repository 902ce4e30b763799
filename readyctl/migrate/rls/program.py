"""The programs that the server runs for a test: whole, so that a test is a few round trips.

Each reads what to do from the setting `readyctl.plan`, as JSON, and leaves what came out in
`readyctl.result`. Both end with the transaction. Rows that are copied for an insert stay in
`readyctl.samples` on the server.
"""

from __future__ import annotations

from typing import LiteralString

# Statements of the owner, one after the other; the result names the one that failed, if any.
RUN: LiteralString = """
do $readyctl$
declare
  step jsonb;
  state text;
  message text;
  result text := '{}';
begin
  begin
    for step in select value from jsonb_array_elements(current_setting('readyctl.plan')::jsonb) loop
      if step ? 'row' then
        execute step ->> 'sql' using step -> 'row';
      else
        execute step ->> 'sql';
      end if;
    end loop;
  exception when others then
    get stacked diagnostics state = returned_sqlstate, message = message_text;
    -- The words of other classes can quote a value.
    if state !~ '^(42|23|55)' then
      message := '';
    end if;
    result := json_build_object('step', step -> 'id', 'state', state, 'message', message)::text;
  end;
  perform set_config('readyctl.result', result, true);
end
$readyctl$
"""

# What may fail one by one, such as to become a member of a role: the states by number.
TRY: LiteralString = """
do $readyctl$
declare
  step jsonb;
  done jsonb := '{}';
  state text;
begin
  for step in select value from jsonb_array_elements(current_setting('readyctl.plan')::jsonb) loop
    begin
      execute step ->> 'sql';
      state := '';
    exception when others then
      get stacked diagnostics state = returned_sqlstate;
    end;
    done := done || jsonb_build_object(step ->> 'id', state);
  end loop;
  perform set_config('readyctl.result', done::text, true);
end
$readyctl$
"""

# A few rows of each table: where they are, and copies for inserts. Where policies bind whoever
# is connected, the places that rows can be at: reading by place is quick and passes by nobody.
SAMPLE: LiteralString = """
do $readyctl$
declare
  plan jsonb := current_setting('readyctl.plan')::jsonb;
  step jsonb;
  tids text[];
  copies text[];
  known boolean;
  pages int;
  kept jsonb := coalesce(nullif(current_setting('readyctl.samples', true), ''), '{}')::jsonb;
  told jsonb := '{}';
begin
  for step in select value from jsonb_array_elements(plan) loop
    known := not row_security_active((step ->> 'oid')::oid::regclass)
             and has_table_privilege((step ->> 'oid')::oid, 'select');
    tids := '{}';
    copies := '{}';
    begin
      if known then
        execute step ->> 'first' into tids, copies;
      else
        pages := pg_relation_size((step ->> 'oid')::oid::regclass)
                 / current_setting('block_size')::int;
        tids := array(select format('(%s,%s)', page, place)
                      from (select generate_series(0, least(pages, 2) - 1)
                            union select pages - 1 where pages > 0) p (page),
                           generate_series(1, 100) place);
      end if;
    exception when others then
      known := false;
    end;
    kept := kept || jsonb_build_object(
      step ->> 'id', jsonb_build_object('tids', tids, 'copies', copies));
    told := told || jsonb_build_object(
      step ->> 'id', case when known then cardinality(tids) else -1 end);
  end loop;
  perform set_config('readyctl.samples', kept::text, true);
  perform set_config('readyctl.result', told::text, true);
end
$readyctl$
"""

# One caller. Each command is undone at once by an error of our own, or by the one that it met.
PROBE: LiteralString = """
do $readyctl$
declare
  plan jsonb := current_setting('readyctl.plan')::jsonb;
  samples jsonb := current_setting('readyctl.samples')::jsonb;
  step jsonb;
  statement text;
  sample text := '';
  tids tid[];
  place tid;
  copies text[];
  candidate text;
  keys text[];
  states text[];
  results text[] := '{}';
  state text;
  message text;
  named text;
  field text;
  number bigint;
begin
  perform set_config(entry.key, entry.value, true) from jsonb_each_text(plan -> 'settings') entry;
  perform set_config('role', plan ->> 'role', true);
  for statement in select value from jsonb_array_elements_text(plan -> 'sql') loop
    execute statement;
  end loop;
  for step in select value from jsonb_array_elements(plan -> 'steps') loop
    state := 'ok';
    message := '';
    number := 0;
    states := '{}';
    keys := null;
    statement := step ->> 'sql';
    if step ->> 'sample' is distinct from sample then
      sample := step ->> 'sample';
      tids := array(select value from jsonb_array_elements_text(samples -> sample -> 'tids'));
      copies := array(select value from jsonb_array_elements_text(samples -> sample -> 'copies'));
    end if;
    begin
      case step ->> 'how'
        when 'count' then
          execute statement using tids into number;
        when 'keys' then
          execute statement into keys;
          number := cardinality(keys);
        when 'change' then
          execute statement using tids;
          get diagnostics number = row_count;
        when 'row' then
          execute statement using step -> 'row';
          get diagnostics number = row_count;
        when 'copies' then
          if cardinality(copies) = 0 and step ? 'own' then
            begin
              execute step ->> 'own' using tids into copies;
            exception when others then
              copies := '{}';
            end;
          end if;
          foreach candidate in array array[null::text] || coalesce(copies, '{}') loop
            begin
              execute statement using candidate;
              raise exception using errcode = 'RDYOK';
            exception when others then
              get stacked diagnostics state = returned_sqlstate, message = message_text,
                named = constraint_name, field = column_name;
              if state like '23%' and named = '' and field = '' then
                state := 'P0001';
              end if;
              states := states || state;
            end;
            -- Where nothing passes, or not even nothing is held back, copies say no more.
            exit when candidate is null and (not (step ->> 'some')::boolean or state = 'RDYOK'
                                             or state like '23%');
          end loop;
      end case;
      raise exception using errcode = 'RDYOK';
    exception
      when sqlstate 'RDYOK' then
        null;
      when others then
        get stacked diagnostics state = returned_sqlstate, message = message_text,
          named = constraint_name, field = column_name;
        -- A constraint has a name: this is a trigger's own word, which comes before any policy.
        if state like '23%' and named = '' and field = '' then
          state := 'P0001';
        end if;
    end;
    if state = '42501' and step ->> 'how' = 'change' and (step ->> 'each')::boolean then
      -- One row that may not be changed hides those that may.
      foreach place in array tids[1:8] loop
        begin
          execute statement using array[place];
          get diagnostics number = row_count;
          raise exception using errcode = case when number > 0 then 'RDYOK' else 'RDYNO' end;
        exception when others then
          get stacked diagnostics state = returned_sqlstate;
          states := states || state;
        end;
      end loop;
      state := '42501';
      number := 0;
    end if;
    -- Only of this class the words name things alone; others quote a row, or are somebody's own.
    if state not like '42%' then
      message := '';
    end if;
    results := results || json_build_object(
      'id', step -> 'id', 'state', state, 'rows', number, 'states', states, 'message', message,
      'keys', case when step ? 'wanted' then
        array(select k from unnest(keys) k where step -> 'wanted' ? k) end)::text;
  end loop;
  perform set_config('role', 'none', true);
  perform set_config('readyctl.result', '[' || array_to_string(results, ',') || ']', true);
end
$readyctl$
"""
