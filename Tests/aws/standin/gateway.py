"""The HTTP side: a check of every signature, faults, control of the stand-in, and moto behind."""

import io
import json
import re
from urllib.parse import parse_qs

from . import signatures


class Gateway:
    """A WSGI application. `controls` maps paths below `/__` to functions of a JSON value."""

    def __init__(self, application, faults, controls):
        self.application, self.faults, self.controls = application, faults, controls
        self.secrets = {signatures.KEY: (signatures.SECRET, None)}
        self.calls = []

    def __call__(self, environ, start):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        path = environ["PATH_INFO"]
        if path.startswith("/__"):
            return self.control(path[3:], environ["REQUEST_METHOD"], body, start)
        code = signatures.refusal(environ, body, self.secrets)
        self.calls.append(call_of(environ, body) | {"refused": code})
        if code:
            return refuse(environ, code, start)
        return self.application(environ, start)

    def control(self, name, method, body, start):
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


def call_of(environ, body):
    """What a request asks for, without its secrets: service, action, method and target."""
    region, service = signatures.scope(environ) or ("", "")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    action = target.rsplit(".", 1)[-1]
    if not action and environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
    uri = environ.get("RAW_URI", environ["PATH_INFO"])
    return {"service": service, "region": region, "action": action,
            "method": environ["REQUEST_METHOD"], "target": uri}


def refuse(environ, code, start):
    """A refused signature, in the form of the service's protocol."""
    text = "The request signature we calculated does not match the signature you provided."
    _, service = signatures.scope(environ) or ("", "")
    if environ.get("HTTP_X_AMZ_TARGET") or environ.get("CONTENT_TYPE", "").startswith("application/json"):
        start("400 Bad Request", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps({"__type": code, "message": text}).encode()]
    if service == "s3" or not re.match("application/x-www-form", environ.get("CONTENT_TYPE", "")):
        body = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    elif service == "ec2":
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>" \
            "<RequestID>0</RequestID></Response>"
    else:
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message>" \
            "</Error><RequestId>0</RequestId></ErrorResponse>"
    start("403 Forbidden", [("Content-Type", "application/xml")])
    return [body.encode()]
