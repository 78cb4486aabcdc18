"""The console against the stand-in for Amazon's cloud: `make cloud-demo`.

Starts the stand-in, puts a small sample into its S3, writes a configuration, makes a warehouse there with
`sparkify cluster provision`, and opens the console. Everything is gone when the console ends.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import boto3

PACKAGE = Path(__file__).resolve().parents[2]
FOLDER = PACKAGE / ".build" / "cloud-demo"
BUCKET = "sparkify-demo"
CONFIGURATION = """\
# Written by make cloud-demo, for the stand-in that it starts.
[CLUSTER]
DB_NAME=sparkify
DB_USER=operator
SSLMODE=verify-full
SSLROOTCERT={authority}

[S3]
LOG_DATA=s3://{bucket}/log_data/
SONG_DATA=s3://{bucket}/song_data/
WORK=s3://{bucket}/work/

[AWS]
REGION={region}
ENDPOINT_URL={endpoint}

[DWH]
DWH_CLUSTER_IDENTIFIER=sparkify-demo
DWH_CLUSTER_TYPE=multi-node
DWH_NUM_NODES=2
DWH_NODE_TYPE=ra3.large
DWH_POLL_SECONDS=1
"""


def say(text):
    print(f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text, flush=True)


def upload(cloud, folder):
    """Puts a folder's files into a new bucket; how many."""
    s3 = boto3.client(
        "s3", endpoint_url=cloud["endpoint"], region_name=cloud["region"],
        aws_access_key_id=cloud["key"], aws_secret_access_key=cloud["secret"])
    place = {"LocationConstraint": cloud["region"]}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        s3.put_object(Bucket=BUCKET, Key=str(path.relative_to(folder)), Body=path.read_bytes())
    return len(files)


def write_configuration(cloud):
    """The configuration, and the keys in a file of their own."""
    text = CONFIGURATION.format(bucket=BUCKET, **cloud)
    (FOLDER / "dwh.cfg").write_text(text)
    local = FOLDER / "dwh_local.cfg"
    local.touch(mode=0o600)
    local.write_text(f"[AWS]\nKEY={cloud['key']}\nSECRET={cloud['secret']}\n")


def main(program):
    subprocess.run(["rm", "-rf", FOLDER], check=True)
    FOLDER.mkdir(parents=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PG"))}
    environment |= {"SPARKIFY_HOME": str(FOLDER / "home"), "AWS_EC2_METADATA_DISABLED": "true"}

    def sparkify(*words):
        return subprocess.run([program, *words], cwd=FOLDER, env=environment).returncode

    say("starting a stand-in for AWS on this machine: no account, no network")
    with subprocess.Popen(
            [sys.executable, PACKAGE / "Tests/aws/cloud.py"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True) as stand_in:
        try:
            cloud = json.loads(stand_in.stdout.readline())
            say(f"it answers at {cloud['endpoint']}; making a sample and putting it into its S3")
            if sparkify("sample", "--songs", "500", "--events", "5000", "--out", "sample"):
                return 1
            say(f"{upload(cloud, FOLDER / 'sample')} files are in s3://{BUCKET}/")
            write_configuration(cloud)
            say(f"making a warehouse with the configuration {FOLDER / 'dwh.cfg'}")
            if sparkify("cluster", "provision"):
                return 1
            say("opening the console: press a on the Pipeline screen to load the sample")
            status = sparkify()
            say("the stand-in ends, and everything in it is gone")
            return status
        finally:
            stand_in.stdin.close()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
