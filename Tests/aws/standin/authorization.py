"""What IAM looks at in a call: actions, resources and context, as they are when the call comes
(service authorization reference; IAM user guide, "Global condition context keys")."""

import json
from urllib.parse import parse_qs, unquote, urlsplit

from moto.ec2 import ec2_backends

# Operations of S3 that IAM calls otherwise (service authorization reference, "Amazon S3").
S3_ACTIONS = {
    "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket", "HeadObject": "GetObject",
    "DeleteObjects": "DeleteObject", "CreateMultipartUpload": "PutObject", "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject", "ListMultipartUploads": "ListBucketMultipartUploads"}
# What everybody may ask.
FREE = {"sts:GetCallerIdentity"}


def tagged(kind, tags):
    """Tags as keys of a context; `kind` is Request or Resource."""
    return {f"aws:{kind}Tag/{key}": value for key, value in tags.items()}


class Authorization:
    """Each question is an action, a resource and a context. The resource is None where this looks at
    the action alone."""

    def __init__(self, account, serverless):
        self.account, self.serverless = account, serverless

    def asks(self, call, body):
        action = f"{call['service']}:{call['action']}"
        if action in FREE:
            return []
        if call["service"] == "s3":
            return [self.of_objects(call)]
        if call["service"] == "redshift-serverless":
            return self.of_serverless(call, json.loads(body or b"{}"))
        form = {key: values[0] for key, values in parse_qs(body.decode(errors="replace")).items()}
        if call["service"] == "ec2":
            return self.of_network(call, form)
        roles = [value for key, value in form.items() if "IamRoles.IamRoleArn." in key]
        gone = [value for key, value in form.items() if key.startswith("RemoveIamRoles.")]
        given = [role for role in roles if role not in gone] if call["service"] == "redshift" else []
        return [(action, None, {})] + self.passing(given, "redshift.amazonaws.com")

    @staticmethod
    def passing(roles, service):
        return [("iam:PassRole", role, {"iam:PassedToService": service}) for role in roles]

    @staticmethod
    def of_objects(call):
        url = urlsplit(call["target"])
        bucket, _, key = unquote(url.path).lstrip("/").partition("/")
        context = {f"s3:{name}": values[0] for name, values in parse_qs(url.query).items() if name == "prefix"}
        name = S3_ACTIONS.get(call["action"], call["action"])
        if call["action"] == "DeleteObjects":
            # The keys are in the body: all of the work area's.
            key = "work/"
        return (f"s3:{name}", f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else ""), context)

    def of_network(self, call, form):
        action, arns = f"ec2:{call['action']}", f"arn:aws:ec2:{call['region']}:{self.account.number}"
        group = form.get("GroupId")
        if call["action"] == "CreateSecurityGroup":
            prefix = "TagSpecification.1.Tag"
            tags = {form[key]: form.get(key[:-3] + "Value", "") for key in form
                    if key.startswith(prefix) and key.endswith(".Key")}
            made, wanted = f"{arns}:security-group/sg-new", tagged("Request", tags)
            marks = [("ec2:CreateTags", made, wanted | {"ec2:CreateAction": "CreateSecurityGroup"})]
            return [(action, f"{arns}:vpc/{form.get('VpcId')}", {}), (action, made, wanted)] + (marks if tags else [])
        if group is None or call["action"].startswith("Describe"):
            return [(action, None, {})]
        found = ec2_backends[self.account.number][call["region"]].get_security_group_from_id(group)
        tags = {tag["key"]: tag["value"] for tag in found.get_tags()} if found else {}
        return [(action, f"{arns}:security-group/{group}", tagged("Resource", tags))]

    def of_serverless(self, call, wanted):
        name, service = call["action"], "redshift-serverless"
        arns = f"arn:aws:{service}:{call['region']}:{self.account.number}"
        tags = tagged("Request", {tag["key"]: tag["value"] for tag in wanted.get("tags", [])})
        passed = self.passing(wanted.get("iamRoles", []), f"{service}.amazonaws.com")
        if name.startswith("Create"):
            kind = name.removeprefix("Create").lower()
            made = f"{arns}:{kind}/new"
            marks = [(f"{service}:TagResource", made, tags)] if tags else []
            return [(f"{service}:{name}", made, tags)] + marks + passed
        if name.startswith("List") or "resourceArn" in wanted:
            return [(f"{service}:{name}", None, {})]
        kind = "workgroup" if "workgroupName" in wanted else "namespace"
        there = getattr(self.serverless, kind + "s").get(wanted.get(kind + "Name"))
        arn = there.arn if there else f"{arns}:{kind}/none"
        own = {tag["key"]: tag["value"] for tag in self.serverless.tags.get(arn, [])}
        return [(f"{service}:{name}", arn, tagged("Resource", own) | tags)] + passed
