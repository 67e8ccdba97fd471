"""What crosses between the web process and a grading machine: frozen, versioned JSON.

Everything here is parsed strictly: unknown keys, wrong types and infinities are refused, so that a
message is either exactly what this file says or nothing. ``exercises.md`` fixes the names.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_SOURCE_BYTES = 100_000
MAX_MESSAGE_CHARACTERS = 1_000

Device = Literal["cpu", "cuda"]
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
"""A regular expression: lower-case words joined by hyphens."""
LONGEST_SLUG = 80

Slug = Annotated[str, Field(pattern=f"^{SLUG}$", max_length=LONGEST_SLUG)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=60)]


class Frozen(BaseModel):
    """A value that never changes and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Failure(StrEnum):
    """Why a submission did not pass, in the order in which one is chosen over another."""

    UNAVAILABLE = "unavailable"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    OUT_OF_MEMORY = "out_of_memory"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    WRONG_SHAPE = "wrong_shape"
    WRONG_PAIRS = "wrong_pairs"
    WRONG_OUTPUT = "wrong_output"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_SLOW = "too_slow"
    INCONCLUSIVE = "inconclusive"


class Draw(Frozen):
    """An integer drawn anew for every call, both ends included, in steps from the lower one."""

    low: int
    high: int
    step: int = Field(default=1, ge=1)

    @classmethod
    def only(cls, value: int) -> "Draw":
        """Return what draws this very value."""
        return cls(low=value, high=value)

    @model_validator(mode="after")
    def _ordered(self) -> "Draw":
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


class Case(Frozen):
    """One kind of call: shapes, parameters and how q, k and v are drawn.

    ``heads`` are KV heads, of which ``groups`` query heads each share one; ``queries`` are as many
    as ``n`` where not given; ``ranks`` divide the sequence among them, ``n`` rounded up to fit.
    ``parameters`` bind the names in the exercise's pattern; those that the exercise lists reach
    the function. ``inputs`` is ``random``; ``large`` (logits of deviation about 12); or ``needles``
    (each query aligned with the keys at both edges of its visible set, so that an edge off by one
    shows).
    """

    n: Draw
    batch: Draw = Draw(low=1, high=2)
    heads: Draw = Draw(low=1, high=4)
    groups: Draw = Draw.only(1)
    d: Draw = Draw.only(64)
    queries: Draw | None = None
    ranks: Draw = Draw.only(1)
    parameters: dict[Identifier, Draw] = {}
    inputs: Literal["random", "large", "needles"] = "random"


Against = Literal["sdpa", "naive", "full_cache"]


class Speed(Frozen):
    """At least ``threshold`` times faster than ``against``, both timed on the calls of ``case``.

    Shapes and parameters are drawn once for a judging; then ``n`` varies a little from call to
    call. In decoding, ``n`` steps are timed after ``filled`` tokens.
    """

    against: Against
    case: Case
    threshold: float = Field(gt=0)
    filled: int = Field(default=0, ge=0)


class Growth(Frozen):
    """Slope of log time over log n is under ``limit``, from what is timed to ``times`` its n."""

    times: int = Field(default=4, ge=2)
    limit: float = Field(gt=0)


class Memory(Frozen):
    """Peak memory of the whole process tree beyond inputs and result, in MiB, on ``case``."""

    case: Case
    limit_mib: int = Field(gt=0)


class Traffic(Frozen):
    """Bytes that each rank sends are at most ``factor`` times those of passing K and V round."""

    case: Case
    factor: float = Field(gt=0)


class Steady(Frozen):
    """While the steps of ``case`` are decoded, the process grows by at most ``limit_mib``."""

    case: Case
    limit_mib: float = Field(gt=0)


Form = Literal["attention", "ring", "decode"]
TensorArgument = Literal["block_mask", "random_blocks"]


class Exercise(Frozen):
    """A code exercise, whole: a grading machine needs nothing else to judge a submission.

    ``pattern`` is the notation of ``grader.patterns`` over the drawn parameters and ``n``. Of the
    pairs that it allows, ``top_k`` names the parameter that says how many of the largest scores
    count, where only some do. ``parameters`` and ``tensors`` (made from the pattern) reach the
    function by keyword. ``form`` says how it is called: once with the whole sequence, on every
    rank of a ring, or token by token. ``weights`` are the softmax of the scores, or the products
    of elu(x) + 1 of queries and keys (Katharopoulos et al., 2020). ``devices`` are those that its
    bounds are known to be fair on.
    """

    version: Literal[1] = 1
    slug: Slug
    title: str = Field(min_length=1, max_length=120)
    function: Identifier = "attention"
    parameters: tuple[Identifier, ...] = ()
    tensors: tuple[TensorArgument, ...] = ()
    form: Form = "attention"
    weights: Literal["softmax", "elu"] = "softmax"
    pattern: str = Field(min_length=1, max_length=400)
    top_k: Identifier | None = None
    cases: tuple[Case, ...] = Field(min_length=1)
    probe: Case | None = None
    speed: Speed | None = None
    growth: Growth | None = None
    memory: Memory | None = None
    traffic: Traffic | None = None
    steady: Steady | None = None
    ruled_out: tuple[Identifier, ...] = ()
    devices: tuple[Device, ...] = Field(default=("cpu", "cuda"), min_length=1)
    call_seconds: float = Field(default=20.0, gt=0, le=120)

    @model_validator(mode="after")
    def _growth_of_what_is_timed(self) -> "Exercise":
        if self.growth and (self.speed is None or self.form == "decode"):
            raise ValueError("growth is told from the calls that a speed threshold times")
        return self


class GradingJob(Frozen):
    """One submission to judge. ``token`` proves that a message answers this very job.

    ``handed_on`` counts the workers that found their machine too noisy to time it.
    """

    version: Literal[1] = 1
    job: str = Field(min_length=1, max_length=64)
    token: str = Field(min_length=16, max_length=128)
    source_base64: str = Field(max_length=200_000)
    exercise: Exercise
    device: Device = "cpu"
    handed_on: int = Field(default=0, ge=0, le=100)


class Correctness(Frozen):
    """Largest error against float64, and what was tolerated there."""

    name: Literal["correctness"] = "correctness"
    passed: bool
    error: float | None
    tolerance: float


class KvPairs(Frozen):
    """Pairs attended, found by the blind probe, against the pattern's."""

    name: Literal["kv_pairs"] = "kv_pairs"
    passed: bool
    attended: int
    expected: int
    extra: int
    missing: int


class Speedup(Frozen):
    """Median ratio of reference time to the learner's, with its interval."""

    name: Literal["speedup"] = "speedup"
    passed: bool
    against: Against
    ratio: float
    low: float
    high: float
    threshold: float
    pairs: int


class GrowthResult(Frozen):
    """Slope of log time over log n."""

    name: Literal["growth"] = "growth"
    passed: bool
    slope: float
    limit: float


class MemoryResult(Frozen):
    """Peak extra memory of the process tree."""

    name: Literal["memory"] = "memory"
    passed: bool
    peak_mib: float
    limit_mib: float


class TrafficResult(Frozen):
    """Most bytes that one rank sent in a call, counted by the judge who carries them."""

    name: Literal["traffic"] = "traffic"
    passed: bool
    sent_bytes: int
    limit_bytes: int
    ranks: int


class SteadyResult(Frozen):
    """Growth of the process's memory over ``steps`` decoded tokens."""

    name: Literal["steady_memory"] = "steady_memory"
    passed: bool
    growth_mib: float
    limit_mib: float
    steps: int


Check = Annotated[
    Correctness | KvPairs | Speedup | GrowthResult | MemoryResult | TrafficResult | SteadyResult,
    Field(discriminator="name"),
]


class PairEvidence(Frozen):
    """The probed mask: enough to draw expected, extra and missing pairs.

    ``n`` counts the keys, ``queries`` the queries where they are not as many. ``extra``,
    ``missing`` and ``chosen`` list (query, key), 0-based, at most 4,000 of each; ``chosen`` are the
    expected pairs where these depend on the data and not on the pattern alone.
    """

    n: int
    queries: int | None = None
    pattern: str = Field(max_length=400)
    extra: tuple[tuple[int, int], ...] = Field(default=(), max_length=4_000)
    missing: tuple[tuple[int, int], ...] = Field(default=(), max_length=4_000)
    chosen: tuple[tuple[int, int], ...] = Field(default=(), max_length=4_000)


class GrowthPoint(Frozen):
    """Median seconds of one call at size ``n``."""

    n: int
    seconds: float
    reference_seconds: float | None = None


class WorkEvidence(Frozen):
    """How much is computed at ``n``, beside the ``expected`` pairs. Explanation, never a verdict.

    ``touched`` counts the pairs whose value took part in the arithmetic, weight zero included, seen
    by NaN; ``flops`` what torch's counter saw, of which ``least_flops`` are needed. Code that wants
    to can mislead both, so no check rests on them. None: could not be told.
    """

    n: int
    expected: int
    touched: int | None = None
    flops: int | None = None
    least_flops: int | None = None


class Evidence(Frozen):
    """What the verdict page shows beside the numbers. Texts are the learner's: escape them."""

    pairs: PairEvidence | None = None
    ratios: tuple[float, ...] = Field(default=(), max_length=200)
    growth: tuple[GrowthPoint, ...] = Field(default=(), max_length=20)
    traceback: str = Field(default="", max_length=8_000)
    printed: str = Field(default="", max_length=20_000)
    case: str = Field(default="", max_length=400)
    work: WorkEvidence | None = None
    stage_seconds: dict[str, float] = {}


class Verdict(Frozen):
    """What is told of one submission; ``exercises.md`` fixes the names.

    ``held`` says why a person has to look at it before it counts: it is neither passed nor failed
    until then, and its failure is ``inconclusive``.
    """

    version: Literal[1] = 1
    exercise: Slug
    passed: bool
    failure: Failure | None
    message: str = Field(max_length=MAX_MESSAGE_CHARACTERS)
    checks: tuple[Check, ...] = ()
    device: Device
    seconds: float
    held: str = Field(default="", max_length=400)
    evidence: Evidence = Evidence()

    @model_validator(mode="after")
    def _one_story(self) -> "Verdict":
        if self.passed != (self.failure is None):
            raise ValueError("a verdict either passed or names its failure")
        if self.passed and not all(check.passed for check in self.checks):
            raise ValueError("a passed verdict has no failed check")
        if self.held and self.failure is not Failure.INCONCLUSIVE:
            raise ValueError("a verdict that is held has not been decided")
        return self


Stage = Literal["preparing", "correctness", "pairs", "memory", "traffic", "timing", "growth"]


class StageMessage(Frozen):
    """Where the judging of a job stands; each one renews the job's lease.

    ``worker`` names the process that judges it, so that those at work can be counted.
    """

    version: Literal[1] = 1
    job: str = Field(max_length=64)
    token: str = Field(max_length=128)
    stage: Stage
    done: int | None = Field(default=None, ge=0)
    total: int | None = Field(default=None, ge=1)
    worker: str = Field(default="", max_length=120)


class HandOnMessage(Frozen):
    """A worker cannot judge a job now, and why; another one, or it itself later, may."""

    version: Literal[1] = 1
    job: str = Field(max_length=64)
    token: str = Field(max_length=128)
    worker: str = Field(default="", max_length=120)
    reason: str = Field(max_length=400)


class WorkerMessage(Frozen):
    """A worker is there, whether it has a job or not; sent at its start and every few seconds."""

    version: Literal[1] = 1
    worker: str = Field(min_length=1, max_length=120)
    device: Device


class VerdictMessage(Frozen):
    """A job's verdict on its way home."""

    version: Literal[1] = 1
    job: str = Field(max_length=64)
    token: str = Field(max_length=128)
    verdict: Verdict


def source_fault(raw: bytes) -> str | None:
    """Say why these bytes cannot be a submission, or return None.

    What needs the file to be parsed (syntax, names, signature) is checked inside the sandbox.
    """
    if len(raw) > MAX_SOURCE_BYTES:
        return f"The file is longer than the {MAX_SOURCE_BYTES:,} bytes that a submission may have."
    if not raw.strip():
        return "The file is empty. Write the function that the exercise names and submit again."
    if b"\0" in raw:
        return "The file holds null bytes. Save it as plain UTF-8 text and submit again."
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        return f"The file is not UTF-8 text (byte {fault.start}). Save it as UTF-8, then submit it."
    return None
