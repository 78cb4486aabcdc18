"""The check of a request's signature, and of what it covers."""

import hashlib
from datetime import datetime, timedelta, timezone

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET = "AKIDTESTS", "secret/of+the=tests"


def scope(environ):
    """The region and the service that a request is signed for; None when it is not signed."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    if not authorization or "Credential=" not in authorization:
        return None
    return tuple(authorization.split("Credential=")[1].split(",")[0].split("/")[2:4])


def refusal(environ, body, secrets):
    """Why AWS would not accept the signature; None when it would, or when there is none.

    `secrets` has the secret and the token of every key. What was signed here stays in `environ`, as AWS
    says it with a refusal.
    """
    authorization = environ.get("HTTP_AUTHORIZATION")
    if not authorization:
        return None
    parts = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
    key, _, region, service, _ = parts["Credential"].split("/")
    signed = parts["SignedHeaders"].split(";")
    if key not in secrets:
        return "InvalidAccessKeyId" if service == "s3" else "InvalidClientTokenId"
    secret, token = secrets[key]
    if environ.get("HTTP_X_AMZ_SECURITY_TOKEN") != token:
        return "InvalidToken"
    time = environ["HTTP_X_AMZ_DATE"]
    sent = datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    if abs(datetime.now(timezone.utc) - sent) > timedelta(minutes=15):
        return "RequestTimeTooSkewed"
    headers = {n[5:].replace("_", "-").lower(): v for n, v in environ.items() if n[:5] == "HTTP_"}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    unsigned = [n for n in headers if n.startswith("x-amz-") and n not in signed]
    if unsigned or "host" not in signed:
        return "AccessDenied"
    digest = hashlib.sha256(body).hexdigest()
    if service == "s3" and headers.get("x-amz-content-sha256") != digest:
        return "XAmzContentSHA256Mismatch"
    url = f"http://{environ['HTTP_HOST']}{environ['RAW_URI']}"
    request = AWSRequest(
        method=environ["REQUEST_METHOD"], url=url, data=body,
        headers={name: headers[name] for name in signed if name != "host"})
    request.context["timestamp"] = time
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    auth = kind(Credentials(key, secret), service, region)
    canonical = auth.canonical_request(request)
    to_sign = auth.string_to_sign(request, canonical)
    environ["standin.signed"] = (canonical, to_sign)
    signature = auth.signature(to_sign, request)
    return None if signature == parts["Signature"] else "SignatureDoesNotMatch"
