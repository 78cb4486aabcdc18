"""Amazon's cloud on the loopback: moto for AWS, and Redshift's SQL on PostgreSQL.

    .build/python/bin/python Tests/aws/cloud.py

Writes one line of JSON when it is ready: where AWS answers, the keys to sign with, and the file of the
authority that the clusters' certificates come from. Ends when its standard input does: with the tests,
however they end.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

from standin import certificate, permissions, signatures  # noqa: E402
from standin.account import Account  # noqa: E402
from standin.authorization import Authorization  # noqa: E402
from standin.clusters import Cluster  # noqa: E402
from standin.control_plane import ControlPlane  # noqa: E402
from standin.faults import Faults  # noqa: E402
from standin.gateway import Gateway  # noqa: E402
from standin.jobs import Jobs  # noqa: E402
from standin.postgres import Server  # noqa: E402
from standin.proxy import Proxy  # noqa: E402
from standin.serverless import Serverless  # noqa: E402

REGION = "us-west-2"


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log(self, *_):
        pass


class Cloud:
    """All of it."""

    def __init__(self, socket=None):
        self.folder = tempfile.mkdtemp(prefix="cloud-")
        self.authority, pair = certificate.make(self.folder)
        self.faults, self.clusters = Faults(), {}
        self.account = Account(self.faults)
        self.server = Server(socket)
        self.proxy = Proxy(self.server, pair, self.faults)
        self.jobs = Jobs(self.account, self.faults)
        controls = {"faults": self.faults_asked, "calls": self.calls, "cluster": self.ready_cluster,
                    "expire": self.expire, "role": self.make_role, "remains": self.remains,
                    "jobs": self.jobs.use, "statements": self.statements, "public": self.make_public,
                    "policy": self.policy}
        ControlPlane(self.server, self.account, self.proxy, self.faults)
        self.serverless = Serverless(self.server, self.account, self.proxy)
        self.gateway = Gateway(
            DomainDispatcherApplication(create_backend_app), self.faults, controls,
            {"redshift-serverless": self.serverless}, Authorization(self.account, self.serverless))
        self.web = make_server("127.0.0.1", 0, self.gateway, threaded=True, request_handler=Quiet)

    def description(self):
        return {
            "endpoint": f"http://127.0.0.1:{self.web.port}", "key": signatures.KEY,
            "secret": signatures.SECRET, "region": REGION, "authority": self.authority}

    # Controls

    def faults_asked(self, descriptions):
        """Adds faults; without a body, removes those that wait."""
        if descriptions is None:
            self.faults.clear()
        else:
            self.faults.add(descriptions)
        return [vars(fault) for fault in self.faults.waiting]

    def calls(self, _):
        """Every call so far."""
        return self.gateway.calls

    def statements(self, _):
        """Every kind of statement so far, in the order in which each came first."""
        return list(self.proxy.kinds)

    def policy(self, wanted):
        """What a policy, as JSON, would have refused of the calls after so many."""
        return permissions.refused(wanted["document"], self.gateway.calls[wanted["after"]:])

    def make_public(self, buckets):
        """Lets everybody read these buckets."""
        self.gateway.public.update(buckets)
        return sorted(self.gateway.public)

    def ready_cluster(self, wanted):
        """A cluster that is there at once, past the control plane: for tests of SQL alone."""
        cluster = Cluster(
            self.server, self.account, wanted["identifier"], region=wanted.get("region", REGION),
            user=wanted.get("user", "awsuser"), password=wanted.get("password", "Secret/1+x"),
            database=wanted.get("database", "dev"), roles=wanted.get("roles", []),
            is_serverless=wanted.get("serverless", False), hidden=wanted.get("hidden", []))
        cluster.listener = self.proxy.listen(cluster)
        cluster.inside(cluster.database)
        self.clusters[cluster.identifier] = cluster
        return {"identifier": cluster.identifier, "host": "localhost", "port": cluster.port,
                "database": cluster.database, "user": cluster.user, "password": cluster.password}

    def make_role(self, wanted):
        """A role with one inline policy, past the control plane."""
        role = self.account.iam.create_role(
            wanted["name"], wanted["trust"], "/", None, "", [], "3600")
        self.account.iam.put_role_policy(wanted["name"], "inline", wanted["policy"])
        return {"arn": role.arn}

    def remains(self, _):
        """What costs or lets somebody in, by kind: everything but buckets and snapshots. In buckets, what
        a run writes and removes: parts of uploads, lists for COPY, restaging that was not finished."""
        from moto.ec2 import ec2_backends
        from moto.redshift.models import redshift_backends

        redshift = redshift_backends[self.account.number][REGION]
        groups = ec2_backends[self.account.number][REGION].describe_security_groups()
        own = {
            "cluster": list(redshift.clusters), "subnet group": list(redshift.subnet_groups),
            "parameter group": [n for n in redshift.parameter_groups if not n.startswith("default.")],
            "security group": [one.name for one in groups if one.name != "default"],
            "role": [one.name for one in self.account.iam.roles.values()],
            "namespace": list(self.serverless.namespaces), "workgroup": list(self.serverless.workgroups)}
        return [f"{kind} {name}" for kind, names in own.items() for name in names] + self.litter()

    def litter(self):
        """What a run left in buckets that it should have removed."""
        found = []
        for bucket in self.account.s3.buckets.values():
            found += [f"upload {bucket.name}/{one.key_name}" for one in bucket.multiparts.values()]
            keys = list(bucket.keys.keys())
            found += [f"object {bucket.name}/{key}" for key in keys if key.startswith("work/")]
            runs = {key.split("/run-")[0] + "/run-" + key.split("/run-")[1].split("/")[0]
                    for key in keys if key.startswith("restaged/run-")}
            found += [f"restaging {bucket.name}/{run}" for run in sorted(runs)
                      if not all(f"{run}/{kind}/_manifest.json" in keys for kind in ("events", "songs"))]
        return found

    def expire(self, _):
        """Ends every temporary password."""
        for cluster in self.proxy.clusters:
            cluster.expire_credentials()

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", help="the path of a PostgreSQL server's socket, instead of an own server")
    arguments = parser.parse_args()
    cloud = Cloud(arguments.socket)
    print(json.dumps(cloud.description()), flush=True)

    def end(*_):
        cloud.stop()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threading.Thread(target=lambda: (sys.stdin.read(), end()), daemon=True).start()
    cloud.web.serve_forever()


main()
