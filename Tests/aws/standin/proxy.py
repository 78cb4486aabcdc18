"""Listens where clusters answer, and keeps sessions, so that cancel requests find theirs."""

import re
import socket
import ssl
import struct
import threading
import time

from . import wire
from .refusal import Refusal
from .session import Session, serialization_failure


# The ports that a cluster may be made with (Redshift API reference, CreateCluster, Port).
PORTS = [*range(8191, 8216), *range(5431, 5456)]


class Proxy:
    """The door of all clusters. `certificate` is the pair of files of its TLS certificate."""

    def __init__(self, server, certificate, faults):
        self.server, self.faults = server, faults
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(*certificate)
        self.sessions, self.clusters, self.lock = {}, [], threading.Lock()
        # Kinds of statements as they came; the values mean nothing.
        self.kinds = {}

    def listen(self, cluster, ports=()):
        """Opens a port for a cluster, of these when one is free; the listening socket, which ends it
        when it is closed."""
        listener = first_free(ports)
        self.clusters.append(cluster)
        threading.Thread(target=self.accept, args=(listener, cluster), daemon=True).start()
        return listener

    def accept(self, listener, cluster):
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            if not cluster.answers:
                plain.close()
                continue
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Session(self, cluster, plain).run, daemon=True).start()

    def encrypt(self, plain):
        try:
            return self.context.wrap_socket(plain, server_side=True)
        except OSError as error:
            raise wire.Closed from error

    # Sessions

    def remember(self, session):
        with self.lock:
            self.sessions[session.backend.key] = session

    def forget(self, session):
        with self.lock:
            if session.backend:
                self.sessions.pop(session.backend.key, None)

    def cancel(self, key):
        with self.lock:
            session = self.sessions.get(struct.unpack("!II", key[:8]))
        if session and not self.faults.take("sql", session.statement, {"deaf", "stubborn", "dead"}):
            session.cancelled.set()
            wire.forward_cancel(self.server.path, key[:8])

    def end_sessions(self, cluster):
        """Cuts off all who are connected to a cluster: it is paused or deleted."""
        with self.lock:
            ended = [session for session in self.sessions.values() if session.cluster is cluster]
        for session in ended:
            session.client.close()

    # Faults

    def fault_of_statement(self, session, text):
        """Fails a statement when a fault asks for it."""
        kind, kinds = kind_of(text), {"1023", "error", "cut-before", "delay"}
        self.kinds.setdefault(kind)
        fault = self.faults.take("sql", text, kinds) or self.faults.take("kind", kind, kinds)
        if fault is None:
            return
        if fault.kind == "1023":
            fields = dict(serialization_failure())
            raise Refusal(fields["C"], fields["M"], fields["D"])
        if fault.kind == "error":
            raise Refusal("XX000", "the stand-in was asked to fail")
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        if fault.kind == "cut-before":
            session.client.close()
            raise wire.Closed

    def fault_of_copy(self, session, load):
        """Slows a COPY down, or cuts its client off while it goes on."""
        fault = self.faults.take("sql", load.text, {"cut", "slow"})
        if fault and fault.kind == "cut":
            session.client.close()
        if fault and fault.kind == "slow":
            self.wait(session, load, fault.seconds)

    def wait(self, session, load, seconds):
        """Lets a COPY take its time, until somebody cancels it or ends its session."""
        if self.faults.take("sql", load.text, {"dead"}):
            return time.sleep(seconds)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not session.cancelled.wait(0.02):
            if session.backend.is_ended():
                raise wire.Closed
            if load.is_cancelled_by_function() and not self.faults.take("sql", load.text, {"stubborn"}):
                session.cancelled.set()


def kind_of(text):
    """A statement without what differs from run to run: its first words, up to 60 characters."""
    return re.sub(r"\s+", " ", re.sub(r"[0-9]+|'[^']*'", "0", text)).strip()[:60]


def first_free(ports):
    """A listening socket at one of the ports, or at any when all are taken."""
    for port in [*ports, 0]:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    raise SystemExit("no port is free")
