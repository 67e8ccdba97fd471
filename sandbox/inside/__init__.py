"""The only room that shares a process with a learner's code.

It is shown inside the sandbox, alone: of this project nothing else is there, and nothing else may
be imported here. Everything in it is at the learner's mercy once their code has run, so nothing
that decides a verdict is decided here: a false answer can only harm the one who gives it
(THREATS.md).
"""
