-- What Amazon Redshift has beside PostgreSQL, in the template of its databases: functions, system
-- views, and tables that the stand-in writes its log to. The views have Redshift's columns, as far as
-- they can be filled (dg/cm_chap_system-tables).

CREATE SCHEMA pg_internal;
GRANT USAGE ON SCHEMA pg_internal TO PUBLIC;

-- Facts of the cluster: number of nodes.
CREATE TABLE pg_internal.facts (name text PRIMARY KEY, value text NOT NULL);
INSERT INTO pg_internal.facts VALUES ('nodes', '2');

CREATE FUNCTION pg_internal.begin_database(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION pg_catalog.current_database() RETURNS name LANGUAGE sql STABLE '
    'PARALLEL SAFE AS %L', format('SELECT %L::name', name));
END $$;

-- What the server behind calls the database of a session.
CREATE FUNCTION pg_internal.database(name text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF name <> current_database() THEN
    RAISE EXCEPTION USING ERRCODE = '3D000', MESSAGE = format('database "%s" does not exist', name);
  END IF;
  RETURN (SELECT datname FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid());
END $$;
ALTER FUNCTION pg_catalog.has_database_privilege(text, text) RENAME TO has_database_privilege_itself;
CREATE FUNCTION pg_catalog.has_database_privilege(text, text) RETURNS boolean LANGUAGE sql STABLE AS
  'SELECT pg_catalog.has_database_privilege_itself(pg_internal.database($1), $2)';
CREATE FUNCTION pg_internal.on_database(before text, name text, after text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE before || quote_ident(pg_internal.database(name)) || after;
END $$;

CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.77467'::text
$$;

-- How each table is laid out: written down when it is made, from what the proxy read in its DDL.
CREATE TABLE pg_internal.designs (table_id oid PRIMARY KEY, design jsonb NOT NULL);

CREATE FUNCTION pg_internal.remember_design() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE made record;
BEGIN
  FOR made IN SELECT objid FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' LOOP
    INSERT INTO pg_internal.designs
    VALUES (made.objid, coalesce(nullif(current_setting('redshift.design', true), ''), '{}')::jsonb)
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
CREATE EVENT TRIGGER remember_design ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
  EXECUTE FUNCTION pg_internal.remember_design();

-- Tables of BACKUP NO are not restored when a cluster resumes.
CREATE FUNCTION pg_internal.forget_unsaved() RETURNS void LANGUAGE plpgsql AS $$
DECLARE unsaved record;
BEGIN
  FOR unsaved IN SELECT c.oid::regclass AS name FROM pg_internal.designs AS d
    JOIN pg_class AS c ON c.oid = d.table_id WHERE d.design -> 'backup' = 'false'
  LOOP
    EXECUTE 'TRUNCATE ' || unsaved.name;
  END LOOP;
END $$;

-- ALTER TABLE … ALTER DISTKEY, SORTKEY, DISTSTYLE, ENCODE.
CREATE FUNCTION pg_internal.change_design(changed text, change text) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
  INSERT INTO pg_internal.designs VALUES (changed::regclass, change::jsonb)
  ON CONFLICT (table_id) DO UPDATE SET design = designs.design || excluded.design
$$;

-- COPYs, and the files that each read.
CREATE SEQUENCE pg_internal.queries START 1001;
CREATE TABLE pg_internal.loads (
  query integer PRIMARY KEY, pid integer, userid integer, user_name text, xid bigint, text text,
  table_id integer, table_name text, status text, started timestamp, ended timestamp, source text,
  format text, rows bigint, bytes bigint, files integer, all_bytes bigint, all_files integer,
  errors integer, message text);
CREATE TABLE pg_internal.load_files (
  query integer, filename text, lines bigint, errors integer, bytes bigint, finished timestamp);

CREATE TABLE pg_catalog.stl_load_errors (
  userid integer, slice integer, tbl integer, starttime timestamp, session integer, query integer,
  filename character(256), line_number bigint, colname character(127), type character(10),
  col_length character(10), position integer, raw_line character(1024),
  raw_field_value character(1024), err_code integer, err_reason character(100),
  is_partial integer, start_offset bigint);

CREATE VIEW pg_catalog.stl_loaderror_detail AS
  SELECT userid, slice, session, query, filename, line_number, 1 AS field, colname,
    raw_field_value AS value, 0 AS is_null, type, col_length
  FROM pg_catalog.stl_load_errors;

CREATE VIEW pg_catalog.sys_load_error_detail AS
  SELECT e.userid AS user_id, e.query::bigint AS query_id, l.xid AS transaction_id,
    e.session AS session_id, current_database()::text AS database_name, e.tbl AS table_id,
    e.starttime AS start_time, trim(e.filename) AS file_name, e.line_number,
    trim(e.colname) AS column_name, trim(e.type) AS column_type, trim(e.col_length) AS column_length,
    e.position, e.err_code AS error_code, trim(e.err_reason) AS error_message
  FROM pg_catalog.stl_load_errors AS e LEFT JOIN pg_internal.loads AS l USING (query);

CREATE VIEW pg_catalog.stl_load_commits AS
  SELECT l.userid, f.query, 0 AS slice, f.filename::character(256) AS name,
    f.filename::character(256) AS filename, 0 AS byte_offset, f.lines AS lines_scanned, f.errors,
    f.finished AS curtime, 1 AS status, 'JSON'::character(16) AS file_format
  FROM pg_internal.load_files AS f JOIN pg_internal.loads AS l USING (query);

CREATE VIEW pg_catalog.stv_load_state AS
  SELECT userid, pid AS session, query, 0 AS slice, pid, started AS recordtime,
    bytes AS bytes_to_load_done, all_bytes AS bytes_to_load, bytes AS bytes_loaded,
    0 AS bytes_to_load_compressed, 0 AS bytes_loaded_compressed, rows AS lines,
    files AS num_files_complete, all_files AS num_files, ''::character(256) AS current_file,
    CASE WHEN all_bytes > 0 THEN bytes * 100 / all_bytes ELSE 0 END::integer AS pct_complete
  FROM pg_internal.loads WHERE ended IS NULL;

CREATE VIEW pg_catalog.sys_load_history AS
  SELECT userid AS user_id, query::bigint AS query_id, xid AS transaction_id, pid AS session_id,
    current_database()::text AS database_name, status, table_name, started AS start_time,
    ended AS end_time,
    (extract(epoch FROM coalesce(ended, timezone('UTC', clock_timestamp())) - started) * 1000000)
      ::bigint AS duration,
    source AS data_source, format AS file_format, rows AS loaded_rows, bytes AS loaded_bytes,
    all_files::bigint AS source_file_count, all_bytes AS source_file_bytes,
    files::bigint AS file_count_scanned, bytes AS file_bytes_scanned, errors::bigint AS error_count,
    NULL::bigint AS copy_job_id
  FROM pg_internal.loads;

CREATE VIEW pg_catalog.sys_load_detail AS
  SELECT l.userid AS user_id, f.query::bigint AS query_id, f.filename AS file_name, f.bytes AS bytes_scanned,
    f.lines AS lines_scanned, f.bytes AS splits_scanned, f.finished AS record_time,
    f.errors AS error_count
  FROM pg_internal.load_files AS f JOIN pg_internal.loads AS l USING (query);

-- Sessions and what they run.
CREATE FUNCTION pg_internal.activity() RETURNS SETOF pg_catalog.pg_stat_activity
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT * FROM pg_catalog.pg_stat_activity
  WHERE backend_type = 'client backend' AND application_name <> 'redshift-log'
    AND datname = (SELECT datname FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid())
$$;

CREATE VIEW pg_catalog.stv_sessions AS
  SELECT timezone('UTC', backend_start) AS starttime, pid AS process,
    usename::character(50) AS user_name, current_database()::character(50) AS db_name,
    0 AS timeout_sec
  FROM pg_internal.activity();

CREATE VIEW pg_catalog.stv_recents AS
  SELECT a.usesysid::integer AS userid, 'Running'::character(20) AS status,
    timezone('UTC', a.query_start) AS starttime,
    (extract(epoch FROM clock_timestamp() - a.query_start) * 1000000)::integer AS duration,
    a.usename::character(50) AS user_name, current_database()::character(50) AS db_name,
    coalesce(l.text, a.query)::character(600) AS query, a.pid
  FROM pg_internal.activity() AS a
  LEFT JOIN pg_internal.loads AS l ON l.pid = a.pid AND l.ended IS NULL
  WHERE a.state = 'active' OR l.query IS NOT NULL
  UNION ALL
  SELECT userid, 'Done', started, (extract(epoch FROM ended - started) * 1000000)::integer,
    user_name, current_database(), text, -1
  FROM pg_internal.loads WHERE ended IS NOT NULL;

CREATE VIEW pg_catalog.stv_inflight AS
  SELECT a.usesysid::integer AS userid, 0 AS slice, coalesce(l.query, a.pid) AS query,
    'default'::character(320) AS label, a.backend_xid::text::bigint AS xid, a.pid,
    timezone('UTC', a.query_start) AS starttime,
    coalesce(l.text, a.query)::character(100) AS text, 0 AS suspended, 0 AS insert_pristine,
    0 AS concurrency_scaling_status
  FROM pg_internal.activity() AS a
  LEFT JOIN pg_internal.loads AS l ON l.pid = a.pid AND l.ended IS NULL
  WHERE a.state = 'active' OR l.query IS NOT NULL;

CREATE VIEW pg_catalog.sys_query_history AS
  SELECT userid AS user_id, query::bigint AS query_id, 'default'::text AS query_label,
    xid AS transaction_id, pid AS session_id, current_database()::text AS database_name,
    'COPY'::text AS query_type,
    CASE status WHEN 'completed' THEN 'success' WHEN 'running' THEN 'running' ELSE 'failed' END
      AS status,
    started AS start_time, ended AS end_time,
    (extract(epoch FROM coalesce(ended, timezone('UTC', clock_timestamp())) - started) * 1000000)
      ::bigint AS elapsed_time,
    message AS error_message, rows AS returned_rows, text AS query_text
  FROM pg_internal.loads;

-- dg/SYS_SERVERLESS_USAGE: superusers alone see it. Minutes are rounded up, at 8 units.
CREATE VIEW pg_catalog.sys_serverless_usage AS
  SELECT date_trunc('minute', started) AS start_time,
    date_trunc('minute', started) + interval '1 minute' AS end_time,
    480::double precision AS compute_seconds, 8::double precision AS compute_capacity,
    0 AS data_storage, 0 AS cross_region_transferred_data, 480 AS charged_seconds
  FROM pg_internal.loads WHERE ended IS NOT NULL;

CREATE VIEW pg_catalog.stl_query AS
  SELECT userid, query, 'default'::character(320) AS label, xid, pid,
    current_database()::character(32) AS database, text::character(4000) AS querytxt,
    started AS starttime, ended AS endtime, (status <> 'completed')::integer AS aborted
  FROM pg_internal.loads WHERE ended IS NOT NULL;

CREATE VIEW pg_catalog.svv_transactions AS
  SELECT a.usename::text AS txn_owner, current_database()::text AS txn_db,
    coalesce(a.backend_xid::text::bigint, 0) AS xid, a.pid,
    timezone('UTC', a.xact_start) AS txn_start, k.mode::text AS lock_mode,
    k.locktype::text AS lockable_object_type, k.relation::integer AS relation, k.granted
  FROM pg_internal.activity() AS a JOIN pg_catalog.pg_locks AS k USING (pid)
  WHERE a.xact_start IS NOT NULL AND (k.relation IS NULL OR k.relation >= 16384);

CREATE VIEW pg_catalog.stv_locks AS
  SELECT k.relation::integer AS table_id, NULL::timestamp AS last_commit,
    NULL::timestamp AS last_update, coalesce(a.backend_xid::text::bigint, 0) AS lock_owner,
    a.pid AS lock_owner_pid, timezone('UTC', a.xact_start) AS lock_owner_start_ts,
    NULL::timestamp AS lock_owner_end_ts,
    CASE WHEN k.granted THEN 'Holding write lock' ELSE 'Waiting' END::character(22) AS lock_status
  FROM pg_internal.activity() AS a JOIN pg_catalog.pg_locks AS k USING (pid)
  WHERE k.locktype = 'relation' AND k.relation >= 16384
    AND k.mode IN ('ShareRowExclusiveLock', 'AccessExclusiveLock');

-- Nodes, slices and tables.
CREATE VIEW pg_catalog.stv_slices AS
  SELECT (s / 2)::integer AS node, s::integer AS slice, (s % 2)::integer AS localslice,
    'D'::character(1) AS type
  FROM pg_internal.facts, generate_series(0, value::integer * 2 - 1) AS s WHERE name = 'nodes';

-- dg/r_STV_DB_ISOLATION_LEVEL.
CREATE VIEW pg_catalog.stv_db_isolation_level AS
  SELECT current_database()::character(128) AS db_name, 'Serializable'::character(20) AS isolation_level;

CREATE FUNCTION pg_internal.encoding(design jsonb, col text, type oid) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(
    design -> 'encodings' ->> col,
    CASE WHEN design -> 'sort' ? col THEN 'none'
      WHEN type IN (1042, 1043, 25) THEN 'lzo'
      WHEN type IN (16, 700, 701) THEN 'none' ELSE 'az64' END)
$$;

CREATE VIEW pg_catalog.pg_table_def AS
  SELECT n.nspname AS schemaname, c.relname AS tablename, a.attname AS "column",
    format_type(a.atttypid, a.atttypmod) AS type,
    pg_internal.encoding(d.design, a.attname::text, a.atttypid)::character(32) AS encoding,
    coalesce(d.design ->> 'dist' = a.attname, false) AS distkey,
    coalesce(
      (SELECT k.place::integer FROM jsonb_array_elements_text(d.design -> 'sort')
        WITH ORDINALITY AS k (name, place) WHERE k.name = a.attname), 0) AS sortkey,
    a.attnotnull AS "notnull"
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_internal.designs AS d ON d.table_id = c.oid
  WHERE c.relkind = 'r' AND n.nspname = ANY (current_schemas(true))
    AND n.nspname NOT IN ('pg_catalog', 'pg_internal');

-- How many rows a table had when it was last vacuumed or analyzed.
CREATE TABLE pg_internal.care (
  table_id oid, kind text, rows bigint NOT NULL, PRIMARY KEY (table_id, kind));

CREATE FUNCTION pg_internal.tended(kind text, name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ' || name::regclass INTO found;
  PERFORM pg_internal.note_care(name::regclass, kind, found);
END $$;
CREATE FUNCTION pg_internal.note_care(wanted oid, what text, count bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
  INSERT INTO pg_internal.care VALUES (wanted, what, count)
  ON CONFLICT (table_id, kind) DO UPDATE SET rows = excluded.rows
$$;
-- The share of rows that came since, in percent. What a table was first filled with is sorted, and
-- Redshift analyzes it by itself.
CREATE FUNCTION pg_internal.since(wanted oid, what text, now bigint) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT round(100.0 * least(abs(now - rows), now) / now, 2) FROM pg_internal.care
  WHERE table_id = wanted AND kind = what
$$;

CREATE FUNCTION pg_internal.table_facts(
  OUT "schema" text, OUT table_id oid, OUT "table" text, OUT design jsonb, OUT tbl_rows bigint,
  OUT size bigint, OUT skew numeric)
RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE found record; slices integer;
BEGIN
  SELECT value::integer * 2 INTO slices FROM pg_internal.facts WHERE name = 'nodes';
  FOR found IN
    SELECT n.nspname, c.relname, c.oid, coalesce(d.design, '{}') AS design
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_internal.designs AS d ON d.table_id = c.oid
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT LIKE 'pg%'
      AND n.nspname <> 'information_schema'
      -- The real view reads block lists, and waits for no lock.
      AND NOT EXISTS (
        SELECT 1 FROM pg_locks AS k WHERE k.relation = c.oid AND k.granted
        AND k.mode = 'AccessExclusiveLock' AND k.pid <> pg_backend_pid())
  LOOP
    BEGIN
      -- Redshift's numbers come without a look into the table: none is waited for.
      EXECUTE format('LOCK TABLE %I.%I IN ACCESS SHARE MODE NOWAIT', found.nspname, found.relname);
      EXECUTE format('SELECT count(*) FROM %I.%I', found.nspname, found.relname) INTO tbl_rows;
    EXCEPTION WHEN lock_not_available THEN
      CONTINUE;
    END;
    CONTINUE WHEN tbl_rows = 0;
    skew := NULL;
    IF found.design ->> 'dist' IS NOT NULL THEN
      EXECUTE format(
        'SELECT round(max(n)::numeric / greatest(min(n), 1), 4) FROM (SELECT s, count(k) AS n '
        'FROM generate_series(0, %s) AS s LEFT JOIN (SELECT '
        'abs(coalesce(hashtext(%I::text), 0)::bigint) %% %s AS k FROM %I.%I) AS t ON t.k = s '
        'GROUP BY s) AS slices',
        slices - 1, found.design ->> 'dist', slices, found.nspname, found.relname) INTO skew;
    END IF;
    "schema" := found.nspname; table_id := found.oid; "table" := found.relname;
    design := found.design; size := slices * 3 + pg_relation_size(found.oid) / 1048576;
    RETURN NEXT;
  END LOOP;
END $$;

CREATE VIEW pg_catalog.svv_table_info AS
  SELECT current_database()::text AS database, "schema", table_id, "table",
    CASE WHEN design ? 'encodings' THEN 'Y' ELSE 'Y, AUTO(ENCODE)' END AS encoded,
    CASE WHEN design ->> 'dist' IS NOT NULL THEN 'KEY(' || (design ->> 'dist') || ')'
      WHEN design ->> 'style' IN ('ALL', 'EVEN') THEN design ->> 'style'
      ELSE 'AUTO(ALL)' END AS diststyle,
    coalesce(design -> 'sort' ->> 0, 'AUTO(SORTKEY)') AS sortkey1,
    (SELECT max(a.atttypmod - 4) FROM pg_attribute AS a
      WHERE a.attrelid = table_id AND a.atttypid = 1043 AND NOT a.attisdropped) AS max_varchar,
    (SELECT pg_internal.encoding(design, a.attname::text, a.atttypid)::character(32)
      FROM pg_attribute AS a
      WHERE a.attrelid = table_id AND a.attname = design -> 'sort' ->> 0) AS sortkey1_enc,
    coalesce(jsonb_array_length(design -> 'sort'), 0) AS sortkey_num, size,
    0.0001::numeric(10, 4) AS pct_used, 0::bigint AS empty,
    CASE WHEN design ? 'sort'
      THEN coalesce(pg_internal.since(table_id, 'vacuum', tbl_rows), 0)::numeric(5, 2) END AS unsorted,
    coalesce(pg_internal.since(table_id, 'analyze', tbl_rows), 0)::numeric(5, 2) AS stats_off,
    tbl_rows::numeric(38, 0) AS tbl_rows,
    1.00::numeric(19, 2) AS skew_sortkey1, skew::numeric(19, 2) AS skew_rows,
    tbl_rows::numeric(38, 0) AS estimated_visible_rows, NULL::text AS risk_event,
    0.00::numeric(12, 2) AS vacuum_sort_benefit, NULL::timestamp AS create_time
  FROM pg_internal.table_facts();
-- To superusers alone (dg/r_SVV_TABLE_INFO).
REVOKE ALL ON pg_catalog.svv_table_info FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_internal.table_facts() FROM PUBLIC;

CREATE VIEW pg_catalog.svv_tables AS
  SELECT table_catalog, table_schema, table_name, table_type, NULL::text AS remarks
  FROM information_schema.tables;
CREATE VIEW pg_catalog.svv_columns AS
  SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default,
    is_nullable, data_type, character_maximum_length, numeric_precision, numeric_precision_radix,
    numeric_scale, datetime_precision, NULL::text AS interval_type, NULL::text AS interval_precision,
    NULL::text AS remarks
  FROM information_schema.columns;
CREATE VIEW pg_catalog.svv_redshift_columns AS
  SELECT current_database()::text AS database_name, table_schema::text AS schema_name,
    table_name::text, column_name::text, ordinal_position::integer, data_type::text, column_default::text,
    is_nullable::text, ''::text AS encoding, false AS distkey, 0 AS sortkey, ''::text AS column_acl,
    ''::text AS remarks
  FROM information_schema.columns;
CREATE VIEW pg_catalog.svv_redshift_tables AS
  SELECT current_database()::text AS database_name, table_schema::text AS schema_name,
    table_name::text, 'TABLE'::text AS table_type, ''::text AS table_acl, ''::text AS remarks
  FROM information_schema.tables;
CREATE VIEW pg_catalog.stl_restarted_sessions AS
  SELECT NULL::timestamp AS currenttime, ''::character(50) AS dbname, 0 AS newpid, 0 AS oldpid,
    ''::character(50) AS username, ''::character(50) AS remotehost, ''::character(50) AS remoteport,
    ''::character(20) AS parkedtime, ''::character(20) AS session_vars
  WHERE false;

-- What was granted, the owner's own rights left out. Who is no superuser sees "identities they have
-- access to or own" alone (dg/r_SVV_RELATION_PRIVILEGES, dg/r_SVV_SCHEMA_PRIVILEGES).
CREATE VIEW pg_catalog.svv_relation_privileges AS
  SELECT n.nspname::text AS namespace_name, c.relname::text AS relation_name,
    a.privilege_type, a.grantee::integer AS identity_id,
    CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END AS identity_name,
    CASE WHEN a.grantee = 0 THEN 'public' ELSE 'user' END AS identity_type,
    a.is_grantable AS admin_option
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL aclexplode(c.relacl) AS a
  WHERE a.grantee <> c.relowner AND n.nspname NOT LIKE 'pg%'
    AND (a.grantee = 0 OR pg_has_role(a.grantee, 'MEMBER'));
CREATE VIEW pg_catalog.svv_schema_privileges AS
  SELECT n.nspname::text AS namespace_name, a.privilege_type, a.grantee::integer AS identity_id,
    CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END AS identity_name,
    CASE WHEN a.grantee = 0 THEN 'public' ELSE 'user' END AS identity_type,
    a.is_grantable AS admin_option, 'SCHEMA'::text AS privilege_scope
  FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
  WHERE a.grantee <> n.nspowner AND n.nspname NOT LIKE 'pg%'
    AND (a.grantee = 0 OR pg_has_role(a.grantee, 'MEMBER'));

-- Functions.
-- A COPY is done outside PostgreSQL and is told of a cancel here.
CREATE TABLE pg_internal.cancel_requests (pid integer NOT NULL);
ALTER FUNCTION pg_catalog.pg_cancel_backend(integer) RENAME TO pg_cancel_backend_itself;
CREATE FUNCTION pg_catalog.pg_cancel_backend(integer) RETURNS boolean
LANGUAGE sql SECURITY DEFINER AS $$
  INSERT INTO pg_internal.cancel_requests VALUES ($1);
  SELECT pg_catalog.pg_cancel_backend_itself($1);
$$;

CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS
  'SELECT date_trunc(''second'', timezone(''UTC'', statement_timestamp()))';
CREATE FUNCTION pg_catalog.pg_last_copy_id() RETURNS integer LANGUAGE sql STABLE AS
  'SELECT coalesce(nullif(current_setting(''redshift.last_copy_id'', true), '''')::integer, -1)';
CREATE FUNCTION pg_catalog.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE AS
  'SELECT coalesce(nullif(current_setting(''redshift.last_copy_count'', true), '''')::bigint, 0)';
CREATE FUNCTION pg_catalog.pg_last_query_id() RETURNS integer LANGUAGE sql STABLE AS
  'SELECT pg_catalog.pg_last_copy_id()';
CREATE FUNCTION pg_catalog.len(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
  'SELECT char_length($1)';
CREATE FUNCTION pg_catalog.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
  'SELECT strpos($2, $1)';
CREATE FUNCTION pg_catalog.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS
  'SELECT $1::date';
CREATE FUNCTION pg_catalog.json_extract_path_text(text, VARIADIC text[]) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT AS 'SELECT json_extract_path_text($1::json, VARIADIC $2)';
CREATE FUNCTION pg_catalog.convert_timezone(text, text, timestamp) RETURNS timestamp
  LANGUAGE sql IMMUTABLE STRICT AS 'SELECT timezone($2, timezone($1, $3))';
CREATE FUNCTION pg_catalog.dateadd(text, bigint, timestamp) RETURNS timestamp
  LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $3 + ($2 || '' '' || $1)::interval';
CREATE FUNCTION pg_catalog.datediff(text, timestamp, timestamp) RETURNS bigint
  LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE lower($1)
    WHEN 'second' THEN extract(epoch FROM date_trunc('second', $3) - date_trunc('second', $2))
    WHEN 'minute' THEN extract(epoch FROM date_trunc('minute', $3) - date_trunc('minute', $2)) / 60
    WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', $3) - date_trunc('hour', $2)) / 3600
    WHEN 'day' THEN $3::date - $2::date
    WHEN 'month' THEN (extract(year FROM $3) - extract(year FROM $2)) * 12
      + extract(month FROM $3) - extract(month FROM $2)
    WHEN 'year' THEN extract(year FROM $3) - extract(year FROM $2) END::bigint
$$;

GRANT SELECT ON ALL TABLES IN SCHEMA pg_internal TO PUBLIC;
GRANT SELECT ON
  pg_catalog.stl_load_errors, pg_catalog.stl_loaderror_detail, pg_catalog.sys_load_error_detail,
  pg_catalog.stl_load_commits, pg_catalog.stv_load_state, pg_catalog.sys_load_history,
  pg_catalog.sys_load_detail, pg_catalog.stv_sessions, pg_catalog.stv_recents,
  pg_catalog.stv_inflight, pg_catalog.sys_query_history, pg_catalog.stl_query,
  pg_catalog.svv_transactions, pg_catalog.stv_locks, pg_catalog.stv_slices,
  pg_catalog.stv_db_isolation_level,
  pg_catalog.pg_table_def, pg_catalog.svv_tables, pg_catalog.svv_columns,
  pg_catalog.svv_redshift_columns, pg_catalog.svv_redshift_tables,
  pg_catalog.stl_restarted_sessions, pg_catalog.svv_relation_privileges,
  pg_catalog.svv_schema_privileges
TO PUBLIC;
GRANT USAGE ON SCHEMA pg_catalog TO PUBLIC;
