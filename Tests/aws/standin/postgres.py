"""A throwaway PostgreSQL server on a Unix socket, and the databases that stand for Redshift's."""

import ctypes
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .wire import Backend, literal

OWNER = "rdsdb"  # Redshift's own name for its owner.
TEMPLATE = "padb_template"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "allow_system_table_mods": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "error",
}


def account():
    """The account that the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no other account for it")


def binaries():
    """The folder of the newest server."""
    folders = sorted(
        glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    if not folders:
        raise SystemExit("there is no PostgreSQL server below /usr/lib/postgresql")
    return folders[-1]


def die_with_parent():
    """The child ends when the thread that started it does, however that ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class Server:
    """The server and its databases. `socket` may name one that runs already."""

    def __init__(self, socket=None):
        self.process, self.folder, self.lock = None, None, threading.Lock()
        if not socket:
            socket = self.start()
        self.path, self.databases = socket, set()
        self.prepare_template()

    def start(self):
        """Makes a cluster in a new folder and starts it; the path of its socket."""
        user = account()
        self.folder = tempfile.mkdtemp(prefix="redshift-")
        options = {"cwd": self.folder, "stdin": subprocess.DEVNULL}
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = self.folder + "/data"
        subprocess.run(
            [binaries() + "/initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8",
             "--no-locale", "--no-sync", "--no-instructions"],
            check=True, stdout=subprocess.DEVNULL, **options)
        words = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        self.process = subprocess.Popen(
            [binaries() + "/postgres", "-D", data, "-k", self.folder, *words],
            stdout=subprocess.DEVNULL, stderr=open(self.folder + "/log", "wb"),
            preexec_fn=die_with_parent, **options)
        return self.folder + "/.s.PGSQL.5432"

    def connect(self, database, user=OWNER, **settings):
        return Backend(self.path, user, database, **settings)

    def prepare_template(self):
        """Puts what Redshift has beside PostgreSQL into a database that others are copies of."""
        deadline = time.monotonic() + 60
        while True:
            try:
                control = self.connect("postgres")
                break
            except Exception:
                if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                    raise SystemExit("the PostgreSQL server of the stand-in did not start")
                time.sleep(0.05)
        names = {name for (name,) in control.run("SELECT datname FROM pg_database")}
        if TEMPLATE not in names:
            control.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
            session = self.connect(TEMPLATE)
            session.run(Path(__file__).with_name("catalog.sql").read_text())
            session.close()
        control.close()

    def database(self, cluster, name, nodes=2):
        """The database of this name in a cluster, made at its first use."""
        inside = f"{cluster}/{name}"
        with self.lock:
            if inside not in self.databases:
                control = self.connect("postgres")
                control.run(f'CREATE DATABASE "{inside}" TEMPLATE {TEMPLATE}')
                control.close()
                session = self.connect(inside)
                session.run(
                    f"SELECT pg_internal.begin_database({literal(name)}); "
                    f"UPDATE pg_internal.facts SET value = '{nodes}' WHERE name = 'nodes'")
                session.close()
                self.databases.add(inside)
        return inside

    def drop(self, cluster):
        """Removes a cluster's databases and ends their sessions."""
        with self.lock:
            gone = {name for name in self.databases if name.startswith(cluster + "/")}
            self.databases -= gone
            control = self.connect("postgres")
            for name in gone:
                control.run(f'DROP DATABASE "{name}" WITH (FORCE)')
            control.close()

    def forget_unsaved(self, cluster):
        """Empties tables of BACKUP NO: a resumed cluster comes without their rows."""
        for inside in [name for name in self.databases if name.startswith(cluster + "/")]:
            session = self.connect(inside)
            session.run("SELECT pg_internal.forget_unsaved()")
            session.close()

    def role(self, name, is_superuser):
        """Makes a role; one that is there stays as it is."""
        with self.lock:
            control = self.connect("postgres")
            known = control.run(f"SELECT 1 FROM pg_roles WHERE rolname = {literal(name)}")
            if not known:
                kind = "SUPERUSER" if is_superuser else "NOSUPERUSER"
                quoted = name.replace('"', '""')
                control.run(f'CREATE ROLE "{quoted}" LOGIN {kind}')
            control.close()

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
