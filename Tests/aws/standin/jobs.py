"""Jobs of EMR and EMR Serverless over moto: their states pass as they are looked at, and can be cancelled.

A job does nothing: what it would write, a test writes. A fault of the kind "job" lets one fail.
"""

from moto.core.responses import ActionResult
from moto.emr.models import ElasticMapReduceBackend
from moto.emr.responses import ElasticMapReduceResponse
from moto.emrserverless.models import EMRServerlessBackend

from .lifecycle import Lifecycle


def life_of(thing, faults, name, states, failure):
    """The life of a job, begun at the first look."""
    if not hasattr(thing, "life"):
        thing.life = Lifecycle(states[0])
        fails = faults.take("call", f"job {name}", {"job"})
        thing.life.go(*states[:-1], failure if fails else states[-1])
    return thing.life


def install(faults):
    """Puts the states over moto's models."""
    described, found = ElasticMapReduceBackend.describe_step, EMRServerlessBackend.get_job_run

    def describe_step(backend, cluster_id, step_id):
        step = described(backend, cluster_id, step_id)
        if step:
            life = life_of(step, faults, step.name, ["PENDING", "RUNNING", "RUNNING", "COMPLETED"], "FAILED")
            step.state = life.look()
        return step

    def cancel_steps(response):
        answers = []
        for step_id in response._get_param("StepIds", []):
            step = described(response.backend, response._get_param("ClusterId"), step_id)
            if step:
                step.life = Lifecycle("CANCELLED")
            answers.append({"StepId": step_id, "Status": "SUBMITTED" if step else "FAILED"})
        return ActionResult({"CancelStepsInfoList": answers})

    def get_job_run(backend, application_id, job_run_id):
        run = found(backend, application_id, job_run_id)
        states = ["SUBMITTED", "SCHEDULED", "RUNNING", "SUCCESS"]
        life = life_of(run, faults, run.name, states, "FAILED")
        if run.state != "CANCELLED":
            run.state = life.look()
        if run.state == "SUCCESS":
            run.billed_resource_utilization = {"vCPUHour": 0.12, "memoryGBHour": 0.5, "storageGBHour": 0.0}
        return run

    ElasticMapReduceBackend.describe_step = describe_step
    ElasticMapReduceResponse.cancel_steps = cancel_steps
    EMRServerlessBackend.get_job_run = get_job_run
