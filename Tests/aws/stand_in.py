"""AWS for tests: moto behind a check of every signature, on a free port of the loopback.

Writes the port on one line, and ends when its standard input does: with the tests, however they end.
"""

import hashlib
import io
import os
import sys
import threading
from datetime import datetime, timedelta, timezone

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY, SECRET = "AKIDTESTS", "secret/of+the=tests"


def refusal(environ, body):
    """Why AWS would not accept the signature; None when it would, or when there is none."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    if not authorization:
        return None
    parts = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
    key, _, region, service, _ = parts["Credential"].split("/")
    signed = parts["SignedHeaders"].split(";")
    if key != KEY:
        return "InvalidAccessKeyId"
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
    auth = kind(Credentials(KEY, SECRET), service, region)
    canonical = auth.canonical_request(request)
    signature = auth.signature(auth.string_to_sign(request, canonical), request)
    return None if signature == parts["Signature"] else "SignatureDoesNotMatch"


class Checked:
    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        code = refusal(environ, body)
        if code:
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><Message>stand-in</Message></Error>".encode()]
        return self.application(environ, start)


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


def main():
    application = Checked(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    print(server.port, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()


main()
