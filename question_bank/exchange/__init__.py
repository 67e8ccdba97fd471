"""Questions to files of other systems and back.

``plan`` says what an import would do, item by item, and changes nothing; ``apply`` does exactly
that in one transaction, or nothing. What is imported is a draft: no learner sees it before it is
handed in, approved and published like any other. ``export`` writes what is live, or the draft of
what is not. ``FORMATS`` are the formats.
"""

from question_bank.exchange.applying import Imported, ImportRefusedError, apply
from question_bank.exchange.exporting import Exported, export
from question_bank.exchange.formats import FORMATS, FileFormat
from question_bank.exchange.planning import Change, Plan, Source, plan

__all__ = [
    "FORMATS",
    "Change",
    "Exported",
    "FileFormat",
    "ImportRefusedError",
    "Imported",
    "Plan",
    "Source",
    "apply",
    "export",
    "plan",
]
