"""What the form says: a sentence for each kind, labels and how each value is written."""

KINDS_IN_A_SENTENCE = {
    "choice": "One right answer among several.",
    "multi": "Several right answers among more, with a scheme that says what each tick earns.",
    "matching": "Premises, each with the option that fits it.",
    "numeric": "A number that a pattern or a cost gives for parameters drawn anew each time.",
    "short": "A few words, compared with those that you accept.",
    "ordering": "Items to be put in order.",
    "essay": "A text that a person marks by a rubric.",
    "design": "An attention stack that learners design; its figures are computed as they type.",
    "case": "A scenario and two to six questions about it, answered together.",
}

#: How an answer is written in an author's test.
ANSWERS = {
    "choice": "The number of a choice as it stands below, from 1.",
    "multi": "The numbers of the choices to tick, from 1, with commas between: 1, 3.",
    "matching": "The number of an option for each pair, with commas between. Options are numbered "
    "as they first stand in the pairs, then the distractors.",
    "numeric": "A number; [[answer]] and expressions over the parameters in [[ ]] are filled in.",
    "short": "The words as a learner types them.",
    "ordering": "The keys of the items in an order, with commas between.",
    "essay": "The text as a learner writes it. Until a person marks it, it earns 0.",
    "case": "A line for each question, written as for a question of its kind.",
    "code": "A code question has none: its solutions below are graded in a trial.",
}

LABELS = {
    "bloom": "Bloom level",
    "match_case": "Capitals count",
    "tests": "Author tests",
    "otherwise": "Feedback to any other wrong answer",
    "n": "Length n",
    "kv_heads": "KV heads",
    "before": "Pairs whose order matters",
    "told": "What is wrong",
}

HELPS = {
    "concepts": "The most tested concept first.",
    "difficulty": "1 (easy) to 5 (hard).",
    "stem": "Markdown; formulas between $ signs. Values of a number question stand in [[ ]].",
    "explanation": "Markdown, shown once the answer is right or has been tried twice.",
    "pattern": "Such as causal & window(w) | sinks(2). The mask below is drawn from it.",
    "credit": "From 0 to 1.",
    "values": "Each is as likely; give these, or low and high.",
    "low": "A whole number, or an expression over the parameters above.",
    "high": "A whole number, or an expression over the parameters above.",
    "edges": "One draw in four takes one of these.",
    "query": "From 1; a whole number or an expression.",
    "rule": "How far off a number may be.",
    "words": "An asterisk stands for any text.",
    "before": "Without any, the order as written is the only right one.",
    "weight": "Only with marking by weights: from -1 to 1.",
    "unit": "Empty for a count.",
    "value": "The number that this idea leads to; or give a pattern or an answer.",
    "form": "Each field: a number that is fixed, or what learners may set, as 0 to 32, or as a few "
    "numbers with commas between: 1, 2, 4.",
    "start": "What the form holds at first, for the fields that learners set.",
    "fails": "The keys of the constraints that the design does not meet.",
    "known_by": "The fields by which the design is known; all where none is named.",
    "solutions": "Files whose verdict you know; no learner sees them. A trial grades them before "
    "the question is published: at least one has to pass and one to fail.",
    "told": "In a sentence, what is wrong with it.",
    "expected": "Passed, or a failure; several failures where any of them will do.",
    "key": "A short name that tests and pairs use: small letters, digits and hyphens.",
}


def label_of(name: str) -> str:
    """Return the label of a value by its name in the schema."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def singular(name: str) -> str:
    """Return what one of several is called."""
    label = label_of(name).lower()
    known = {
        "author tests": "author test",
        "pairs whose order matters": "pair",
        "rubric": "criterion",
    }
    if label in known:
        return known[label]
    return label[:-1] if label.endswith("s") else label
