"""The admin's pages for marking: the piles that wait, and one text after the other."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import access
from assessments.admin.marking import page
from assessments.admin.marking.form import given_in
from assessments.admin.marking.piles import Pile, listed, pile_of
from assessments.admin.scoped import ReadOfCourses
from assessments.models import User, WaitingText
from assessments.services import (
    NotNowError,
    OutOfRubricError,
    ReasonMissingError,
    StaleMarkError,
    mark_text,
    take_back,
)
from assessments.services.marks import texts_of

_TEMPLATES = "admin/assessments/waitingtext"
_STALE = gettext_lazy(
    "Somebody else has marked this text since you opened it. Nothing of theirs or yours is lost: "
    "compare both below, then keep theirs or save yours with a reason."
)


@admin.register(WaitingText)
class WaitingTextAdmin(ReadOfCourses):
    """The texts that wait or have been marked, in piles and one by one."""

    def within(self, user: access.Person) -> QuerySet[WaitingText]:
        """Return the texts that the person may mark."""
        return access.markable_texts(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingText]:
        """Return them, for a superuser too: nobody marks their own."""
        return access.markable_texts(request.user)

    @property
    def media(self) -> Media:
        """The pages' own style, and their shortcuts."""
        return Media(
            css={"all": ["question_bank/admin.css", "admin/marking/marking.css"]},
            js=["admin/marking/marking.js"],
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the address that leads to the text of a pile that waits next."""
        onward = self.admin_site.admin_view(self.onward)
        name = "assessments_waitingtext_onward"
        return [path("onward/", onward, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, _extra: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the piles, of all courses and assessments or of one."""
        if not self.has_view_permission(request):
            raise Http404
        piles = listed(_person(request))
        courses = {one.course.slug: one.course for one in piles}
        chosen = request.GET.get("course", "")
        if chosen in courses:
            piles = [one for one in piles if one.course.slug == chosen]
        context = {
            "title": _("Texts to be marked"),
            "waiting": [one for one in piles if one.waiting],
            "marked": [one for one in piles if not one.waiting],
            "number": sum(one.waiting for one in piles),
            "courses": list(courses.values()),
            "chosen": chosen,
            "zone": timezone.get_current_timezone_name(),
        }
        return self._page(request, "piles.html", context)

    def onward(self, request: HttpRequest) -> HttpResponseRedirect:
        """Go to the text of a pile that waits longest, or to its first where none waits."""
        keys = [request.GET.get(name, "") for name in ("course", "question", "assessment")]
        if not all(key.isascii() and key.isdigit() for key in keys[:2]):
            raise Http404
        pile = Pile(int(keys[0]), int(keys[1]), int(keys[2]) if keys[2].isdigit() else None)
        user = _person(request)
        found = page.next_waiting(pile, user)
        first = pile.texts(user).values_list("pk", flat=True).first()
        if first is None:
            raise Http404
        return HttpResponseRedirect(_address(found or first, pile.course))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        _form_url: str = "",
        _extra: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one text with its rubric, or take what is decided about it."""
        user = _person(request)
        rows = self.get_queryset(request).select_related(
            "attempt__version", "attempt__question", "attempt__sitting__assessment"
        )
        text = get_object_or_404(rows, pk=object_id if object_id.isdigit() else 0)
        pile = pile_of(user, text, request.GET.get("course", ""))
        if request.method == "POST":
            return self._decide(request, text, pile, user)
        return self._show(request, text, pile, user)

    def _decide(
        self, request: HttpRequest, text: WaitingText, pile: Pile, user: User
    ) -> HttpResponse:
        typed, reason = request.POST, request.POST.get("reason", "")
        seen = int(typed["seen"]) if typed.get("seen", "").isdigit() else None
        try:
            if "take_back" in typed:
                take_back(text, user, seen=seen, reason=reason)
            else:
                given = given_in(texts_of(text.attempt), typed)
                comment = typed.get("comment", "").replace("\r\n", "\n")
                mark_text(text, user, given, comment=comment, seen=seen, reason=reason)
        except StaleMarkError:
            return self._show(request, text, pile, user, typed=typed, fault=str(_STALE), status=409)
        except (OutOfRubricError, ReasonMissingError, NotNowError) as refusal:
            fault = str(refusal)
            return self._show(request, text, pile, user, typed=typed, fault=fault, status=422)
        return self._go_on(request, text, pile, user)

    def _go_on(
        self, request: HttpRequest, text: WaitingText, pile: Pile, user: User
    ) -> HttpResponse:
        done = _("Saved.")
        if "take_back" in request.POST:
            done = _("Taken back; it waits again.")
        to = text.pk
        if "next" in request.POST:
            found = page.next_waiting(pile, user, after=text.pk)
            if found is None:
                done = _("Saved. No other answer to this question waits.")
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:assessments_waitingtext_changelist"))
            to = found
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(_address(to, pile.course, names="names" in request.GET))

    def _show(
        self,
        request: HttpRequest,
        text: WaitingText,
        pile: Pile,
        user: User,
        *,
        typed: Mapping[str, str] | None = None,
        fault: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = page.context(text, pile, user, typed=typed)
        names = "names" in request.GET
        context |= {
            "title": _("Mark: %(question)s") % {"question": context["question"]},
            "name": text.attempt.learner.get_username() if names else "",
            "query": _query(pile.course, names=names),
            "other_query": _query(pile.course, names=not names),
            "fault": fault,
            "stale": status == 409,
        }
        return self._page(request, "text.html", context, status=status)

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        shared = {"opts": self.model._meta, "media": self.media}
        shared |= self.admin_site.each_context(request)
        return TemplateResponse(
            request, f"{_TEMPLATES}/{template}", shared | context, status=status
        )


def _person(request: HttpRequest) -> User:
    """Return who asks; the admin has let in nobody but people with an account."""
    assert isinstance(request.user, User)
    return request.user


def _query(course: int, *, names: bool) -> str:
    return "?" + urlencode({"course": course} | ({"names": 1} if names else {}))


def _address(text: int, course: int, *, names: bool = False) -> str:
    place = reverse("admin:assessments_waitingtext_change", args=[text])
    return place + _query(course, names=names)
