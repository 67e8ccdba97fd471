"""Everything the judge tells a learner, in one place: what happened, and what to try."""

from grader.contract import MAX_MESSAGE_CHARACTERS

PASSED = "Passed: right, and by looking only at the pairs that the pattern allows."
PASSED_PLAIN = "Passed: every result was right and exactly the pattern's pairs were attended."

UNAVAILABLE = (
    "This could not be judged: {reason}. That is our failure, not yours; it costs you nothing. "
    "Please submit again later."
)

INVALID = "The file cannot be judged: {detail}."
DOES_NOT_PARSE = "The file does not parse: {last}. The lines shown point at the place."
FORBIDDEN_WRITE = (
    "Your code wrote to its input. q, k and v are read-only: replace in-place operations on them "
    "(such as q /= 8 or q.mul_()) by new tensors (q = q / 8)."
)
FORBIDDEN_CALL = (
    "The process was stopped because it asked the system for something that no submission needs. "
    "Compute with torch, numpy and the standard library alone."
)
OUT_OF_MEMORY = (
    "The memory limit was hit{where}. Look for a tensor of size n × n, or keys gathered for every "
    "query, and work through the sequence in blocks instead."
)
TIMEOUT = (
    "A call took longer than {seconds:.0f} s{where}. Look for a loop that never ends, or a Python "
    "loop over single queries: work on whole blocks of queries at once."
)
TIMEOUT_WHOLE = (
    "Judging the file took longer than a file may take in all. Make a single call faster: work on "
    "whole blocks of queries at once instead of looping over single ones."
)
TIMEOUT_IMPORT = (
    "Importing the file took too long. Define functions only; leave no work, test or input() at "
    "the top level."
)
RAISED = (
    "Your code raised an error{where}. The traceback shows the line; try the function on inputs of "
    "that shape."
)
RAISED_IMPORT = "Your code raised an error while it was imported. The traceback shows the line."
FLOODED = (
    "Your code printed more than a submission may. Remove the prints, above all those inside loops."
)
DIED = (
    "The process of your code ended before it returned a result{where}{signal}. Look for os._exit, "
    "endless recursion, memory taken from outside torch, or a write through a raw pointer."
)
WRONG_SHAPE = (
    "The result cannot be used: {detail}{where}. Return one plain new tensor of the shape and "
    "dtype of q."
)

WRONG_PAIRS = (
    "The result is wrong because other pairs are attended than the pattern allows: {extra:,} extra "
    "and {missing:,} missing at n = {n}. {example} Compare your mask with the rule at this query, "
    "edges included."
)
EXAMPLE = "Query {query} should see {expected}, but sees {attended} (positions from 0)."

WRONG_OUTPUT = (
    "{but} the numbers are wrong{where}: the error is {error:.1e}, {tolerance:.1e} is tolerated, "
    "in {wrong} of {rows} queries checked. {hint}"
)
RIGHT_PAIRS_BUT = "The probe finds the right pairs, but"
NO_PROBE_BUT = "The function returns, but"
NOT_FINITE = "{but} the result holds NaN or infinity{where}. {hint}"
HINT_NOT_FINITE = (
    "Subtract each row's largest score before exp(), and never take the softmax of a row that is "
    "masked whole."
)
HINT_NOT_FINITE_ELU = (
    "phi(x) = elu(x) + 1 is above zero everywhere: use exp(x) where x is negative, x + 1 elsewhere."
)
HINT_UNSCALED = "It is what attention without the factor 1/sqrt(d) gives: scale the scores."
HINT_SCALED_BY_D = "It is what scores divided by d give: divide by sqrt(d) instead."
HINT_GROUPS = (
    "It is what query heads with the wrong key heads give: query head h uses key head h // groups, "
    "so neighbours share one."
)
HINT_SOFTMAX = (
    "It is what softmax attention gives: here the weights are phi(q)·phi(k) over their sum."
)
HINT_LARGE = (
    "It shows where scores are large: keep the softmax exact by subtracting each row's maximum, "
    "and merge partial results by their log-sum-exp."
)
HINT_LONG = (
    "Short inputs are right: look for what depends on n, and for pairs that are lost or added only "
    "in long sequences (query {query} is the worst)."
)
HINT_SOME_ROWS = "Some queries are right: look at query {query} and at what is special about it."
HINT_GENERAL_ELU = (
    "Check phi(x) = elu(x) + 1 on queries and keys, the division by the sum of their products, "
    "that the own key counts, and that heads and batches do not mix."
)
HINT_GENERAL = (
    "Check the factor 1/sqrt(d), the axis of the softmax, that heads and batches do not mix, and "
    "that nothing is computed in less than float32."
)

TOO_MUCH_MEMORY = (
    "Right, but at n = {n} it needed {peak:.0f} MiB beyond inputs and result, and {limit} MiB are "
    "allowed. Something grows with n²: never make the whole score or mask matrix, work through "
    "the sequence in blocks."
)
TOO_MUCH_TRAFFIC = (
    "Right, but a rank sent {sent:,} bytes among {ranks} ranks at n = {n}, and {limit:,} are "
    "allowed. Send K and V of a shard once to each other rank, as they are, and nothing else."
)
GROWING_MEMORY = (
    "Right, but the process grew by {grown:.1f} MiB over {steps:,} steps, and {limit:g} MiB are "
    "allowed. Keep the sinks and the last window of keys and values, in a buffer that you write "
    "over, and nothing else."
)
COMPUTES_MORE = " You attend to the right pairs, and compute {times:.1f} times as many."
TOO_SLOW = (
    "Right, but only {ratio:.2f} times as fast as {against} at n = {n}; {threshold:g} times is "
    "asked. Masking hides work without skipping it: leave out the blocks of keys that no query "
    "of a block sees."
)
GROWS = (
    "Right, but its time grows like n to the power {slope:.2f}, and less than {limit:g} is asked. "
    "The work per query must not depend on n: make sure that no step touches all keys."
)
GROWTH_UNCLEAR = (
    "Right and fast, but the timing was too noisy to say whether its time grows less than n to the "
    "power {limit:g}: it was {slope:.2f}. It counts neither as passed nor as failed."
)
INCONCLUSIVE = (
    "Right, but the timing was too noisy to say whether it is {threshold:g} times as fast as "
    "{against}: the ratio lies between {low:.2f} and {high:.2f}. It counts neither as passed nor "
    "as failed; make it clearly faster to have it settled."
)

HELD = (
    "Right, and faster than its arithmetic should take on this machine. A person looks at it "
    "before it counts; until then it is neither passed nor failed, and it costs you nothing."
)
HELD_REASON = (
    "{seconds:.5f} s of CPU time, and this machine multiplies no faster than {least:.5f} s "
    "at {call}"
)

REFERENCE_NAMES = {
    "sdpa": "torch's dense attention",
    "naive": "naive dense attention",
    "full_cache": "decoding with the whole cache",
}


def clip(message: str) -> str:
    """Return at most as much as a verdict carries."""
    if len(message) <= MAX_MESSAGE_CHARACTERS:
        return message
    return message[: MAX_MESSAGE_CHARACTERS - 1] + "…"
