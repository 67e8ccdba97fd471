"""What the form of a design shows: its fields, what the design comes to, and how that is known."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.web.design_plots import design_plots
from assessments.web.prose import render, render_inline
from assessments.web.writing_forms import writing_form
from grader.costs import weight_bytes
from question_bank.kinds import DesignPage
from question_bank.kinds.design_figures import ALWAYS_SHOWN, TOLD, Figures, Load, in_unit
from question_bank.kinds.design_form import LABELS, LAYERS, Bounds, UnreadableDesignError

Held = Mapping[str, str]


def design_form(page: DesignPage, held: Held) -> dict[str, Any]:
    """Return the form of a design, filled with what it holds, or with what it begins with."""
    fields = page.desk.fields.open()
    values = held if any(name in held for name in fields) else page.start.as_answer()
    figures, faults = _worked_out(page, values)
    shown = [
        {
            "name": name,
            "label": _(LABELS[name]),
            "value": values.get(name, ""),
            "options": [str(number) for number in bounds.one_of],
            "help": _between(bounds),
            "fault": faults.get(name, ""),
            "of_layers": name in LAYERS,
        }
        for name, bounds in fields.items()
    ]
    return {
        "about": _about(page),
        "layers": [one for one in shown if one["of_layers"]],
        "layers_help": _("Together %(layers)d.") % {"layers": page.desk.model.layers},
        "layers_fault": faults.get("layers", ""),
        "rest": [one for one in shown if not one["of_layers"]],
        "standing": _standing(page, figures, len(faults)),
        "requirements": list(_requirements(page, figures)),
        "figures": list(_figures(page, figures)),
        "plots": design_plots(page, figures),
        "marked": render_inline(page.marked),
        "formulas": render(_formulas(page)),
        "writing": writing_form(page.writing, held.get("text", "")) if page.writing else None,
    }


def _worked_out(page: DesignPage, values: Held) -> tuple[Figures | None, dict[str, str]]:
    """Return the figures of the design that is typed, or what keeps it from being one, by field."""
    try:
        return Figures(page.desk.read(values), page.load), {}
    except UnreadableDesignError as fault:
        return None, fault.faults


def _between(bounds: Bounds) -> str:
    if bounds.one_of:
        return ""
    return _("%(least)s to %(most)s") % {
        "least": f"{bounds.least:,}",
        "most": f"{bounds.most:,}",
    }


def _about(page: DesignPage) -> str:
    load = page.load
    return _("%(model)s on one %(accelerator)s, texts of %(tokens)s tokens.") % {
        "model": load.model.name,
        "accelerator": load.accelerator.name,
        "tokens": f"{load.tokens:,}",
    }


def _standing(page: DesignPage, figures: Figures | None, faults: int) -> str:
    """Return where the design stands, in a sentence that is spoken when it changes."""
    if figures is None:
        return ngettext(
            "Not worked out: %(number)d thing needs another value.",
            "Not worked out: %(number)d things need another value.",
            faults,
        ) % {"number": faults}
    met = sum(one.is_met(figures.value(one.quantity)) for one in page.requirements)
    numbers = {"met": met, "total": len(page.requirements)}
    return _("%(met)d of %(total)d requirements met.") % numbers


def _requirements(page: DesignPage, figures: Figures | None) -> Iterator[dict[str, Any]]:
    for one in page.requirements:
        value = None if figures is None else figures.value(one.quantity)
        yield {
            "title": one.title,
            "bound": one.bound_words,
            "value": "–" if value is None else one.words(value),
            "known": value is not None,
            "met": value is not None and one.is_met(value),
        }


def _figures(page: DesignPage, figures: Figures | None) -> Iterator[dict[str, str]]:
    asked = {one.quantity for one in page.requirements}
    for quantity, told in TOLD.items():
        if quantity in ALWAYS_SHOWN or quantity in asked:
            value = "–" if figures is None else in_unit(figures.value(quantity), told.unit)
            yield {"title": _(told.title), "value": value}


def _formulas(page: DesignPage) -> str:
    """Return the formula and the source of each figure, and what is given, as Markdown."""
    asked = {one.quantity for one in page.requirements}
    lines = [_("| Figure | Formula | Source |"), "|---|---|---|"]
    for quantity, told in TOLD.items():
        if quantity in ALWAYS_SHOWN or quantity in asked:
            cells = (_(text) for text in (told.title, told.formula, told.source))
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", _("| | Given | | Source |"), "|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in _given(page.load)]
    lines += ["", str(_LETTERS)]
    return "\n".join(lines)


def _given(load: Load) -> Iterator[tuple[str, str, str, str]]:
    model, machine = load.model, load.accelerator
    weights = weight_bytes(model, load.weight_bits)
    of_model, of_machine = model.source, machine.source
    yield "$n$", _("tokens of a text"), f"{load.tokens:,}", _("the case")
    yield "", _("layers"), str(model.layers), of_model
    yield "$h_q$", _("query heads"), str(model.q_heads), of_model
    yield "$d$", _("dimension of a head"), str(model.head_dim), of_model
    yield "$P$", _("parameters"), f"{model.parameters:,}", of_model
    yield (
        "$W$",
        _("weights at %(bits)d bits") % {"bits": load.weight_bits},
        in_unit(weights, "GB"),
        _("computed"),
    )
    yield "$M$", _("memory for the cache"), in_unit(load.budget, "GiB"), _("computed, or the case")
    yield "$R$", _("bandwidth"), f"{in_unit(machine.bandwidth, 'GB')}/s", of_machine
    yield "$F$", _("peak at 16 bits"), f"{in_unit(machine.peak_flops, 'TFLOP')}/s", of_machine


_LETTERS = gettext_lazy(
    r"The form sets $B$ texts at a time, $h_{kv}$ KV heads, $b$ bits of a cached value, $p$ tokens "
    r"in a page, and for each layer $\ell$ its window $w_\ell$ and $s$ first tokens. A dense layer "
    r"keeps and sees $e_\ell = n$ entries, one with a window $e_\ell = \min(n, w_\ell + s)$. "
    "Softmax, norms, activations and the scales of quantised values are left out, so that times "
    "are floors."
)
