"""One client's session: messages in, checked and rewritten statements to PostgreSQL, answers out."""

import hashlib
import os
import re
import struct
import threading
from dataclasses import dataclass

from . import wire
from .loading import Load
from .refusal import Refusal
from .rewriting import Work, plan_line, work
from .tokens import Unterminated, statements
from .wire import Backend, Closed, message, texts

# What Amazon's and common drivers send (dg/… does not say; read in the drivers' sources).
STARTUP = {
    "user", "database", "client_encoding", "application_name", "options", "client_protocol_version",
    "driver_version", "os_version", "plugin_name", "replication", "idp_type"}
REPORTED = {"DateStyle", "TimeZone", "is_superuser", "session_authorization", "integer_datetimes"}
SETTINGS = {
    "TimeZone": "UTC", "standard_conforming_strings": "off", "escape_string_warning": "off",
    "backslash_quote": "on", "extra_float_digits": "0", "DateStyle": "ISO, MDY",
    "default_transaction_isolation": "repeatable read", "search_path": '"$user", public'}
MISSING_BYTES = re.compile(r'check constraint "bytes of (.*?)"')


@dataclass
class Prepared:
    """A statement that a client prepared and that the stand-in does by itself."""

    work: Work


class Session:
    """A session, from its first byte to its last. `proxy` has the server, sessions and faults."""

    def __init__(self, proxy, cluster, plain):
        self.proxy, self.cluster = proxy, cluster
        self.client = wire.Channel(plain)
        self.backend, self.user, self.user_id, self.database = None, "", 0, ""
        self.cancelled = threading.Event()
        self.prepared, self.portals, self.is_encrypted = {}, {}, False
        self.explains = False
        self.statement = ""

    # Start-up

    def run(self):
        try:
            if self.start():
                self.converse()
        except Refusal as error:
            self.try_sending(wire.report("E", error.fields()))
        except Closed:
            pass
        finally:
            self.proxy.forget(self)
            self.client.close()
            if self.backend:
                self.backend.close()

    def try_sending(self, data):
        try:
            self.client.send(data)
        except Closed:
            pass

    def start(self):
        """Negotiates and logs in; false when there is nothing more to do."""
        while True:
            code, body = self.client.packet()
            if code == wire.SSL and not self.is_encrypted:
                self.client.send(b"S")
                self.client = wire.Channel(self.proxy.encrypt(self.client.socket))
                self.is_encrypted = True
            elif code == wire.CANCEL:
                self.proxy.cancel(body)
                return False
            elif code == wire.PROTOCOL:
                self.log_in(body)
                return True
            else:
                major, minor = code >> 16, code & 0xFFFF
                raise Refusal(
                    "0A000", f"unsupported frontend protocol {major}.{minor}: server supports 1.0 to 3.0",
                    severity="FATAL")

    def log_in(self, body):
        words = body.decode().split("\0")
        given = dict(zip(words[0:-2:2], words[1:-1:2]))
        unknown = sorted(set(given) - STARTUP - {""})
        if unknown:
            raise fatal("42704", f'unrecognized configuration parameter "{unknown[0]}"')
        self.user = given.get("user", "")
        self.database = given.get("database") or self.user
        if self.proxy.faults.take("login", self.user, {"refuse"}):
            raise fatal("53300", 'connection limit "500" exceeded for non-bootstrap users')
        if given.get("client_encoding", "UTF8").upper().replace("-", "") not in ("UTF8", "UNICODE"):
            raise fatal("22023", f"conversion between {given['client_encoding']} and UNICODE is not supported")
        if not self.is_encrypted and (self.cluster.requires_ssl or self.user.startswith("IAM")):
            raise fatal(
                "28000", f'no pg_hba.conf entry for host "127.0.0.1", user "{self.user}", '
                f'database "{self.database}", SSL off')
        self.check_password()
        role, inside = self.cluster.role_of(self.user), self.cluster.inside(self.database)
        if role is None:
            raise fatal("28000", f'user "{self.user}" does not exist')
        if inside is None:
            raise fatal("3D000", f'database "{self.database}" does not exist')
        name = given.get("application_name", "")
        self.backend = Backend(self.proxy.server.path, role, inside, application_name=name, **SETTINGS)
        self.user_id = int(self.backend.run("SELECT usesysid FROM pg_user WHERE usename = current_user")[0][0])
        self.proxy.remember(self)
        self.welcome()

    def check_password(self):
        """By MD5, as Redshift asks clients that are not its own drivers."""
        salt = os.urandom(4)
        self.client.send(message("R", struct.pack("!I", 5) + salt))
        kind, body = self.client.read()
        given = body[:-1].decode(errors="replace")
        password = self.cluster.password_of(self.user) if kind == "p" else None
        if password is None or given != hashed(self.user, password, salt):
            raise fatal("28000", f'password authentication failed for user "{self.user}"')
        self.client.send(message("R", struct.pack("!I", 0)))

    def welcome(self):
        reported = {"server_version": "8.0.2", "client_encoding": "UNICODE", "server_encoding": "UNICODE",
                    "padb_version": "1.0.77467", "max_varchar_size": "65535", "max_numeric_precision": "38"}
        reported |= {name: self.backend.parameters[name] for name in REPORTED}
        parts = [message("S", texts(name, value)) for name, value in reported.items()]
        parts.append(message("K", struct.pack("!II", *self.backend.key)))
        parts.append(self.ready())
        self.client.send(b"".join(parts))

    def ready(self):
        return message("Z", self.backend.status.encode())

    # Statements

    def converse(self):
        batch = []
        while True:
            kind, body = self.client.read()
            self.cancelled.clear()
            if kind == "X":
                return
            if kind == "Q":
                self.simple(body[:-1].decode())
            elif kind == "F":
                raise fatal("0A000", "the function call protocol is not supported")
            elif kind in "dcf":
                continue
            else:
                batch.append((kind, body))
                if kind in "SH":
                    self.extended(batch)
                    batch = []

    def simple(self, sql):
        """The simple protocol: the statements, in one transaction when there are several, and
        ReadyForQuery."""
        is_block = False
        try:
            parts = statements(sql)
            if not parts:
                self.client.send(message("I"))
            if len(parts) > 1 and self.backend.status == "I" and not any(ends_block(p) for p in parts):
                self.backend.run("BEGIN")
                is_block = True
            for statement in parts:
                self.require_visible(statement)
                self.do(work(statement, self.backend.status))
            if is_block and self.backend.status != "I":
                self.backend.run("COMMIT")
        except (Refusal, Unterminated) as error:
            fields = self.failed(error)
            if is_block and self.backend.status != "I":
                self.backend.run("ROLLBACK")
            self.client.send(wire.report("E", fields))
        self.client.send(self.ready())

    def extended(self, batch):
        """The extended protocol, up to Sync: as it is when PostgreSQL can do it, else by hand."""
        sent, own, before = [], False, []
        try:
            for kind, body in batch:
                if kind == "P":
                    kind, body, is_own = self.parse(body, before)
                    own = own or is_own
                elif kind == "B":
                    portal, name = body.split(b"\0")[:2]
                    self.portals[portal] = self.prepared.get(name)
                    own = own or self.portals[portal] is not None
                elif kind == "E":
                    own = own or self.portals.get(body.split(b"\0")[0]) is not None
                sent.append((kind, body))
            if own:
                self.by_hand(sent)
            else:
                for sql in before:
                    self.backend.run(sql)
                self.backend.send(b"".join(message(kind, body) for kind, body in sent))
                self.relay(until="Z" if batch[-1][0] == "S" else None)
                return
        except (Refusal, Unterminated) as error:
            self.client.send(wire.report("E", self.failed(error)))
        self.client.send(self.ready())

    def parse(self, body, before):
        """A Parse message, rewritten; what must run before goes to `before`."""
        name, rest = body.split(b"\0", 1)
        sql, types = rest.split(b"\0", 1)
        parts = statements(sql.decode())
        self.prepared.pop(name, None)
        if not parts:
            return "P", body, False
        if len(parts) > 1:
            raise Refusal("42601", "cannot insert multiple commands into a prepared statement")
        self.require_visible(parts[0])
        done = work(parts[0], self.backend.status)
        self.proxy.fault_of_statement(self, done.text)
        if done.copy or done.tag or done.commits:
            self.prepared[name] = Prepared(done)
            return "P", body, True
        self.explains = done.explains
        before += [done.before] if done.before else []
        if done.in_block and self.backend.status == "T":
            before.append(done.in_block)
        return "P", name + b"\0" + done.sql.encode() + b"\0" + types, False

    def require_visible(self, statement):
        """Refuses looks into system views that this kind of cluster does not show."""
        for token in statement.tokens:
            refusal = self.cluster.refusal_of(token.value.lower()) if token.is_name else None
            if refusal:
                raise refusal

    def by_hand(self, batch):
        """Answers Parse, Bind, Describe and Execute of what PostgreSQL does not do."""
        answers = {"P": b"1", "B": b"2", "D": b"n", "C": b"3"}
        for kind, body in batch:
            if kind == "E":
                prepared = self.portals.get(body.split(b"\0")[0])
                if prepared is None:
                    raise Refusal("0A000", "the stand-in cannot do this in one batch")
                self.do(prepared.work)
            elif kind in answers:
                self.client.send(message(answers[kind].decode()))

    def do(self, done):
        """Does one statement and sends its answer, without ReadyForQuery."""
        self.proxy.fault_of_statement(self, done.text)
        if done.copy:
            self.copy(done)
        elif done.commits:
            self.backend.run(done.sql)
            if self.backend.status == "T":
                self.backend.run("COMMIT")
            self.client.send(message("C", texts(done.text.split()[0].upper())))
        elif done.tag:
            self.backend.run(done.sql)
            self.client.send(message("C", texts(done.tag)))
        else:
            if done.before:
                self.backend.run(done.before)
            if done.in_block and self.backend.status == "T":
                self.backend.run(done.in_block)
            self.explains = done.explains
            self.backend.send(message("Q", texts(done.sql)))
            self.relay(until="Z", without_ready=True)

    def copy(self, done):
        load = Load(self, done.copy)
        self.statement = load.text
        if self.backend.status == "E":
            raise Refusal(
                "25P02", "current transaction is aborted, commands ignored until end of transaction block")
        if self.backend.status == "T":
            self.backend.run(f"LOCK TABLE {load.options.table} IN SHARE ROW EXCLUSIVE MODE")
        notices = load.run()
        for notice in notices:
            fields = [("S", "INFO"), ("C", "00000"), ("M", notice)]
            self.client.send(wire.report("N", fields))
        self.client.send(message("C", texts("COPY")))

    def during_copy(self, load):
        """Between two files of a COPY: faults may cut the client off."""
        self.proxy.fault_of_copy(self, load)

    def log_connection(self):
        """A connection of the cluster's own to this database, for its log."""
        return self.proxy.server.connect(
            self.cluster.inside(self.database), application_name="redshift-log",
            standard_conforming_strings="off", escape_string_warning="off")

    def failed(self, error):
        """The error's fields; PostgreSQL's transaction fails with it."""
        if isinstance(error, Unterminated):
            error = Refusal("42601", str(error))
        if error.severity == "FATAL":
            raise error
        if self.backend.status == "T":
            try:
                self.backend.run("SELECT 1/0")
            except Refusal:
                pass
        return translated(dict(error.fields()))

    def relay(self, until, without_ready=False):
        """Hands on what PostgreSQL answers, up to ReadyForQuery or what is there after a Flush."""
        out, failure = [], None
        while True:
            kind, body = self.backend.read()
            if kind == "Z":
                self.backend.status = body.decode()
                if not without_ready:
                    out.append(message(kind, body))
                break
            if kind == "S":
                name, value = body.decode().split("\0")[:2]
                self.backend.parameters[name] = value
                if name not in REPORTED:
                    continue
            if kind == "E":
                body_fields = translated(wire.fields_of(body))
                if without_ready and body_fields[0][1] != "FATAL":
                    failure = body_fields
                    continue
                out.append(wire.report("E", body_fields))
                if body_fields[0][1] == "FATAL":
                    self.client.send(b"".join(out))
                    raise Closed
                continue
            if kind == "D" and self.explains:
                body = wire.data_row([plan_line(text) for text in wire.row_of(body)])
            out.append(message(kind, body))
            if len(out) > 200:
                self.client.send(b"".join(out))
                out = []
            if until is None and not self.backend.buffer:
                break
        self.client.send(b"".join(out))
        if failure:
            fields = dict(failure)
            error = Refusal(fields["C"], fields["M"], fields.get("D", ""), fields.get("H", ""))
            error.place = fields.get("P")
            raise Answered(error, failure)


class Answered(Refusal):
    """An error of PostgreSQL's, with all its fields, in a script that ends with it."""

    def __init__(self, error, every):
        super().__init__(error.state, error.message, error.detail, error.hint)
        self.every = every

    def fields(self):
        return self.every


def ends_block(statement):
    """Whether a statement begins or ends a transaction by itself."""
    return statement.tokens[0].upper in ("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT")


def fatal(state, text):
    return Refusal(state, text, severity="FATAL")


def hashed(user, password, salt):
    inner = hashlib.md5((password + user).encode()).hexdigest()
    return "md5" + hashlib.md5(inner.encode() + salt).hexdigest()


def translated(fields):
    """PostgreSQL's words in Redshift's: lengths in bytes, and conflicts of transactions."""
    fields = {key: value for key, value in fields.items() if key not in "VFLRstcdn"}
    code, text = fields.get("C", ""), fields.get("M", "")
    if code == "23514" and MISSING_BYTES.search(text):
        return [("S", "ERROR"), ("C", "22001"), ("M", "Value too long for character type"),
                ("D", f"column: {MISSING_BYTES.search(text).group(1)} code: 8001")]
    if code in ("40001", "40P01"):
        return serialization_failure()
    ordered = {"S": fields.pop("S", "ERROR"), "C": fields.pop("C", "XX000"), **fields}
    return list(ordered.items())


def serialization_failure():
    """Error 1023, as dg/c_serial_isolation shows it."""
    return [
        ("S", "ERROR"), ("C", "XX000"), ("M", "1023"),
        ("D", "Serializable isolation violation on table - 100001, transactions forming the cycle are: "
         "1000, 1001 (pid:100)")]
