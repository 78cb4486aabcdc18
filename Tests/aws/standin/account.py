"""What a cluster may do in its account: moto's buckets and roles, seen with Redshift's eyes."""

import fnmatch
import json
from dataclasses import dataclass
from urllib.parse import unquote

from .refusal import Refusal


@dataclass
class File:
    """An object that a COPY reads."""

    bucket: str
    key: str
    size: int

    @property
    def url(self):
        return f"s3://{self.bucket}/{self.key}"


def place_of(url):
    """The bucket and key of an s3 URL."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def listed(value):
    return value if isinstance(value, list) else [value]


def denied(what, code="AccessDenied", status=403):
    return Refusal(
        "XX000", f"S3ServiceException:{what},Status {status},Error {code},Rid 0000000000000000",
        detail=f"error: S3ServiceException:{what} code: 8001")


class Account:
    """One account of moto's, in this process. A fault may keep a role from being taken on at first."""

    def __init__(self, faults, number="123456789012"):
        self.faults, self.number = faults, number

    @property
    def s3(self):
        from moto.s3.models import s3_backends

        return s3_backends[self.number]["aws"]

    @property
    def iam(self):
        from moto.iam.models import iam_backends

        return iam_backends[self.number]["aws"]

    # Objects

    def bucket(self, name, options, cluster):
        """A bucket, which must be where the COPY says that it is."""
        bucket = self.s3.buckets.get(name)
        if bucket is None:
            raise denied("The specified bucket does not exist", "NoSuchBucket", 404)
        if bucket.region_name != (options.region or cluster.region):
            raise denied(
                "The bucket you are attempting to access must be addressed using the specified endpoint. "
                "Please send all future requests to this endpoint.", "PermanentRedirect", 301)
        return bucket

    def read(self, url, options, cluster):
        """An object's bytes, with the rights of the COPY's role."""
        return self.bytes_of(self.object(url, options, cluster))

    def object(self, url, options, cluster, mandatory=True):
        name, key = place_of(url)
        bucket = self.bucket(name, options, cluster)
        self.require(options.role, cluster, "s3:GetObject", f"arn:aws:s3:::{name}/{key}")
        found = bucket.keys.get(key)
        if found is None:
            if not mandatory:
                return None
            raise denied(f"The specified key does not exist: {url}", "NoSuchKey", 404)
        return File(name, key, found.size)

    def bytes_of(self, file):
        return self.s3.buckets[file.bucket].keys[file.key].value

    def files_of(self, options, cluster):
        """What a COPY reads: a manifest's files, or everything below the prefix."""
        if "MANIFEST" in options.flags:
            return self.manifest(options, cluster)
        name, prefix = place_of(options.source)
        bucket = self.bucket(name, options, cluster)
        self.require(
            options.role, cluster, "s3:ListBucket", f"arn:aws:s3:::{name}", {"s3:prefix": prefix})
        files = [File(name, key, found.size) for key, found in sorted(bucket.keys.items())
                 if key.startswith(prefix)]
        if not files:
            raise Refusal("XX000", f"The specified S3 prefix '{prefix}' does not exist",
                          detail="error: The specified S3 prefix does not exist code: 8001")
        for file in files:
            self.require(options.role, cluster, "s3:GetObject", f"arn:aws:s3:::{name}/{file.key}")
        return files

    def manifest(self, options, cluster):
        """The files of a manifest; one that is missing matters only when it is mandatory
        (dg/loading-data-files-using-manifest)."""
        try:
            document = json.loads(self.read(options.source, options, cluster))
            entries = [(entry["url"], entry.get("mandatory", False)) for entry in document["entries"]]
        except (ValueError, KeyError, TypeError):
            raise Refusal("XX000", f"Manifest file is not in correct json format: {options.source}") from None
        found = [self.object(url, options, cluster, mandatory) for url, mandatory in entries]
        return [file for file in found if file]

    # Rights

    def role(self, options_role, cluster):
        """The role that the cluster takes on: it must be attached, exist and trust Redshift."""
        arn = cluster.default_role if options_role == "default" else options_role
        if not arn:
            raise Refusal("XX000", "The default IAM role is not set for this cluster")
        if arn not in cluster.roles:
            raise Refusal(
                "XX000", f"The requested role {arn} is not associated to cluster",
                detail=f"error: The requested role {arn} is not associated to cluster code: 30000")
        late = self.faults.take("call", f"assume {arn}", {"late-role"})
        for role in self.iam.roles.values():
            if role.arn == arn and self.trusts_service(role, cluster.service) and not late:
                return role
        user = f"arn:aws:redshift:{cluster.region}:{self.number}:dbuser:{cluster.identifier}/{cluster.user}"
        raise Refusal(
            "XX000", f"User {user} is not authorized to assume IAM Role {arn}",
            detail="error: User is not authorized to assume IAM Role code: 8001")

    @staticmethod
    def trusts_service(role, service):
        """Whether a role lets this service take it on."""
        document = policy(role.assume_role_policy_document)
        for statement in listed(document.get("Statement", [])):
            services = listed(statement.get("Principal", {}).get("Service", []))
            if statement.get("Effect") == "Allow" and service in services:
                return True
        return False

    def require(self, role, cluster, action, resource, context=None):
        """Raises what S3 says when no policy of the role allows this."""
        documents = self.policies(self.role(role.split(",")[0] if role else role, cluster))
        statements = [s for document in documents for s in listed(document.get("Statement", []))]
        matching = [s for s in statements if applies(s, action, resource, context or {})]
        effects = {statement["Effect"] for statement in matching}
        if effects != {"Allow"}:
            raise denied("Access Denied")

    def policies(self, role):
        documents = [policy(text) for text in role.policies.values()]
        for attached in role.managed_policies.values():
            documents.append(policy(attached.document))
        return documents


def policy(text):
    return text if isinstance(text, dict) else json.loads(unquote(text))


def matches(patterns, value, fold=False):
    for pattern in listed(patterns):
        pattern = pattern.replace("[", "[[]")
        if fnmatch.fnmatchcase(value.lower() if fold else value, pattern.lower() if fold else pattern):
            return True
    return False


def applies(statement, action, resource, context):
    """Whether a statement of a policy speaks of this; its conditions on the prefix count."""
    if not matches(statement.get("Action", []), action, fold=True):
        return False
    if not matches(statement.get("Resource", []), resource):
        return False
    for operator, conditions in statement.get("Condition", {}).items():
        for key, patterns in conditions.items():
            if key not in context:
                continue
            if operator.startswith("StringLike") and not matches(patterns, context[key]):
                return False
            if operator.startswith("StringEquals") and context[key] not in listed(patterns):
                return False
    return True
