"""A sitting: its pages, the summary, the end, and the review. Every page is a form that works
without script: whichever button is pressed, what was typed is saved first.
"""

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import own_sitting, visible_sittings
from assessments.models import Assessment, Attempt, Sitting
from assessments.services import (
    SittingOverError,
    SourceTooLargeError,
    SubmittedBeforeError,
    TooManySubmissionsError,
    WithdrawnError,
    ask_again,
    check,
    flag,
    hand_in,
    submit_code,
)
from assessments.services.handing_in import settled
from assessments.services.journal import save_forms
from assessments.timing import instant_feedback, is_going_on, still_takes
from assessments.web import review_page, sitting_page
from assessments.web.answer_forms import form_of
from assessments.web.forms import answer_fields, source_bytes
from assessments.web.journals import form_sent
from assessments.web.orders import moved
from assessments.web.papers import Paper
from assessments.web.requests import SignedIn, find, fragment, kept_for, the_one
from assessments.web.sitting_forms import came_back, changed
from question_bank.kinds import DesignPage
from question_bank.models import Question
from question_bank.variants import variant_of

PRACTICE = Assessment.Kind.PRACTICE
Typed = Mapping[Attempt, Mapping[str, str]]


def _where_it_ended(sitting: Sitting, now: datetime) -> HttpResponse:
    """Lead to the review, or while the grace time runs to the page that says that time is up."""
    if sitting.handed_in_at is None and still_takes(sitting, now):
        return redirect("web:over", sitting.pk)
    hand_in(sitting, now=now)
    return redirect("web:review", sitting.pk)


@login_required
@never_cache
@require_safe
def sitting(request: SignedIn, pk: int) -> HttpResponse:
    """Lead to where a sitting stands: its first page, or its review."""
    mine = the_one(own_sitting(request.user, pk))
    if is_going_on(mine, timezone.now()):
        return redirect("web:sitting_page", pk, 1)
    return _where_it_ended(mine, timezone.now())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Show a page of a sitting, or take what was typed on it."""
    now = timezone.now()
    mine = the_one(own_sitting(request.user, pk))
    if request.method != "POST" and not is_going_on(mine, now):
        return _where_it_ended(mine, now)
    paper = Paper(mine)
    if not 1 <= number <= len(paper.pages):
        raise Http404
    if request.method == "POST":
        return _take(request, paper, number, now)
    return _page(request, paper, number, now)


def _take(request: SignedIn, paper: Paper, number: int, now: datetime) -> HttpResponse:
    """Save what was typed, then do what the button says."""
    posted, focus = answer_fields(request.POST), ""
    if move := posted.pop("move", ""):
        posted, focus = moved(posted, move)
    page = paper.pages[number - 1]
    typed = came_back(posted, page)
    said = changed(typed, paper.saved)
    if said:
        save_forms({one: form_sent(one, said[one], request.POST) for one in said}, now)
        paper.read_again()
    if not still_takes(paper.sitting, now):
        return _too_late(request, paper, typed, now)
    if not is_going_on(paper.sitting, now):
        return redirect("web:over", paper.sitting.pk)
    if focus := focus or posted.get("look", ""):
        return _page(request, paper, number, now, typed=typed, focus=focus)
    if (again := posted.get("again", "")) and paper.sitting.assessment.kind == PRACTICE:
        return _ask_again(request, paper, number, again, now)
    if mark := posted.get("flag", ""):
        place, _colon, on = mark.partition(":")
        if place.isascii() and place.isdigit():
            flag(paper.sitting, int(place[:5]), flagged=on == "1")
        return _to(paper, number)
    return _go(request, paper, number, typed, now)


def _ask_again(
    request: SignedIn, paper: Paper, number: int, place: str, now: datetime
) -> HttpResponse:
    page = paper.pages[number - 1]
    there = {str(one.place) for one in page if one.question.kind != Question.Kind.CODE}
    if place not in there:
        return _to(paper, number)
    wanted = int(place)
    try:
        ask_again(paper.sitting, wanted, now=now)
    except (SittingOverError, WithdrawnError):
        messages.info(request, _("This question cannot be asked again now."))
    where = reverse("web:sitting_page", args=[paper.sitting.pk, number])
    return redirect(f"{where}#question-{wanted + 1}")


def _go(request: SignedIn, paper: Paper, number: int, typed: Typed, now: datetime) -> HttpResponse:
    of_code = paper.pages[number - 1][0].question.kind == Question.Kind.CODE
    way = request.POST.get("go", "submit" if of_code else "check")
    if way == "submit" and of_code:
        return _submit(request, paper, number, typed, now)
    if way == "check" and instant_feedback(paper.sitting.assessment) and not of_code:
        return _check(request, paper, number, typed, now)
    if way == "summary":
        return redirect("web:summary", paper.sitting.pk)
    if way.isascii() and way.isdigit() and 1 <= int(way[:5]) <= len(paper.pages):
        return _to(paper, int(way[:5]))
    return _to(paper, number)


def _to(paper: Paper, number: int) -> HttpResponse:
    return redirect("web:sitting_page", paper.sitting.pk, number)


def _check(
    request: SignedIn, paper: Paper, number: int, typed: Typed, now: datetime
) -> HttpResponse:
    faults = check(paper.sitting, typed, now=now)
    if faults:
        return _page(request, paper, number, now, status=422, typed=typed, faults=faults)
    return _to(paper, number)


def _submit(
    request: SignedIn, paper: Paper, number: int, typed: Typed, now: datetime
) -> HttpResponse:
    (attempt,) = paper.pages[number - 1]

    def refused(fault: Exception, status: int) -> HttpResponse:
        faults = {attempt.pk: str(fault)}
        return _page(request, paper, number, now, status=status, typed=typed, faults=faults)

    try:
        submission = submit_code(request.user, attempt, source_bytes(request))
    except SourceTooLargeError as fault:
        return refused(fault, 413)
    except SubmittedBeforeError as before:
        told = _("You have submitted this code already, as submission %(number)d.")
        messages.info(request, told % {"number": before.submission.number})
    except TooManySubmissionsError as fault:
        return refused(fault, 429)
    except SittingOverError as fault:
        return refused(fault, 409)
    else:
        messages.success(
            request, _("Submission %(number)d has been received.") % {"number": submission.number}
        )
    return _to(paper, number)


def _page(
    request: SignedIn,
    paper: Paper,
    number: int,
    now: datetime,
    *,
    status: int = 200,
    typed: Typed | None = None,
    faults: Mapping[int, str] | None = None,
    focus: str = "",
) -> HttpResponse:
    context = sitting_page.context(
        paper, number, now, typed=typed, faults=faults, focus=focus, query=request.GET.get("query")
    )
    shown = render(request, "web/sittings/page.html", context, status=status)
    return kept_for(request.user, shown)


def _too_late(request: SignedIn, paper: Paper, typed: Typed, now: datetime) -> HttpResponse:
    """Show what came after the end, which counts no more, so that it is not lost to its author."""
    paper.sitting = hand_in(paper.sitting, now=now)
    late = [
        {"title": attempt.question.title, "fields": list(answer.values())}
        for attempt, answer in changed(typed, paper.saved).items()
    ]
    context = {"sitting": paper.sitting, "assessment": paper.sitting.assessment, "late": late}
    return render(request, "web/sittings/over.html", context, status=409)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def at_place(request: SignedIn, pk: int, place: int) -> HttpResponse:
    """Lead to the page that asks a question, or take what is typed for it."""
    mine = the_one(own_sitting(request.user, pk))
    for number, asked in enumerate(Paper(mine).pages, start=1):
        if any(attempt.place == place for attempt in asked):
            return (
                page(request, pk, number)
                if request.method == "POST"
                else redirect("web:sitting_page", pk, number)
            )
    raise Http404


@fragment
@require_POST
def figures(request: SignedIn, pk: int, place: int) -> HttpResponse:
    """Work out what a design comes to while it is being made; nothing is marked or kept."""
    mine = the_one(own_sitting(request.user, pk))
    attempt = find(
        Attempt.objects.select_related("version"),
        sitting=mine,
        place=place,
        question__kind=Question.Kind.DESIGN,
    )
    asked = variant_of(attempt.version, attempt.seed).page
    assert isinstance(asked, DesignPage)
    form = form_of(asked, answer_fields(request.POST))
    return render(request, "web/parts/design_live.html", {"form": form})


@login_required
@never_cache
@require_safe
def summary(request: SignedIn, pk: int) -> HttpResponse:
    """Show what is answered and what is not, before handing in."""
    now = timezone.now()
    mine = the_one(own_sitting(request.user, pk))
    if not is_going_on(mine, now):
        return _where_it_ended(mine, now)
    return render(request, "web/sittings/summary.html", sitting_page.summary(Paper(mine), now))


@login_required
@require_POST
def hand_in_sitting(request: SignedIn, pk: int) -> HttpResponse:
    """Hand a sitting in."""
    mine = the_one(own_sitting(request.user, pk))
    hand_in(mine)
    messages.success(request, _("You have handed it in."))
    return redirect("web:review", pk)


@login_required
@never_cache
@require_safe
def over(request: SignedIn, pk: int) -> HttpResponse:
    """Say that time is up, and that what was typed before the end counts."""
    now = timezone.now()
    mine = the_one(own_sitting(request.user, pk))
    if is_going_on(mine, now):
        return redirect("web:sitting", pk)
    mine = settled(mine, now)
    context = {"sitting": mine, "assessment": mine.assessment, "course": mine.assessment.course}
    return render(request, "web/sittings/over.html", context)


@login_required
@never_cache
@require_safe
def review(request: SignedIn, pk: int) -> HttpResponse:
    """Show a sitting that has been handed in, with its marks once they are released."""
    now = timezone.now()
    if own := own_sitting(request.user, pk):
        found = settled(own, now)
        if found.handed_in_at is None:
            return redirect("web:sitting", pk)
    else:
        related = visible_sittings(request.user).select_related("assessment__course", "learner")
        found = find(related, pk=pk)
    context = review_page.context(Paper(found), request.user, now)
    return render(request, "web/sittings/review.html", context)
