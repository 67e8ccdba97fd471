"""How often somebody may ask, told with each answer."""

import math
import time
from typing import TYPE_CHECKING, Any

import structlog
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)


class Rate(SimpleRateThrottle):
    """Requests of a person, or of an address where nobody has signed in, within a minute.

    They are counted in the cache: in a shared one for all processes, else in each on its own. A
    cache that does not answer holds nobody up.
    """

    scope = "api"
    num_requests: int
    duration: int

    def get_cache_key(self, request: Request, _view: "APIView") -> str:
        """Return whose requests are counted."""
        signed_in = request.user is not None and request.user.is_authenticated
        who = f"user-{request.user.pk}" if signed_in else f"address-{self.get_ident(request)}"
        return f"rate:{self.scope}:{who}"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Whether this one still may; what is left is remembered for the headers."""
        try:
            allowed: bool = super().allow_request(request, view)
        except Exception:
            log.exception("rate_not_counted")
            return True
        request._request.rate = self._told(allowed)  # type: ignore[attr-defined]
        return allowed

    def _told(self, allowed: bool) -> dict[str, Any]:
        taken = len(self.history)
        oldest = self.history[-1] if self.history else time.time()
        return {
            "RateLimit-Limit": self.num_requests,
            "RateLimit-Remaining": max(0, self.num_requests - taken) if allowed else 0,
            "RateLimit-Reset": max(0, math.ceil(oldest + self.duration - time.time())),
        }


def tell(request: Request, response: Response) -> None:
    """Put into an answer's headers how much of the rate is left."""
    for name, value in getattr(request._request, "rate", {}).items():
        response[name] = str(value)
