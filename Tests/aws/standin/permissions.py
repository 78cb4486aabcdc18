"""What a policy would refuse of the calls that were made."""

import json
from urllib.parse import parse_qs, unquote, urlsplit

from .account import applies, listed

# Operations of S3 that IAM calls otherwise (service authorization reference, "Amazon S3").
S3_ACTIONS = {
    "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket", "HeadObject": "GetObject",
    "DeleteObjects": "DeleteObject", "CreateMultipartUpload": "PutObject", "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject", "ListMultipartUploads": "ListBucketMultipartUploads"}
# What everybody may ask.
FREE = {"sts:GetCallerIdentity"}


def refused(document, calls):
    """The calls that no statement of the policy allows, each once. Of S3 the objects and prefixes count; of
    other services, whose resources stand in many places of a call, the action alone."""
    statements = listed(json.loads(document)["Statement"])
    found = set()
    for call in calls:
        action, resource, context = asked(call)
        if call["refused"] or action in FREE:
            continue
        effects = {one["Effect"] for one in statements if allows(one, action, resource, context)}
        if effects != {"Allow"}:
            found.add(f"{action} {resource or ''}".strip())
    return sorted(found)


def allows(statement, action, resource, context):
    if resource is None:
        return applies(statement | {"Resource": "*", "Condition": {}}, action, "", {})
    return applies(statement, action, resource, context)


def asked(call):
    """The action, the resource and the context of a call, as IAM sees them."""
    if call["service"] != "s3":
        return f"{call['service']}:{call['action']}", None, {}
    url = urlsplit(call["target"])
    bucket, _, key = unquote(url.path).lstrip("/").partition("/")
    context = {f"s3:{name}": values[0] for name, values in parse_qs(url.query).items() if name == "prefix"}
    name = S3_ACTIONS.get(call["action"], call["action"])
    if call["action"] == "DeleteObjects":
        # The keys are in the body: all of the work area's.
        key = "work/"
    return f"s3:{name}", f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else ""), context
