"""Writes signatures.json: requests signed by botocore, for the tests of our own signer.

    .build/python/bin/python Tests/aws/make_signatures.py > Tests/aws/signatures.json
"""

import datetime
import json
import random
from unittest import mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 11, 21, 14, 5, 9, tzinfo=datetime.timezone.utc)
AWKWARD = "abcXYZ019-._~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}é日\U0001f3b5\n\t"
KEY, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "IQoJ/token+==//x"
chance = random.Random(4)


def text(most):
    return "".join(chance.choice(AWKWARD) for _ in range(chance.randint(1, most)))


def vector(service, region, method, host, path, query, headers, body, token):
    """`path` is on the wire already; `query` and `headers` are pairs."""
    wire = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(
        query, key=lambda pair: (quote(pair[0], safe="-_.~"), quote(pair[1], safe="-_.~"))))
    url = f"https://{host}{path}" + (f"?{wire}" if wire else "")
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body.encode())
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    auth = kind(Credentials(KEY, SECRET, TOKEN if token else None), service, region)
    with mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: NOW):
        if service == "s3":
            request.context["payload_signing_enabled"] = True
        auth.add_auth(request)
    return {
        "service": service, "region": region, "method": method, "host": host, "path": path,
        "query": query, "headers": headers, "body": body, "token": TOKEN if token else None,
        "target": path + (f"?{wire}" if wire else ""),
        "authorization": request.headers["Authorization"],
    }


def s3():
    key = quote(text(24), safe="/-_.~")
    query = [[text(6), text(10)] for _ in range(chance.choice([0, 0, 1, 3]))]
    query = list({k: [k, v] for k, v in query}.values())
    headers = [["Range", "bytes=0-99"]] if chance.random() < 0.3 else []
    body = text(40) if chance.random() < 0.4 else ""
    return vector("s3", "us-west-2", chance.choice(["GET", "PUT", "HEAD", "DELETE"]),
                  "bucket.s3.us-west-2.amazonaws.com", "/" + key, query, headers, body,
                  chance.random() < 0.3)


def form():
    body = "Action=CreateCluster&Version=2012-12-01&Name=" + quote(text(10), safe="-_.~")
    headers = [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]]
    return vector("redshift", "eu-north-1", "POST", "redshift.eu-north-1.amazonaws.com", "/", [],
                  headers, body, chance.random() < 0.5)


def target():
    headers = [["Content-Type", "application/x-amz-json-1.1"],
               ["X-Amz-Target", "RedshiftData.ExecuteStatement"]]
    return vector("redshift-data", "us-east-1", "POST", "redshift-data.us-east-1.amazonaws.com",
                  "/", [], headers, json.dumps({"Sql": text(20)}), False)


def rest():
    segments = "".join("/" + quote(text(8).strip(".") or "x", safe="-_~") for _ in range(3))
    return vector("emr-serverless", "us-west-2", "GET", "emr-serverless.us-west-2.amazonaws.com",
                  segments, [["maxResults", "5"]], [], "", False)


vectors = [s3() for _ in range(150)]
for make in (form, target, rest):
    vectors += [make() for _ in range(25)]
print(json.dumps({"key": KEY, "secret": SECRET, "time": NOW.isoformat(), "vectors": vectors},
                 indent=0, ensure_ascii=True))
