"""Redshift's control plane over moto: states, checks, what moto does not have, and clusters that answer.

Rules and words: the Redshift API reference; what is not there, in public issues of tools that met it.
"""

import re
import socket
from datetime import datetime, timezone

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2 import ec2_backends
from moto.redshift import models, responses

from .clusters import Cluster
from .lifecycle import Lifecycle
from .proxy import PORTS

NODE_TYPES = {
    "ra3.large": (1, 16), "ra3.xlplus": (1, 32), "ra3.4xlarge": (2, 64), "ra3.16xlarge": (2, 128),
    "rg.large": (1, 16), "rg.12xlarge": (2, 64)}
# The looks that each passing state takes.
LOOKS = 2
IDENTIFIER = re.compile(r"[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]")
BUSY = "There is an operation running on the Cluster. Please try to delete it at a later time."
FAMILIES = ("redshift-1.0", "redshift-2.0")


class Fault(ServiceException):
    """An error of Redshift's API."""

    def __init__(self, code, message):
        super().__init__(code, message)


class ParameterGroup(models.ParameterGroup):
    """A parameter group that keeps what is set."""

    def __init__(self, *words, **named):
        super().__init__(*words, **named)
        self.values = {}


class ControlPlane:
    """Puts itself over moto's Redshift. `faults` may ask for flicker and for roles that come late."""

    def __init__(self, server, account, proxy, faults):
        self.server, self.account, self.proxy, self.faults = server, account, proxy, faults
        models.ParameterGroup = ParameterGroup
        models.Cluster.endpoint = property(self.endpoint)
        models.Cluster.status = property(self.status, lambda cluster, value: None)
        models.Cluster.cluster_availability_status = property(self.availability)
        models.Cluster.vpc_id = property(self.vpc_of)
        models.Cluster.iam_roles = property(self.roles_of)
        models.Cluster.pending_modified_values = property(lambda cluster: {})
        models.RedshiftBackend.modify_parameter_group = modify_parameter_group
        responses.RedshiftResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER = {}
        answers = responses.RedshiftResponse
        for name in (
                "create_cluster", "describe_clusters", "delete_cluster", "pause_cluster",
                "resume_cluster", "modify_cluster", "restore_from_cluster_snapshot"):
            self.replace(name, getattr(answers, name))
        for name in (
                "modify_cluster_iam_roles", "resize_cluster", "reboot_cluster",
                "describe_orderable_cluster_options", "get_cluster_credentials",
                "get_cluster_credentials_with_iam", "modify_cluster_parameter_group",
                "describe_cluster_parameters", "describe_cluster_parameter_groups",
                "modify_cluster_subnet_group", "delete_cluster_subnet_group",
                "delete_cluster_parameter_group", "describe_tags", "create_cluster_snapshot",
                "describe_cluster_snapshots"):
            self.replace(name, getattr(answers, name, None))
        self.guard_security_groups()

    def replace(self, name, original):
        """Lets one of our methods answer an action; it gets moto's way of doing it too."""
        own = getattr(self, name)
        setattr(responses.RedshiftResponse, name, lambda response: own(response, original))

    # What a cluster says about itself

    def endpoint(self, cluster):
        door = getattr(cluster, "door", None)
        if not door or not door.listener or self.life(cluster).state in ("creating", "paused"):
            return None
        return {"Address": "localhost", "Port": door.port}

    def status(self, cluster):
        return self.life(cluster).state

    def availability(self, cluster):
        return {"available": "Available", "paused": "Paused", "creating": "Modifying"}.get(
            self.life(cluster).state, "Maintenance" if self.life(cluster).state == "maintenance" else "Modifying")

    def vpc_of(self, cluster):
        group = cluster.redshift_backend.subnet_groups.get(cluster.cluster_subnet_group_name)
        return group.vpc_id if group else None

    def roles_of(self, cluster):
        is_changing = self.life(cluster).is_changing
        return [{"ApplyStatus": "adding" if is_changing else "in-sync", "IamRoleArn": arn}
                for arn in cluster.iam_roles_arn]

    def life(self, cluster):
        if not hasattr(cluster, "life"):
            cluster.life = Lifecycle("available")
        return cluster.life

    # Finding

    def found(self, response, backend=None):
        """The cluster that a call names, in lower case as AWS keeps it."""
        name = (response._get_param("ClusterIdentifier") or "").lower()
        cluster = (backend or response.redshift_backend).clusters.get(name)
        if cluster is None:
            raise Fault("ClusterNotFound", f"Cluster {name} not found.")
        return cluster

    def require(self, cluster, *states, message=None):
        life = self.life(cluster)
        if life.state not in states or life.is_changing:
            raise Fault("InvalidClusterState", message or BUSY)

    # Actions

    def create_cluster(self, response, original):
        param = response._get_param
        name = (param("ClusterIdentifier") or "").lower()
        response.params["ClusterIdentifier"] = name
        self.check_creation(response, name)
        backend = response.redshift_backend
        if name in backend.clusters:
            raise Fault("ClusterAlreadyExists", f"Cluster already exists: {name}")
        original(response)
        cluster = backend.clusters[name]
        self.open_door(cluster, response.region)
        return ActionResult({"Cluster": cluster})

    def check_creation(self, response, name):
        param = response._get_param
        if not IDENTIFIER.fullmatch(name):
            raise Fault("InvalidParameterValue", f"The cluster identifier {name} is not valid.")
        kind, nodes = param("NodeType") or "", int(param("NumberOfNodes") or 1)
        self.check_shape(kind, nodes, param("ClusterType") or ("multi-node" if nodes > 1 else "single-node"))
        # Encrypted is the default since January 2025, and nothing else is taken.
        response.params.setdefault("Encrypted", True)
        if str(param("Encrypted")).lower() != "true":
            raise Fault("InvalidParameterValue", "Creating an unencrypted cluster is not supported.")
        check_password(param("MasterUserPassword") or "", param("MasterUsername") or "")
        self.check_roles(param("IamRoles", []))
        backend = response.redshift_backend
        group = param("ClusterSubnetGroupName")
        if group and group not in backend.subnet_groups:
            raise Fault("ClusterSubnetGroupNotFoundFault", f"Subnet group {group} not found.")
        parameters = param("ClusterParameterGroupName")
        if parameters and parameters not in backend.parameter_groups:
            raise Fault("ClusterParameterGroupNotFound", f"ClusterParameterGroup not found: {parameters}")
        for group in param("VpcSecurityGroupIds", []):
            if not ec2_backends[self.account.number][response.region].get_security_group_from_id(group):
                raise Fault("InvalidParameterValue", f"Invalid security group, groupId= {group}")

    @staticmethod
    def check_shape(kind, nodes, form):
        if kind not in NODE_TYPES:
            raise Fault("InvalidParameterValue", f"Invalid node type: {kind}")
        least, most = NODE_TYPES[kind]
        if form == "multi-node" and not max(2, least) <= nodes <= most:
            raise Fault("InvalidParameterCombination",
                        f"Number of nodes for cluster type multi-node must be between 2 and {most}")
        if form == "single-node" and (nodes != 1 or least > 1):
            raise Fault("InvalidParameterCombination", f"{kind} cannot be used for a single-node cluster")

    def check_roles(self, arns):
        """Roles must be there and let Redshift in; a new one may take a while to be known."""
        known = {role.arn: role for role in self.account.iam.roles.values()}
        for arn in arns:
            late = self.faults.take("call", f"role {arn}", {"late-role"})
            if late or arn not in known or not self.account.trusts_service(known[arn], "redshift.amazonaws.com"):
                raise Fault("InvalidParameterValue", f"The IAM role {arn} is not valid or does not exist.")

    def open_door(self, cluster, region):
        """Begins a cluster's life: after some looks it answers."""
        door = Cluster(
            self.server, self.account, cluster.cluster_identifier, region=region,
            user=cluster.master_username, password=cluster.master_user_password,
            database=cluster.db_name, nodes=cluster.number_of_nodes)
        door.roles = cluster.iam_roles_arn
        door.is_ssl_required = lambda: self.requires_ssl(cluster)
        door.answers = False
        door.listener = self.proxy.listen(door, PORTS)
        cluster.door = door
        flicker = self.faults.take("call", f"flicker {cluster.cluster_identifier}", {"flicker"})
        states = ["creating"] * LOOKS + (["available", "modifying"] if flicker else []) + ["available"]
        self.life(cluster).go(*states, then=lambda: self.begin(door))

    @staticmethod
    def begin(door):
        door.answers = True

    def requires_ssl(self, cluster):
        """Whether a group of the cluster says require_ssl; those of redshift-2.0 do by default."""
        groups = cluster.redshift_backend.parameter_groups
        values = [require_ssl(groups[name]) for name in cluster.cluster_parameter_group_name if name in groups]
        return "true" in values

    def describe_clusters(self, response, original):
        backend = response.redshift_backend
        name = response._get_param("ClusterIdentifier")
        clusters = [self.found(response)] if name else list(backend.clusters.values())
        wanted = set(response._get_param("TagKeys", []))
        for cluster in clusters:
            self.life(cluster).look()
        if name and clusters[0].cluster_identifier not in backend.clusters:
            raise Fault("ClusterNotFound", f"Cluster {name} not found.")
        here = [one for one in clusters if one.cluster_identifier in backend.clusters and (
            not wanted or wanted & {tag["Key"] for tag in one.tags})]
        return ActionResult({"Clusters": here})

    def delete_cluster(self, response, original):
        backend, cluster = response.redshift_backend, self.found(response)
        skips = str(response._get_param("SkipFinalClusterSnapshot")).lower() == "true"
        snapshot = response._get_param("FinalClusterSnapshotIdentifier")
        if not skips and not snapshot:
            raise Fault("InvalidParameterCombination",
                        "FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified.")
        if skips and snapshot:
            raise Fault("InvalidParameterCombination",
                        "FinalClusterSnapshotIdentifier cannot be specified with SkipFinalClusterSnapshot.")
        if snapshot and snapshot in backend.snapshots:
            raise Fault("ClusterSnapshotAlreadyExists", f"Snapshot {snapshot} already exists.")
        self.require(cluster, "available", "paused", "incompatible-network", "storage-full")
        if snapshot:
            backend.create_cluster_snapshot(
                cluster.cluster_identifier, snapshot, cluster.region, cluster.tags)
        self.close(cluster)
        states = (["final-snapshot"] if snapshot else []) + ["deleting"] * LOOKS + ["deleted"]
        self.life(cluster).go(*states, then=lambda: self.forget(backend, cluster))
        return ActionResult({"Cluster": cluster})

    def close(self, cluster):
        """Nobody is let in any more, and who is in is cut off."""
        door = cluster.door
        door.answers = False
        self.proxy.end_sessions(door)

    def forget(self, backend, cluster):
        backend.delete_automated_snapshots(cluster.cluster_identifier)
        backend.clusters.pop(cluster.cluster_identifier, None)
        door = cluster.door
        door.listener.shutdown(socket.SHUT_RDWR)
        door.listener.close()
        self.server.drop(door.identifier)

    def pause_cluster(self, response, original):
        cluster = self.found(response)
        self.require(cluster, "available", message="Cannot pause a cluster that is not available.")
        if cluster.automated_snapshot_retention_period == 0:
            raise Fault("InvalidClusterState", "Automated snapshots must be on to pause a cluster.")
        self.close(cluster)
        self.life(cluster).go(*["pausing"] * LOOKS, "paused")
        return ActionResult({"Cluster": cluster})

    def resume_cluster(self, response, original):
        cluster = self.found(response)
        self.require(cluster, "paused", message="Cannot resume a cluster that is not paused.")
        door = cluster.door
        self.server.forget_unsaved(door.identifier)
        self.life(cluster).go(*["resuming"] * LOOKS, "available", then=lambda: self.begin(door))
        return ActionResult({"Cluster": cluster})

    def reboot_cluster(self, response, original):
        cluster = self.found(response)
        self.require(cluster, "available")
        self.proxy.end_sessions(cluster.door)
        self.life(cluster).go("rebooting", "available")
        return ActionResult({"Cluster": cluster})

    def modify_cluster(self, response, original):
        cluster = self.found(response)
        self.require(cluster, "available")
        response.params["ClusterIdentifier"] = cluster.cluster_identifier
        original(response)
        days = response._get_param("AutomatedSnapshotRetentionPeriod")
        if days is not None:
            cluster.automated_snapshot_retention_period = int(days)
        group = response._get_param("ClusterParameterGroupName")
        if group:
            cluster.cluster_parameter_group_name = [group]
        password = response._get_param("MasterUserPassword")
        if password:
            check_password(password, cluster.master_username)
            cluster.door.password = password
        self.life(cluster).go("modifying", "available")
        return ActionResult({"Cluster": cluster})

    def modify_cluster_iam_roles(self, response, original):
        cluster = self.found(response)
        self.require(cluster, "available", message="The cluster is not in the available state.")
        added = response._get_param("AddIamRoles", []) or []
        removed = response._get_param("RemoveIamRoles", []) or []
        self.check_roles(added)
        kept = [arn for arn in cluster.iam_roles_arn if arn not in removed]
        cluster.iam_roles_arn = kept + [arn for arn in added if arn not in kept]
        door = cluster.door
        door.roles = cluster.iam_roles_arn
        door.default_role = response._get_param("DefaultIamRoleArn") or door.default_role
        self.life(cluster).go("modifying", "available")
        return ActionResult({"Cluster": cluster})

    def resize_cluster(self, response, original):
        cluster = self.found(response)
        self.require(cluster, "available")
        kind = response._get_param("NodeType") or cluster.node_type
        nodes = int(response._get_param("NumberOfNodes") or cluster.number_of_nodes)
        form = response._get_param("ClusterType") or ("single-node" if nodes == 1 else "multi-node")
        self.check_shape(kind, nodes, form)
        is_classic = str(response._get_param("Classic")).lower() == "true"
        now = int(cluster.number_of_nodes)
        if not is_classic and 1 in (nodes, now) and nodes != now:
            # Several types have no elastic resize to one node or from it.
            raise Fault("UnsupportedOperation", "Elastic resize is not supported for this configuration.")

        def resized():
            cluster.node_type, cluster.number_of_nodes = kind, nodes

        self.life(cluster).go(*["resizing"] * LOOKS, "available", then=resized)
        return ActionResult({"Cluster": cluster})

    def restore_from_cluster_snapshot(self, response, original):
        raise Fault("UnsupportedOperation", "the stand-in restores nothing")

    def describe_orderable_cluster_options(self, response, original):
        wanted = response._get_param("NodeType")
        options = []
        for kind, (least, _) in NODE_TYPES.items():
            if wanted in (None, kind):
                forms = ["multi-node"] + (["single-node"] if least == 1 else [])
                options += [{"ClusterVersion": "1.0", "ClusterType": form, "NodeType": kind,
                             "AvailabilityZones": [{"Name": response.region + "a"}]} for form in forms]
        return ActionResult({"OrderableClusterOptions": options})

    def get_cluster_credentials(self, response, original):
        cluster = self.found(response)
        user = response._get_param("DbUser")
        creates = str(response._get_param("AutoCreate")).lower() == "true"
        return self.credentials(response, cluster, user, "IAMA" if creates else "IAM", creates)

    def get_cluster_credentials_with_iam(self, response, original):
        return self.credentials(response, self.found(response), "tests", "IAM", True)

    def credentials(self, response, cluster, user, prefix, creates):
        seconds = int(response._get_param("DurationSeconds") or 900)
        if not 900 <= seconds <= 3600:
            raise Fault("InvalidParameterValue", "Token duration must be between 900 and 3600 seconds")
        name, password, expiry = cluster.door.credentials(user, seconds, prefix, creates)
        end = datetime.fromtimestamp(expiry, timezone.utc)
        return ActionResult({"DbUser": name, "DbPassword": password, "Expiration": end})

    # Groups, snapshots, tags

    def modify_cluster_parameter_group(self, response, original):
        backend, name = response.redshift_backend, response._get_param("ParameterGroupName")
        values = response._get_param("Parameters", [])
        backend.modify_parameter_group(name, values)
        return ActionResult({"ParameterGroupName": name, "ParameterGroupStatus": "Your parameter group has been updated."})

    def describe_cluster_parameters(self, response, original):
        backend, name = response.redshift_backend, response._get_param("ParameterGroupName")
        group = backend.describe_cluster_parameter_groups(name)[0]
        source = response._get_param("Source")
        found = []
        for parameter in backend.describe_default_cluster_parameters():
            key = parameter["ParameterName"]
            is_user = key in getattr(group, "values", {})
            value = group.values[key] if is_user else parameter["ParameterValue"]
            if key == "require_ssl" and not is_user:
                value = require_ssl(group)
            origin = "user" if is_user else "engine-default"
            if source in (None, origin):
                found.append(parameter | {"ParameterValue": value, "Source": origin})
        return ActionResult({"Parameters": found})

    def describe_cluster_parameter_groups(self, response, original):
        backend = response.redshift_backend
        for family in FAMILIES:
            name = "default." + family
            if name not in backend.parameter_groups:
                backend.parameter_groups[name] = ParameterGroup(
                    name, family, "Default parameter group", backend.account_id, response.region)
        return original(response)

    def delete_cluster_parameter_group(self, response, original):
        name = response._get_param("ParameterGroupName")
        users = [one for one in response.redshift_backend.clusters.values()
                 if name in one.cluster_parameter_group_name]
        if users or name.startswith("default."):
            raise Fault("InvalidClusterParameterGroupState", f"The parameter group {name} is in use.")
        return original(response)

    def modify_cluster_subnet_group(self, response, original):
        backend, name = response.redshift_backend, response._get_param("ClusterSubnetGroupName")
        group = backend.describe_cluster_subnet_groups(name)[0]
        group.subnet_ids = response._get_param("SubnetIds", [])
        return ActionResult({"ClusterSubnetGroup": group})

    def delete_cluster_subnet_group(self, response, original):
        name = response._get_param("ClusterSubnetGroupName")
        for cluster in response.redshift_backend.clusters.values():
            if cluster.cluster_subnet_group_name == name:
                raise Fault("InvalidClusterSubnetGroupStateFault", f"The subnet group {name} is in use.")
        return original(response)

    def create_cluster_snapshot(self, response, original):
        cluster = self.found(response)
        if self.life(cluster).is_changing:
            raise Fault("InvalidClusterState", BUSY)
        response.params["ClusterIdentifier"] = cluster.cluster_identifier
        return original(response)

    def describe_cluster_snapshots(self, response, original):
        """moto answers all snapshots when a cluster has none."""
        backend = response.redshift_backend
        name, snapshot = response._get_param("ClusterIdentifier"), response._get_param("SnapshotIdentifier")
        if snapshot and snapshot not in backend.snapshots:
            raise Fault("ClusterSnapshotNotFound", f"Snapshot {snapshot} not found.")
        kind = response._get_param("SnapshotType")
        found = [one for one in backend.snapshots.values()
                 if (not name or one.cluster_identifier == name.lower())
                 and (not snapshot or one.snapshot_identifier == snapshot)
                 and kind in (None, one.snapshot_type)]
        return ActionResult({"Snapshots": found})

    def describe_tags(self, response, original):
        """By key and value, which moto does not look at."""
        keys, values = response._get_param("TagKeys", []), response._get_param("TagValues", [])
        if not keys and not values:
            return original(response)
        found = []
        for kind, resources in response.redshift_backend.RESOURCE_TYPE_MAP.items():
            for resource in resources.values():
                for tag in getattr(resource, "tags", None) or []:
                    if (not keys or tag["Key"] in keys) and (not values or tag["Value"] in values):
                        found.append({"ResourceName": resource.arn, "ResourceType": kind, "Tag": tag})
        return ActionResult({"TaggedResources": found})

    # EC2

    def guard_security_groups(self):
        """A security group of a cluster cannot be deleted."""
        from moto.ec2.exceptions import DependencyViolationError
        from moto.ec2.models import EC2Backend

        original, account = EC2Backend.delete_security_group, self.account

        def delete_security_group(backend, name=None, group_id=None):
            clusters = models.redshift_backends[account.number][backend.region_name].clusters
            if any(group_id in cluster.vpc_security_group_ids for cluster in clusters.values()):
                raise DependencyViolationError(f"resource {group_id} has a dependent object")
            return original(backend, name, group_id)

        EC2Backend.delete_security_group = delete_security_group


def require_ssl(group):
    return getattr(group, "values", {}).get(
        "require_ssl", "true" if group.family == "redshift-2.0" else "false")


def modify_parameter_group(backend, name, values):
    group = backend.describe_cluster_parameter_groups(name)[0]
    if name.startswith("default."):
        raise Fault("InvalidClusterParameterGroupState", "Default parameter groups cannot be modified.")
    for parameter in values:
        key = parameter["ParameterName"]
        if key not in backend.default_params:
            raise Fault("InvalidParameterValue", f"Could not find parameter with name: {key}")
        group.values[key] = parameter["ParameterValue"]


def check_password(password, user):
    """The rules of the API reference (CreateCluster, MasterUserPassword and MasterUsername)."""
    is_good = 8 <= len(password) <= 64 and all(
        re.search(kind, password) for kind in ("[A-Z]", "[a-z]", "[0-9]"))
    if not is_good or re.search(r"['\"\\/@ ]", password) or not password.isascii():
        raise Fault("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password.")
    if not re.fullmatch(r"[a-z_][a-z0-9_+.@-]{0,127}", user):
        raise Fault("InvalidParameterValue", "The parameter MasterUsername is not valid.")
