"""Whether the page of a concept helped."""

from django.db.models import Count, Q
from django.utils import timezone

from assessments.models import User, Vote
from question_bank.models import Concept

LONGEST_COMMENT = 500


def vote(user: User, concept: Concept, *, helped: bool, comment: str = "") -> Vote:
    """Record what a person thinks of a concept's page, in place of what they thought before."""
    told = {
        "helped": helped,
        "comment": comment.strip()[:LONGEST_COMMENT],
        "voted_at": timezone.now(),
    }
    return Vote.objects.update_or_create(user=user, concept=concept, defaults=told)[0]


def votes_of(concept: Concept) -> dict[str, int]:
    """Return how many a concept's page has helped, as ``yes``, and how many not, as ``no``."""
    return concept.votes.aggregate(
        yes=Count("pk", filter=Q(helped=True)), no=Count("pk", filter=Q(helped=False))
    )
