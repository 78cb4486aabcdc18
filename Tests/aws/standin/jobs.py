"""Jobs of EMR and EMR Serverless over moto: their states pass as they are looked at, and can be cancelled.

As long as no `spark` is named, a job does nothing: what it would write, a test writes. With one, the job's
own script runs on this machine, on copies of what it reads, and what it writes goes into moto's buckets. A
fault of the kind "job" lets a job fail.
"""

import os
import shutil
import subprocess
import tempfile
import threading

from moto.core.responses import ActionResult
from moto.emr.models import ElasticMapReduceBackend
from moto.emr.responses import ElasticMapReduceResponse
from moto.emrserverless.models import EMRServerlessBackend

from .account import place_of
from .lifecycle import Lifecycle


class Jobs:
    """The jobs of an account."""

    def __init__(self, account, faults):
        self.account, self.faults, self.spark = account, faults, None
        self.install()

    def use(self, wanted):
        """A control: names the `spark-submit` that runs jobs from now on."""
        self.spark = wanted["spark"]

    def look(self, thing, states, failure, words):
        """A look at a job, which begins its life with the first one: its state."""
        if not hasattr(thing, "life"):
            thing.life, thing.work = Lifecycle(states[0]), None
            fails = self.faults.take("call", f"job {thing.name}", {"job"})
            thing.life.go(*states[:-1], failure if fails else states[-1])
            if self.spark:
                thing.work = SparkRun(self.account, self.spark, words)
        work = thing.work
        if work and thing.life.state == "RUNNING" and not work.is_over():
            return "RUNNING"
        state = thing.life.look()
        if work and state == "RUNNING":
            work.start()
        return failure if work and state == states[-1] and work.status != 0 else state

    def install(self):
        """Puts the states over moto's models."""
        described, found = ElasticMapReduceBackend.describe_step, EMRServerlessBackend.get_job_run

        def describe_step(backend, cluster_id, step_id):
            step = described(backend, cluster_id, step_id)
            if step and step.state != "CANCELLED":
                # spark-submit --deploy-mode cluster SCRIPT ARGUMENTS…
                states = ["PENDING", "RUNNING", "RUNNING", "COMPLETED"]
                step.state = self.look(step, states, "FAILED", step.args[3:])
            return step

        def cancel_steps(response):
            answers = []
            for step_id in response._get_param("StepIds", []):
                step = described(response.backend, response._get_param("ClusterId"), step_id)
                if step:
                    step.state = "CANCELLED"
                answers.append({"StepId": step_id, "Status": "SUBMITTED" if step else "FAILED"})
            return ActionResult({"CancelStepsInfoList": answers})

        def get_job_run(backend, application_id, job_run_id):
            run = found(backend, application_id, job_run_id)
            if run.state != "CANCELLED":
                driver = (run.job_driver or {}).get("sparkSubmit", {})
                words = [driver.get("entryPoint"), *driver.get("entryPointArguments", [])]
                states = ["SUBMITTED", "SCHEDULED", "RUNNING", "SUCCESS"]
                run.state = self.look(run, states, "FAILED", words)
            if run.state == "SUCCESS":
                run.billed_resource_utilization = {"vCPUHour": 0.12, "memoryGBHour": 0.5, "storageGBHour": 0.0}
            return run

        ElasticMapReduceBackend.describe_step = describe_step
        ElasticMapReduceResponse.cancel_steps = cancel_steps
        EMRServerlessBackend.get_job_run = get_job_run


class SparkRun:
    """One job on this machine, whose buckets are folders meanwhile: Spark from PyPI knows no S3."""

    def __init__(self, account, spark, words):
        self.account, self.spark, self.script, self.words = account, spark, words[0], words[1:]
        self.thread, self.status = None, None

    def start(self):
        if self.thread is None:
            self.thread = threading.Thread(target=self.run, daemon=True)
            self.thread.start()

    def is_over(self):
        return self.thread is None or not self.thread.is_alive()

    def run(self):
        folder = os.path.realpath(tempfile.mkdtemp(prefix="emr-"))
        try:
            self.status = self.perform(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def perform(self, folder):
        words, output = self.localized(folder)
        script = self.fetch(self.script, folder)
        here = os.path.dirname(self.spark)
        environment = {
            "PATH": f"{here}:{os.environ.get('PATH', '/usr/bin:/bin')}", "LC_ALL": "C.UTF-8",
            "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": here + "/python3"}
        settings = ["spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1",
                    "spark.ui.enabled=false"]
        options = [word for setting in settings for word in ("--conf", setting)]
        status = subprocess.run(
            [self.spark, "--master", "local[*]", *options, script, *words],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode
        self.bring(folder, output)
        return status

    def localized(self, folder):
        """The arguments with folders for buckets, the sources fetched; and the folder of the output."""
        words, output = list(self.words), None
        for place, option in enumerate(self.words[:-1]):
            kind, equals, address = self.words[place + 1].rpartition("=")
            if option == "--source":
                self.fetch(address, folder)
            elif option == "--output":
                output = folder + "/" + address.removeprefix("s3://")
            else:
                continue
            words[place + 1] = kind + equals + address.replace("s3://", f"file://{folder}/")
        return words, output

    def fetch(self, address, folder):
        """Copies all objects whose keys begin with an address; the path that stands for it."""
        bucket, prefix = place_of(address)
        for key, found in self.account.s3.buckets[bucket].keys.items():
            if key.startswith(prefix):
                path = f"{folder}/{bucket}/{key}"
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(found.value)
        return f"{folder}/{bucket}/{prefix}"

    def bring(self, folder, output):
        """Puts what the job wrote into its bucket, under the addresses that it has there."""
        for parent, _, names in os.walk(output):
            for name in names:
                path = f"{parent}/{name}"
                with open(path, "rb") as file:
                    data = file.read()
                if not name.endswith((".gz", ".zst")):
                    here = folder.encode() + b"/"
                    data = data.replace(b"file://" + here, b"s3://").replace(here, b"s3://")
                bucket, key = place_of("s3://" + path.removeprefix(folder + "/"))
                self.account.s3.put_object(bucket, key, data)
