"""What a learner may try next, for each way in which a submission can fall short."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grader.contract import Failure, Speedup, Verdict

HEADLINES: dict[Failure, Promise] = {
    Failure.UNAVAILABLE: _("We could not grade this. It is our fault, and it costs you nothing."),
    Failure.INVALID: _("The file cannot be run."),
    Failure.FORBIDDEN: _("Your code did something that no submission may do."),
    Failure.OUT_OF_MEMORY: _("Your code ran out of memory."),
    Failure.TIMEOUT: _("Your code did not finish in time."),
    Failure.CRASHED: _("Your code stopped with an error."),
    Failure.WRONG_SHAPE: _("The result does not have the form that was asked for."),
    Failure.WRONG_PAIRS: _("Some queries see the wrong keys."),
    Failure.WRONG_OUTPUT: _("The numbers of the result are wrong."),
    Failure.TOO_MUCH_MEMORY: _("The result is right, but over the bound on memory or traffic."),
    Failure.TOO_SLOW: _("The result is right, but it is not fast enough."),
    Failure.INCONCLUSIVE: _("The result is right; its speed could not be decided."),
}

NEXT_STEPS: dict[Failure, tuple[Promise, ...]] = {
    Failure.UNAVAILABLE: (
        _("Submit the same code again in a minute; it is kept below, unchanged."),
        _("If it happens twice, tell your instructor the number of this submission."),
    ),
    Failure.INVALID: (
        _("Run the file on your own machine: python -c \"import submission\" finds most of these."),
        _("Compare the line that begins with def with the one of the starter."),
    ),
    Failure.FORBIDDEN: (
        _("Inputs are read-only: write x = x + y instead of x += y, or clone what you change."),
        _("Only torch, numpy and the standard library are there; no network, no other programs."),
    ),
    Failure.OUT_OF_MEMORY: (
        _("Work out the size of your largest tensor at the largest n before you build it."),
        _("Go over the queries in blocks, so that no tensor has n × n elements."),
    ),
    Failure.TIMEOUT: (
        _("A Python loop over single queries is too slow: take a block of queries at a time."),
        _("Look for a loop that does not end when n is not divisible by your block size."),
    ),
    Failure.CRASHED: (
        _("Read the last line of the traceback first, then the line of your code that it names."),
        _("Try the smallest inputs by hand: n = 1, and a window larger than n."),
    ),
    Failure.WRONG_SHAPE: (
        _("Return a new tensor of the shape and dtype of q; print its shape to see what you have."),
    ),
    Failure.WRONG_PAIRS: (
        _("Take the first wrong query of the table and write down by hand the keys it must see."),
        _("Off by one? Check whether the window counts the query itself, and where < must be <=."),
    ),
    Failure.WRONG_OUTPUT: (
        _("Check the scale 1 / sqrt(d), and that the softmax runs over the keys."),
        _("A row without any key, or exp without subtracting the maximum, gives NaN."),
    ),
    Failure.TOO_MUCH_MEMORY: (
        _("Something still has n × n elements, perhaps a mask: build it a block at a time."),
        _("Views cost nothing and copies do: look at repeat, cat, and indexing with a tensor."),
    ),
    Failure.TOO_SLOW: (
        _("A mask hides pairs but still computes them: take only the keys that a block can see."),
        _("Bring the blocks into one batched call instead of many small ones."),
    ),
    Failure.INCONCLUSIVE: (
        _("The same code is not measured again. Your instructor can have it graded once more when "
          "the machine is quieter."),
        _("A faster version is decided sooner: look for work that is done and then masked."),
    ),
}  # fmt: skip

# Where the check that failed says more than the failure does.
_AFTER_CHECK: dict[str, tuple[Promise, ...]] = {
    "traffic": (
        _("Count your shifts: R − 1 of them bring every block past every rank."),
        _("Send keys and values as they came, in float32, and nothing that can be computed again."),
    ),
    "steady_memory": (
        _("Make buffers of fixed size at the first step, and write over what no later step sees."),
        _("A slice keeps the larger tensor alive that it was cut from: clone what you keep."),
    ),
    "growth": (
        _("Double n in your head and ask of each line whether its work doubles or quadruples."),
        _("Look for n × n in a shape, a mask or an index: each block may touch a fixed number of "
          "keys only."),
    ),
    "full_cache": (
        _("The work of a step must not depend on how many tokens came before: look for torch.cat "
          "over all of them."),
        _("Keep the cache in buffers that you write into; do not build it anew at each step."),
    ),
    "naive": (
        _("Skip the tiles that lie above the diagonal: they hold no pair."),
        _("Make the tiles larger: with small ones the time goes into the calls, not the numbers."),
    ),
}  # fmt: skip
_WITHOUT_PAIRS = (
    _("Divide each row by the sum of its own weights, over the same keys as above the line."),
    _("Work out two positions with d = 1 by hand, and compare each sum with what you have."),
)
_CHOSEN_PAIRS = (
    _("Take the first wrong query of the table and sort its scores by hand, over all keys."),
    _("Every query and every head chooses for itself, and nothing here is causal."),
)


def next_steps(verdict: Verdict) -> tuple[Promise, ...]:
    """Return what to try next; nothing where it passed, or a person decides."""
    if verdict.failure is None or verdict.held:
        return ()
    pairs = verdict.evidence.pairs
    if verdict.failure is Failure.WRONG_PAIRS and pairs and pairs.chosen:
        return _CHOSEN_PAIRS
    probed = any(check.name == "kv_pairs" for check in verdict.checks)
    if verdict.failure is Failure.WRONG_OUTPUT and not probed:
        return _WITHOUT_PAIRS
    if verdict.failure in {Failure.TOO_MUCH_MEMORY, Failure.TOO_SLOW}:
        return _after_check(verdict)
    return NEXT_STEPS[verdict.failure]


def _after_check(verdict: Verdict) -> tuple[Promise, ...]:
    assert verdict.failure is not None
    failed = next((check for check in verdict.checks if not check.passed), None)
    key = failed.against if isinstance(failed, Speedup) else failed.name if failed else ""
    return _AFTER_CHECK.get(key, NEXT_STEPS[verdict.failure])
