"""Redshift Serverless, which moto does not have: namespaces, workgroups, logins
(Redshift Serverless API reference)."""

from datetime import datetime, timezone

from .clusters import Cluster
from .lifecycle import Lifecycle
from .proxy import PORTS

LOOKS = 2


class Problem(Exception):
    """An error of the API: its code and what it says."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code, self.text = code, text


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def missing(kind, name):
    return Problem("ResourceNotFoundException", f"{kind} not found with name {name}")


class Namespace:
    """Databases and users, without anything that computes."""

    def __init__(self, wanted, region, number):
        self.name, self.life = wanted["namespaceName"], Lifecycle("AVAILABLE")
        self.wanted, self.created = dict(wanted), now()
        self.arn = f"arn:aws:redshift-serverless:{region}:{number}:namespace/{self.name}"

    def described(self):
        fields = {key: self.wanted[key] for key in ("dbName", "adminUsername", "iamRoles") if key in self.wanted}
        return {"namespaceName": self.name, "namespaceArn": self.arn, "namespaceId": self.name,
                "status": self.life.state, "creationDate": self.created} | fields


class Workgroup:
    """What computes for a namespace, and answers at a port."""

    def __init__(self, wanted, region, number, door):
        self.name, self.life, self.door = wanted["workgroupName"], Lifecycle("AVAILABLE"), door
        self.wanted, self.created = dict(wanted), now()
        self.arn = f"arn:aws:redshift-serverless:{region}:{number}:workgroup/{self.name}"

    def described(self):
        keys = ("namespaceName", "baseCapacity", "publiclyAccessible", "enhancedVpcRouting",
                "securityGroupIds", "subnetIds", "configParameters")
        found = {key: self.wanted[key] for key in keys if key in self.wanted}
        found |= {"workgroupName": self.name, "workgroupArn": self.arn, "workgroupId": self.name,
                  "status": self.life.state, "creationDate": self.created}
        if self.life.state != "CREATING":
            found["endpoint"] = {"address": "localhost", "port": self.door.port}
        return found


class Serverless:
    """The service, for one account and all regions."""

    def __init__(self, server, account, proxy):
        self.server, self.account, self.proxy = server, account, proxy
        self.namespaces, self.workgroups, self.tags, self.snapshots = {}, {}, {}, []

    def answer(self, operation, wanted, region):
        """Does one operation; raises a Problem."""
        method = getattr(self, "do_" + operation, None)
        if method is None:
            raise Problem("ValidationException", f"the stand-in does not know {operation}")
        return method(wanted, region)

    def namespace(self, name):
        found = self.namespaces.get(name)
        if found is None:
            raise missing("Namespace", name)
        return found

    def workgroup(self, name):
        found = self.workgroups.get(name)
        if found is None:
            raise missing("Workgroup", name)
        return found

    @staticmethod
    def require(thing):
        if thing.life.state != "AVAILABLE":
            raise Problem("ConflictException", f"There is an operation running on {thing.name}.")

    # Namespaces

    def do_CreateNamespace(self, wanted, region):
        if wanted["namespaceName"] in self.namespaces:
            raise Problem("ConflictException", f"Namespace {wanted['namespaceName']} already exists.")
        known = {role.arn: role for role in self.account.iam.roles.values()}
        for arn in wanted.get("iamRoles", []):
            if arn not in known or not self.account.trusts_service(known[arn], "redshift.amazonaws.com"):
                raise Problem("ValidationException", f"The IAM role {arn} is not valid.")
        made = Namespace(wanted, region, self.account.number)
        made.life.go("MODIFYING", "AVAILABLE")
        self.namespaces[made.name] = made
        self.tags[made.arn] = wanted.get("tags", [])
        return {"namespace": made.described()}

    def do_GetNamespace(self, wanted, region):
        found = self.namespace(wanted["namespaceName"])
        found.life.look()
        self.namespace(found.name)
        return {"namespace": found.described()}

    def do_ListNamespaces(self, wanted, region):
        return {"namespaces": [one.described() for one in self.namespaces.values()]}

    def do_UpdateNamespace(self, wanted, region):
        found = self.namespace(wanted["namespaceName"])
        self.require(found)
        if ("adminUserPassword" in wanted) != ("adminUsername" in wanted):
            raise Problem("ValidationException", "adminUsername and adminUserPassword go together.")
        found.wanted |= wanted
        for workgroup in self.workgroups.values():
            if workgroup.wanted["namespaceName"] == found.name:
                workgroup.door.roles = found.wanted.get("iamRoles", [])
                workgroup.door.password = found.wanted.get("adminUserPassword", workgroup.door.password)
        found.life.go("MODIFYING", "AVAILABLE")
        return {"namespace": found.described()}

    def do_DeleteNamespace(self, wanted, region):
        found = self.namespace(wanted["namespaceName"])
        self.require(found)
        if any(one.wanted["namespaceName"] == found.name for one in self.workgroups.values()):
            raise Problem("ConflictException", f"Namespace {found.name} has a workgroup.")
        if wanted.get("finalSnapshotName"):
            self.snapshots.append(
                {"snapshotName": wanted["finalSnapshotName"], "namespaceName": found.name,
                 "status": "AVAILABLE", "snapshotCreateTime": now()})

        def gone():
            self.namespaces.pop(found.name, None)
            self.tags.pop(found.arn, None)
            self.server.drop(found.name)

        found.life.go(*["DELETING"] * LOOKS, "GONE", then=gone)
        return {"namespace": found.described()}

    # Workgroups

    def do_CreateWorkgroup(self, wanted, region):
        if wanted["workgroupName"] in self.workgroups:
            raise Problem("ConflictException", f"Workgroup {wanted['workgroupName']} already exists.")
        namespace = self.namespace(wanted["namespaceName"])
        self.require(namespace)
        capacity = wanted.get("baseCapacity", 128)
        if not 4 <= capacity <= 1024:
            raise Problem("ValidationException", f"Base capacity {capacity} is not valid.")
        given = namespace.wanted
        door = Cluster(
            self.server, self.account, namespace.name, region=region,
            user=given.get("adminUsername", "admin"), password=given.get("adminUserPassword", ""),
            database=given.get("dbName", "dev"), roles=given.get("iamRoles", []),
            service="redshift.amazonaws.com", is_serverless=True)
        door.listener = self.proxy.listen(door, PORTS)
        door.answers = False
        made = Workgroup(wanted, region, self.account.number, door)

        def begin():
            door.answers = True

        made.life.go(*["CREATING"] * LOOKS, "AVAILABLE", then=begin)
        self.workgroups[made.name] = made
        self.tags[made.arn] = wanted.get("tags", [])
        return {"workgroup": made.described()}

    def do_GetWorkgroup(self, wanted, region):
        found = self.workgroup(wanted["workgroupName"])
        found.life.look()
        self.workgroup(found.name)
        return {"workgroup": found.described()}

    def do_ListWorkgroups(self, wanted, region):
        return {"workgroups": [one.described() for one in self.workgroups.values()]}

    def do_UpdateWorkgroup(self, wanted, region):
        found = self.workgroup(wanted["workgroupName"])
        self.require(found)
        found.wanted |= wanted
        found.life.go("MODIFYING", "AVAILABLE")
        return {"workgroup": found.described()}

    def do_DeleteWorkgroup(self, wanted, region):
        found = self.workgroup(wanted["workgroupName"])
        self.require(found)
        found.door.answers = False
        self.proxy.end_sessions(found.door)

        def gone():
            self.workgroups.pop(found.name, None)
            self.tags.pop(found.arn, None)
            found.door.listener.close()

        found.life.go(*["DELETING"] * LOOKS, "GONE", then=gone)
        return {"workgroup": found.described()}

    def do_GetCredentials(self, wanted, region):
        """The user is that of the caller's identity."""
        found = self.workgroup(wanted["workgroupName"])
        seconds = wanted.get("durationSeconds", 900)
        if not 900 <= seconds <= 3600:
            raise Problem("ValidationException", "durationSeconds must be between 900 and 3600.")
        name, password, expiry = found.door.credentials("tests", seconds, "IAM", is_identity=True)
        return {"dbUser": name, "dbPassword": password, "expiration": expiry, "nextRefreshTime": expiry}

    # Snapshots, tags, limits

    def do_CreateSnapshot(self, wanted, region):
        self.namespace(wanted["namespaceName"])
        if any(one["snapshotName"] == wanted["snapshotName"] for one in self.snapshots):
            raise Problem("ConflictException", f"Snapshot {wanted['snapshotName']} already exists.")
        made = {"snapshotName": wanted["snapshotName"], "namespaceName": wanted["namespaceName"],
                "status": "AVAILABLE", "snapshotCreateTime": now()}
        self.snapshots.append(made)
        return {"snapshot": made}

    def do_ListSnapshots(self, wanted, region):
        name = wanted.get("namespaceName")
        return {"snapshots": [one for one in self.snapshots if name in (None, one["namespaceName"])]}

    def do_ListTagsForResource(self, wanted, region):
        if wanted["resourceArn"] not in self.tags:
            raise missing("Resource", wanted["resourceArn"])
        return {"tags": self.tags[wanted["resourceArn"]]}

    def do_TagResource(self, wanted, region):
        new = {tag["key"] for tag in wanted["tags"]}
        old = [tag for tag in self.tags.get(wanted["resourceArn"], []) if tag["key"] not in new]
        self.tags[wanted["resourceArn"]] = old + wanted["tags"]
        return {}
