"""The judge: draws inputs, runs the submission in a sandbox, and decides.

``grade`` is all there is to call. It never raises for what a submission does, and never blames a
submission for what fails on our side.
"""

import base64
import logging
from contextlib import closing, nullcontext

from grader.contract import Evidence, Failure, GradingJob, Verdict, source_fault
from grader.judge import messages
from grader.judge.candidate import CANDIDATES
from grader.judge.examination import Examination
from grader.judge.findings import BrokenReferenceError, Failed
from grader.judge.inputs import Inputs
from grader.judge.quiet import Lock, one_thread
from grader.judge.sizes import for_device
from grader.judge.timekeeper import Progress, Timekeeper
from grader.judge.trial import Trial
from sandbox.pool import Pool
from sandbox.wire import SandboxUnavailable

__all__ = ["grade"]

_log = logging.getLogger(__name__)
_MOST_PRINTED = 20_000
_MOST_TRACEBACK = 8_000


def grade(job: GradingJob, pool: Pool, *, progress: Progress, lock: Lock) -> Verdict:
    """Judge one submission.

    ``progress`` hears of each stage and then about once a second; ``lock()`` is held while
    something is timed. Failures of ours give the verdict ``unavailable``.
    """
    keeper = Timekeeper(progress)
    if job.device != pool.device:
        return _unavailable(job, keeper, f"this machine does not grade on {job.device}")
    if job.device not in job.exercise.devices:
        return _unavailable(job, keeper, f"this exercise is not graded on {job.device}")
    try:
        with one_thread() if job.device == "cpu" else nullcontext():
            return _judged(job, pool, keeper, lock)
    except SandboxUnavailable as fault:
        return _unavailable(job, keeper, f"no sandbox can be started ({fault})")
    except BrokenReferenceError:
        _log.exception("reference_broken")
        return _unavailable(job, keeper, "a reference of ours failed")
    except Exception:  # noqa: BLE001  (whatever else breaks here is ours, and must cost nobody)
        _log.exception("judge_broken")
        return _unavailable(job, keeper, "the judge hit an error of its own")


def _judged(job: GradingJob, pool: Pool, keeper: Timekeeper, lock: Lock) -> Verdict:
    keeper.at("preparing")
    code = base64.b64decode(job.source_base64, validate=True)
    fault = source_fault(code)
    if fault is not None:
        return _refused(job, keeper, Failure.INVALID, fault)
    exercise = for_device(job.exercise, job.device)
    with closing(CANDIDATES[exercise.form](exercise, code, pool, keeper)) as candidate:
        examination = Examination(exercise, candidate, Inputs(exercise), keeper)
        failed: Failed | None = None
        try:
            Trial(examination).run(pool, lock)
        except Failed as reason:
            failed = reason
        return _verdict(job, examination, failed)


def _verdict(job: GradingJob, examination: Examination, failed: Failed | None) -> Verdict:
    keeper, findings = examination.keeper, examination.findings
    passed = messages.PASSED if job.exercise.speed else messages.PASSED_PLAIN
    evidence = Evidence(
        traceback=failed.traceback[-_MOST_TRACEBACK:] if failed else "",
        printed=examination.candidate.printed[:_MOST_PRINTED],
        case=str(failed.call) if failed and failed.call else "",
        stage_seconds=keeper.accounts(),
        **findings.evidence,
    )
    return Verdict(
        exercise=job.exercise.slug,
        passed=failed is None,
        failure=failed.failure if failed else None,
        message=failed.message if failed else passed,
        checks=tuple(findings.checks.values()),
        device=job.device,
        seconds=round(keeper.seconds, 3),
        held=failed.held if failed else "",
        evidence=evidence,
    )


def _refused(job: GradingJob, keeper: Timekeeper, failure: Failure, message: str) -> Verdict:
    return Verdict(
        exercise=job.exercise.slug,
        passed=False,
        failure=failure,
        message=messages.clip(message),
        device=job.device,
        seconds=round(keeper.seconds, 3),
    )


def _unavailable(job: GradingJob, keeper: Timekeeper, reason: str) -> Verdict:
    message = messages.UNAVAILABLE.format(reason=reason)
    return _refused(job, keeper, Failure.UNAVAILABLE, message)
