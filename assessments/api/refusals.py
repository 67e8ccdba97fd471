"""What services of authors and instructors refuse, as problems."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.access import Right, may
from assessments.api.problems import Problem
from assessments.models import User
from assessments.services.accommodations import AccommodationRefusedError
from assessments.services.building import BeingSatError, NotReadyError
from question_bank.authoring import AuthoringError, SavedMeanwhileError
from question_bank.contents import ContentRefusedError

Errors = list[dict[str, str]]


def require(user: User, *rights: Right) -> None:
    """Make sure that whoever sees the bank has these rights in it. Raises ``PermissionDenied``."""
    if not may(user, *rights):
        raise PermissionDenied


@contextmanager
def refusals(field: str = "") -> Iterator[None]:
    """Turn what is refused inside into problems; ``field`` is what it is about. Raises them."""
    try:
        yield
    except ContentRefusedError as fault:
        errors = faults_below(fault, field)
        raise Problem(422, "invalid-content", _no_content(), errors=errors) from fault
    except SavedMeanwhileError as fault:
        raise Problem(412, "changed-since", str(fault)) from fault
    except (AuthoringError, NotReadyError) as fault:
        errors = [{"field": field, "reason": reason} for reason in fault.reasons]
        raise Problem(409, "not-now", str(fault), errors=errors) from fault
    except BeingSatError as fault:
        raise Problem(409, "being-sat", str(fault)) from fault
    except AccommodationRefusedError as fault:
        errors = [{"field": fault.field, "reason": str(fault)}]
        raise Problem(422, "refused", str(fault), errors=errors) from fault


def faults_below(fault: ContentRefusedError, field: str) -> Errors:
    """Return the faults of a content, each at its key below a field."""
    return [
        {"field": ".".join(filter(None, [field, one.key])), "reason": one.reason}
        for one in fault.faults
    ]


def _no_content() -> str:
    return _("This is no content of its kind: see errors.")
