"""The HTTP side: a check of every signature, faults, control of the stand-in, and moto behind."""

import io
import json
import os
import re
import socket
import struct
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from . import signatures
from .serverless import Problem

KINDS = {"503", "500", "502", "403", "reset", "reset-body", "short", "bare", "flip", "throttle", "redirect",
         "region", "expired"}
# What S3 is asked for, by method, by whether a key is named, and by a word of the query (S3 API reference).
S3_OPERATIONS = [
    ("GET", False, "uploads", "ListMultipartUploads"), ("GET", False, "location", "GetBucketLocation"),
    ("GET", False, None, "ListObjectsV2"), ("HEAD", False, None, "HeadBucket"),
    ("PUT", False, None, "CreateBucket"), ("POST", False, "delete", "DeleteObjects"),
    ("GET", True, None, "GetObject"), ("HEAD", True, None, "HeadObject"),
    ("PUT", True, "uploadId", "UploadPart"), ("PUT", True, None, "PutObject"),
    ("POST", True, "uploads", "CreateMultipartUpload"), ("POST", True, "uploadId", "CompleteMultipartUpload"),
    ("DELETE", True, "uploadId", "AbortMultipartUpload"), ("DELETE", True, None, "DeleteObject")]
UNSIGNED = "AWS4-HMAC-SHA256 Credential=NOBODY/20000101/us-west-2/s3/aws4_request, SignedHeaders=host, Signature=0"
# What AWS says of a wrong signature: the whole request stands in it, temporary token and all.
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method. Consult the service documentation for details.")


class Gateway:
    """A WSGI application. `controls` maps paths below `/__` to functions of a JSON value; `own` maps
    services that moto does not have to what answers them, `authorization` tells what IAM looks at."""

    def __init__(self, application, faults, controls, own, authorization):
        self.application, self.faults, self.controls, self.own = application, faults, controls, own
        self.authorization = authorization
        self.secrets = {signatures.KEY: (signatures.SECRET, None)}
        self.calls, self.public = [], set()

    def __call__(self, environ, start):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        path = environ["PATH_INFO"]
        if path.startswith("/__"):
            return self.control(path[3:], body, start)
        if path == "/" and environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING") \
                and not environ.get("HTTP_AUTHORIZATION"):
            # What checkip.amazonaws.com answers: the caller's address, from the range for examples.
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"198.51.100.7\n"]
        call = call_of(environ, body)
        code = signatures.refusal(environ, body, self.secrets) or self.stranger(environ, call)
        fault = None if code else self.fault_of(call)
        asks = [] if code else self.authorization.asks(call, body)
        self.calls.append(call | {"refused": code, "fault": fault.kind if fault else None, "asks": asks})
        if code:
            return refuse(environ, code, start)
        if fault:
            return Failure(self, environ, call, fault).answer(start)
        return self.pass_on(environ, call, body, start)

    def stranger(self, environ, call):
        """Why an unsigned request is refused; None for a signed one, and for reading public buckets."""
        if environ.get("HTTP_AUTHORIZATION"):
            return None
        bucket = call["target"].lstrip("/").split("/")[0].split("?")[0]
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD") and bucket in self.public
        return None if reads or call["action"] == "AssumeRoleWithWebIdentity" else "AccessDenied"

    def fault_of(self, call):
        for text in (f"{call['service']}:{call['action']}", f"{call['method']} {call['target']}"):
            fault = self.faults.take("call", text, KINDS)
            if fault:
                return fault
        return None

    def pass_on(self, environ, call, body, start):
        """To the service that answers: one of our own, or moto's."""
        service = self.own.get(call["service"])
        if service is None:
            # moto has rights of its own for strangers; ours have been looked at.
            environ.setdefault("HTTP_AUTHORIZATION", UNSIGNED)
            return self.application(environ, start)
        headers = [("Content-Type", "application/x-amz-json-1.1")]
        try:
            answer = service.answer(call["action"], json.loads(body or b"{}"), call["region"])
        except Problem as problem:
            start("400 Bad Request", headers + [("x-amzn-ErrorType", problem.code)])
            return [json.dumps({"__type": problem.code, "message": problem.text}).encode()]
        start("200 OK", headers)
        return [json.dumps(answer).encode()]

    def control(self, name, body, start):
        if name not in self.controls:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"no such control"]
        try:
            answer = self.controls[name](json.loads(body) if body else None)
        except (KeyError, TypeError, ValueError) as error:
            start("400 Bad Request", [("Content-Type", "text/plain")])
            return [f"{type(error).__name__}: {error}".encode()]
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]


class Failure:
    """One call that goes wrong in a given way."""

    def __init__(self, gateway, environ, call, fault):
        self.gateway, self.environ, self.call, self.fault = gateway, environ, call, fault

    def answer(self, start):
        kind = self.fault.kind
        if kind == "503":
            return error(self.environ, "503 Slow Down", "SlowDown", "Please reduce your request rate.", start)
        if kind == "500":
            return error(self.environ, "500 Internal Server Error", "InternalError", "We met an error.", start)
        if kind == "403":
            return error(self.environ, "403 Forbidden", "AccessDenied", "Access Denied", start)
        if kind == "502":
            start("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<html><body><h1>502 Bad Gateway</h1></body></html>"]
        if kind == "throttle":
            return error(self.environ, "400 Bad Request", "Throttling", "Rate exceeded", start)
        if kind == "expired":
            return error(self.environ, "403 Forbidden", "ExpiredToken", "The token has expired.", start)
        if kind == "redirect":
            return error(self.environ, "301 Moved Permanently", "PermanentRedirect", "Use that endpoint.",
                         start, [("x-amz-bucket-region", "eu-west-1")])
        if kind == "region":
            return error(self.environ, "400 Bad Request", "AuthorizationHeaderMalformed",
                         "the region is wrong", start, extra="<Region>eu-west-1</Region>")
        if kind == "reset":
            self.reset()
            raise ConnectionResetError
        return self.damaged(start)

    def reset(self):
        """The connection ends without a farewell."""
        plain = self.environ["werkzeug.socket"]
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # What still holds the socket would keep it open.
        os.close(plain.detach())

    def damaged(self, start):
        """What moto answers, with a body that ends early or is not what it was."""
        kept = {}

        def keep(status, headers, _=None):
            kept["status"], kept["headers"] = status, headers

        asked = self.environ["wsgi.input"].read()
        # moto reads it once more: what is damaged is the answer, the call itself is done.
        self.environ["wsgi.input"] = io.BytesIO(asked)
        body = b"".join(self.gateway.pass_on(self.environ, self.call, asked, keep))
        if self.fault.kind == "bare":
            # Short, and without the length that would tell.
            kept["headers"] = [pair for pair in kept["headers"] if pair[0].lower() != "content-length"]
        start(kept["status"], kept["headers"])
        if self.fault.kind == "flip":
            return [bytes([body[0] ^ 1]) + body[1:]] if body else [body]
        if self.fault.kind == "reset-body":
            return self.half(body)
        return [body[: len(body) // 2]]

    def half(self, body):
        yield body[: len(body) // 2]
        self.reset()
        raise ConnectionResetError


def call_of(environ, body):
    """What a request asks for, without its secrets: service, action, method and target."""
    region, service = signatures.scope(environ) or ("", "")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    action = target.rsplit(".", 1)[-1]
    if not action and environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
    uri = environ.get("RAW_URI", environ["PATH_INFO"])
    if not action and service in ("s3", ""):
        action, service = s3_operation(environ), "s3"
    return {"service": service, "region": region, "action": action,
            "method": environ["REQUEST_METHOD"], "target": uri}


def s3_operation(environ):
    """The name of what S3 is asked for."""
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    has_key = "/" in environ["PATH_INFO"].strip("/")
    for method, is_key, word, name in S3_OPERATIONS:
        if method == environ["REQUEST_METHOD"] and is_key == has_key and (word is None or word in query):
            return name
    return "ListBuckets" if environ["PATH_INFO"] == "/" else ""


def refuse(environ, code, start):
    """A refused signature, in the form of the service's protocol, and in AWS's words."""
    text = {"AccessDenied": "Access Denied"}.get(code, MISMATCH)
    if code == "SignatureDoesNotMatch" and "standin.signed" in environ:
        canonical, to_sign = environ["standin.signed"]
        text += f"\n\nThe Canonical String for this request should have been\n'{canonical}'\n\n" \
            f"The String-to-Sign should have been\n'{to_sign}'\n"
    return error(environ, "403 Forbidden", code, text, start)


def error(environ, status, code, text, start, headers=(), extra=""):
    """An error in the form of the service's protocol."""
    _, service = signatures.scope(environ) or ("", "")
    kind = environ.get("CONTENT_TYPE", "")
    if environ.get("HTTP_X_AMZ_TARGET") or kind.startswith("application/json"):
        start(status, [("Content-Type", "application/x-amz-json-1.1"), *headers])
        return [json.dumps({"__type": code, "message": text}).encode()]
    text = escape(text)
    if service == "s3" or not re.match("application/x-www-form", kind):
        body = f"<Error><Code>{code}</Code><Message>{text}</Message>{extra}</Error>"
    elif service == "ec2":
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>" \
            "<RequestID>0</RequestID></Response>"
    else:
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message>" \
            "</Error><RequestId>0</RequestId></ErrorResponse>"
    start(status, [("Content-Type", "application/xml"), *headers])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body.encode()]
