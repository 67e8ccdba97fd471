"""Addresses at which there is nothing."""

from typing import NoReturn

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView


@extend_schema(exclude=True)
class Nothing(APIView):
    """Answers whatever no other address takes, as a problem instead of a page."""

    permission_classes = []

    def check_throttles(self, request: Request) -> NoReturn:
        """Say that there is nothing, whoever asks and however, once requests are counted."""
        super().check_throttles(request)
        raise Http404
