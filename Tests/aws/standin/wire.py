"""PostgreSQL's protocol, version 3: messages, and a connection to the server behind the stand-in."""

import select
import socket
import struct

from .refusal import Refusal

PROTOCOL, SSL, GSS, CANCEL = 196608, 80877103, 80877104, 80877102


class Closed(Exception):
    """The other end closed the connection."""


def message(kind, body=b""):
    """A message of one letter `kind`; an empty kind gives a start-up packet."""
    return kind.encode() + struct.pack("!I", len(body) + 4) + body


def texts(*values):
    """Strings as the protocol writes them."""
    return b"".join(value.encode() + b"\0" for value in values)


def report(kind, fields):
    """An ErrorResponse (`E`) or a NoticeResponse (`N`)."""
    body = b"".join(key.encode() + texts(str(value)) for key, value in fields)
    return message(kind, body + b"\0")


def fields_of(body):
    """The fields of an ErrorResponse or a NoticeResponse."""
    pairs = [part for part in body.split(b"\0") if part]
    return {chr(part[0]): part[1:].decode(errors="replace") for part in pairs}


class Channel:
    """Messages over a socket."""

    def __init__(self, plain):
        self.socket = plain
        self.buffer = b""

    def exactly(self, count):
        """`count` bytes; raises Closed when the other end is gone."""
        while len(self.buffer) < count:
            try:
                chunk = self.socket.recv(max(count - len(self.buffer), 65536))
            except OSError as error:
                raise Closed from error
            if not chunk:
                raise Closed
            self.buffer += chunk
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read(self):
        """One message: its letter and its body."""
        head = self.exactly(5)
        (length,) = struct.unpack("!I", head[1:])
        return chr(head[0]), self.exactly(length - 4)

    def packet(self):
        """A start-up packet: its code and what follows."""
        length, code = struct.unpack("!II", self.exactly(8))
        if not 8 <= length <= 10000:
            raise Closed
        return code, self.exactly(length - 8)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Closed from error

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


class Backend(Channel):
    """A session of the PostgreSQL server behind the stand-in, which trusts its socket."""

    def __init__(self, path, user, database, **settings):
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        plain.connect(path)
        super().__init__(plain)
        self.path, self.status, self.key, self.parameters = path, "I", (0, 0), {}
        words = ["user", user, "database", database]
        words += [word for pair in settings.items() for word in pair]
        self.send(message("", struct.pack("!I", PROTOCOL) + texts(*words) + b"\0"))
        self.until_ready()

    def until_ready(self):
        """Reads up to ReadyForQuery; raises the first error. Returns rows and the command's tag."""
        rows, tag, failure = [], "", None
        while True:
            kind, body = self.read()
            if kind == "E":
                failure = failure or body
                if fields_of(body).get("S") == "FATAL":
                    break
            elif kind == "S":
                name, value = body.decode().split("\0")[:2]
                self.parameters[name] = value
            elif kind == "K":
                self.key = struct.unpack("!II", body)
            elif kind == "D":
                rows.append(row_of(body))
            elif kind == "C":
                tag = body[:-1].decode()
            elif kind == "Z":
                self.status = body.decode()
                break
        if failure:
            found = fields_of(failure)
            raise Refusal(
                found["C"], found["M"], found.get("D", ""), found.get("H", ""), found["S"])
        return rows, tag

    def run(self, sql):
        """Runs a script; the rows of all its statements."""
        self.send(message("Q", texts(sql)))
        return self.until_ready()[0]

    def is_ended(self):
        """Whether the server ended this session, while rows go into a COPY."""
        if not select.select([self.socket], [], [], 0)[0]:
            return False
        waiting = self.socket.recv(65536, socket.MSG_PEEK)
        return not waiting or b"SFATAL\0" in waiting

    def cancel(self):
        """Asks the server to stop what this session runs."""
        forward_cancel(self.path, struct.pack("!II", *self.key))


def row_of(body):
    """A DataRow's values as text; None for NULL."""
    (count,) = struct.unpack_from("!H", body)
    place, values = 2, []
    for _ in range(count):
        (length,) = struct.unpack_from("!i", body, place)
        place += 4
        values.append(None if length < 0 else body[place : place + length].decode())
        place += max(length, 0)
    return values


def data_row(values):
    """The body of a DataRow of texts."""
    parts = [struct.pack("!H", len(values))]
    for value in values:
        data = value.encode()
        parts += [struct.pack("!i", len(data)), data]
    return b"".join(parts)


def forward_cancel(path, key):
    """Sends a CancelRequest to the server at a socket's path."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as plain:
        plain.connect(path)
        plain.sendall(message("", struct.pack("!I", CANCEL) + key))
        plain.recv(1)


def literal(value):
    """A value as SQL on a session whose literals take backslashes as escapes."""
    if value is None:
        return "NULL"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
