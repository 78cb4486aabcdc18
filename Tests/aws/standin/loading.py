"""COPY from S3, done by the stand-in: objects out of moto, rows into PostgreSQL."""

import gzip
import json
import time

from . import records, values
from .copy_options import options_of
from .refusal import Refusal
from .tables import quoted
from .wire import Closed, fields_of, literal, message, texts

CHECK = "Check 'stl_load_errors' system table for details."
COLUMNS = """
SELECT a.attname, regexp_replace(format_type(a.atttypid, NULL), ' without time zone', ''),
  CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
  a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity <> '', a.attrelid::integer
FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = {table}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


class Cancelled(Exception):
    """The client asked for an end."""


class Load:
    """One COPY of a session."""

    def __init__(self, session, statement):
        self.session, self.cluster = session, session.cluster
        self.text = statement.text.strip()
        self.options = options_of(statement)
        self.backend, self.log = session.backend, None
        self.rows = self.bytes = self.files = self.errors = 0
        self.query, self.shown, self.failures = 0, 0.0, []

    def run(self):
        """The notices of a load that succeeded; raises a Refusal otherwise."""
        self.columns, self.table_id = self.table_columns()
        self.targets = self.target_columns()
        files = self.cluster.account.files_of(self.options, self.cluster)
        self.paths = self.json_paths()
        self.log = self.session.log_connection()
        try:
            return self.load(files)
        finally:
            self.log.close()

    def table_columns(self):
        try:
            rows = self.backend.run(COLUMNS.format(table=literal(self.options.table)))
        except Refusal as error:
            if error.state == "42P01":
                name = self.options.table.replace('"', "")
                raise Refusal("42P01", f"Cannot COPY into nonexistent table {name}") from None
            raise
        columns = [
            values.Column(name, kind, int(limit) if limit else None, needed == "t", default, own == "t")
            for name, kind, limit, needed, default, own, _ in rows]
        return columns, int(rows[0][-1])

    def target_columns(self):
        """The columns that values come for, in the order of COPY's list or the table's."""
        known = {column.name: column for column in self.columns}
        names = self.options.columns or [
            c.name for c in self.columns if not c.is_identity or "EXPLICIT_IDS" in self.options.flags]
        for name in names:
            if name not in known:
                raise Refusal("42703", f'column "{name}" of relation does not exist')
            if known[name].is_identity and "EXPLICIT_IDS" not in self.options.flags:
                raise Refusal("XX000", f'cannot set an identity column to a value: "{name}"')
        return [known[name] for name in names]

    def json_paths(self):
        """One path a column out of a JSONPaths file; None for 'auto'."""
        if not self.options.json.startswith("s3://"):
            return None
        data = self.cluster.account.read(self.options.json, self.options, self.cluster)
        try:
            paths = records.json_paths(data)
        except records.PathError as error:
            raise Refusal("XX000", str(error)) from None
        if paths is not None and len(paths) != len(self.targets):
            raise Refusal(
                "XX000", "Number of jsonpaths and the number of columns should match. JSONPath size: "
                f"{len(paths)}, Number of columns in table or column list: {len(self.targets)}")
        return paths

    def load(self, files):
        self.begin(files)
        is_copying = "NOLOAD" not in self.options.flags
        if is_copying:
            self.start_copy()
        try:
            for file in files:
                self.one_file(file, is_copying)
        except (Cancelled, Refusal) as error:
            if is_copying:
                self.end_copy(message("f", texts("stopped")))
            if isinstance(error, Cancelled):
                error = Refusal("57014", f"Query ({self.query}) cancelled on user's request")
            self.finish("aborted", error.message)
            raise error from None
        except Closed:
            self.note_end("aborted", "the session was ended")
            raise
        if is_copying:
            failure = self.end_copy(message("c"))
            if failure:
                self.finish("aborted", failure["M"])
                raise Refusal(failure["C"], failure["M"], failure.get("D", ""))
        self.finish("completed", "")
        return self.notices()

    def notices(self):
        name = self.options.table.replace('"', "").split(".")[-1]
        done = f"Load into table '{name}' completed"
        rows = self.rows if "NOLOAD" not in self.options.flags else 0
        found = [f"{done}, {rows} record(s) loaded successfully."]
        if self.errors:
            found.append(f"{done}, {self.errors} record(s) could not be loaded.  {CHECK}")
        return found

    # Rows

    def start_copy(self):
        names = ", ".join(quoted(column.name) for column in self.targets)
        self.backend.send(message("Q", texts(f"COPY {self.options.table} ({names}) FROM STDIN")))
        while True:
            kind, body = self.backend.read()
            if kind == "G":
                return
            if kind == "E":
                found = fields_of(body)
                self.backend.until_ready()
                self.finish("aborted", found["M"])
                raise Refusal(found["C"], found["M"])

    def end_copy(self, last):
        """Ends PostgreSQL's COPY; what it complained about, if it did."""
        self.backend.send(last)
        try:
            self.backend.until_ready()
        except Refusal as error:
            return dict(error.fields())
        return None

    def one_file(self, file, is_copying):
        data = self.contents(file)
        lines, failed, chunk = 0, 0, []
        for record in records.records(data):
            lines += 1
            try:
                chunk.append("\t".join(values.copy_text(v) for v in self.row(record)))
            except values.Invalid as error:
                failed += 1
                self.reject(file, record, error)
            if len(chunk) == 2000:
                self.send(chunk, is_copying)
                chunk = []
        self.send(chunk, is_copying)
        self.files, self.bytes = self.files + 1, self.bytes + file.size
        self.log.run(
            f"INSERT INTO pg_internal.load_files VALUES ({self.query}, {literal(file.url)}, {lines}, "
            f"{failed}, {file.size}, timezone('UTC', clock_timestamp()))")
        self.progress()
        self.session.during_copy(self)
        if self.session.cancelled.is_set():
            raise Cancelled

    def send(self, chunk, is_copying):
        self.rows += len(chunk)
        if self.session.cancelled.is_set():
            raise Cancelled
        if is_copying and chunk:
            self.backend.send(message("d", ("\n".join(chunk) + "\n").encode()))

    def contents(self, file):
        data = self.cluster.account.bytes_of(file)
        try:
            if "GZIP" in self.options.flags and data:
                return gzip.decompress(data)
            if "ZSTD" in self.options.flags and data:
                import zstandard

                with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
                    return reader.read()
        except (OSError, EOFError, ValueError, ImportError) + zstd_errors() as error:
            raise Refusal("XX000", f"could not decompress {file.url}: {error}") from None
        return data

    def row(self, record):
        """A record's values in the order of the columns."""
        if record.failure:
            raise values.Invalid(1224 if record.failure.startswith("Invalid JSONPath") else 1216, record.failure)
        if self.paths is not None:
            found = [records.at(record.value, path) for path in self.paths]
        elif isinstance(record.value, list):
            raise values.Invalid(1224, "Invalid JSONPath format: Member is not an object.")
        else:
            members = record.value
            if self.options.json == "auto ignorecase":
                members = {name.lower(): value for name, value in members.items()}
            found = [members.get(column.name, records.MISSING) for column in self.targets]
        row = []
        for value, column in zip(found, self.targets):
            try:
                row.append(values.converted(None if value is records.MISSING else value, column, self.options))
            except values.Invalid as error:
                error.column, error.value = column, value
                raise
        return row

    # The log

    def is_cancelled_by_function(self):
        """Whether somebody called pg_cancel_backend for this session since the last look."""
        return bool(self.log.run(
            f"DELETE FROM pg_internal.cancel_requests WHERE pid = {self.backend.key[0]} RETURNING pid"))

    def reject(self, file, record, error):
        """Writes a record down that could not be stored; fails the load when they are too many."""
        self.errors += 1
        column = getattr(error, "column", None)
        value = getattr(error, "value", "")
        value = "" if value in (None, records.MISSING) else values.text_of(value)
        name, kind, limit = ("", "", "") if column is None else (
            column.name, short_type(column.type), str(column.limit or ""))
        session = self.session
        self.log.run(
            "INSERT INTO pg_catalog.stl_load_errors SELECT "
            f"{session.user_id}, 0, {self.table_id}, timezone('UTC', clock_timestamp()), "
            f"{self.backend.key[0]}, {self.query}, {literal(cut(file.url, 256))}, {record.line}, "
            f"{literal(cut(name, 127))}, {literal(kind)}, {literal(limit)}, {error.position}, "
            f"{literal(cut(record.raw, 1024))}, {literal(cut(value, 1024))}, {error.code}, "
            f"{literal(cut(error.reason, 100))}, 0, {record.offset}")
        if self.errors >= max(self.options.max_errors, 1) and "IGNOREALLERRORS" not in self.options.flags:
            name = self.options.table.replace('"', "").split(".")[-1]
            raise Refusal("XX000", f"Load into table '{name}' failed.  {CHECK}")

    def begin(self, files):
        session, options = self.session, self.options
        total = sum(file.size for file in files)
        source = options.source
        kind = "JSON"
        row = self.log.run(
            "INSERT INTO pg_internal.loads VALUES (nextval('pg_internal.queries'), "
            f"{self.backend.key[0]}, {session.user_id}, {literal(session.user)}, 0, {literal(self.text)}, "
            f"{self.table_id}, {literal(options.table.replace(chr(34), '').split('.')[-1])}, 'running', "
            f"timezone('UTC', clock_timestamp()), NULL, {literal(source)}, {literal(kind)}, 0, 0, 0, "
            f"{total}, {len(files)}, 0, '') RETURNING query")
        self.query = int(row[0][0])

    def progress(self, force=False):
        """Shows how far the load is; a real cluster does so every million records."""
        if not force and time.monotonic() - self.shown < 0.05:
            return
        self.shown = time.monotonic()
        self.log.run(
            f"UPDATE pg_internal.loads SET rows = {self.rows}, bytes = {self.bytes}, "
            f"files = {self.files}, errors = {self.errors} WHERE query = {self.query}")

    def note_end(self, status, problem):
        self.progress(force=True)
        self.log.run(
            f"UPDATE pg_internal.loads SET status = {literal(status)}, message = {literal(problem)}, "
            f"ended = timezone('UTC', clock_timestamp()) WHERE query = {self.query}")

    def finish(self, status, problem):
        """Writes the end down, and tells the session which COPY was its last."""
        self.note_end(status, problem)
        if self.backend.status != "E":
            # Rolled back with the transaction, as the documentation of pg_last_copy_id says.
            self.backend.run(
                f"SELECT set_config('redshift.last_copy_id', '{self.query}', false), "
                f"set_config('redshift.last_copy_count', '{self.rows}', false)")


def zstd_errors():
    try:
        import zstandard
    except ImportError:
        return ()
    return (zstandard.ZstdError,)


def short_type(name):
    """A type as stl_load_errors names it."""
    return {"character varying": "varchar", "character": "char", "integer": "int4", "bigint": "int8",
            "smallint": "int2", "double precision": "float8", "real": "float4", "boolean": "bool",
            }.get(name, name)[:10]


def cut(text, limit):
    """At most `limit` characters that PostgreSQL can hold."""
    return text[:limit].encode("utf-8", "replace").decode("utf-8", "replace").replace("\0", "?")
