"""The page of the rule for small numbers: which holds, what each member asks for, choosing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.small_numbers import presenters, selectors, services
from initiatives.small_numbers.forms import RuleForm
from initiatives.suppression.rules import DEFAULT, stricter
from organisations import permissions
from organisations.actor import ActingRequest
from organisations.addresses import page_of
from organisations.forms import data_for
from organisations.permissions import Permission
from partnerships.record.selectors import partnership_of


@require_http_methods(["GET", "HEAD", "POST"])
def small_numbers(request: ActingRequest, ref: str) -> HttpResponse:
    """The rule that holds in a partnership, and for managers the choice of their member's."""
    actor, partnership = request.actor, partnership_of(request.actor, ref)
    if request.method == "POST":
        permissions.require(actor, Permission.CHOOSE_SMALL_NUMBER_RULE, partnership)
    choices = selectors.choices_of(partnership)
    own = [each for each in choices if each.organisation.pk == actor.organisation_id]
    now = own[0].row.rule if own and own[0].row else DEFAULT.key
    form = RuleForm(data_for(request), actor=actor, now=now)

    def work() -> str:
        rule = form.cleaned_data["rule"]
        services.choose_rule(by=actor, partnership=partnership, rule=rule)
        return page_of(actor, "small-numbers", ref=partnership.ref)

    if request.method == "POST" and form.is_valid() and (url := form.carry_out(work)):
        messages.success(request, "Rule saved")
        return redirect(url)
    context = {
        "partnership": partnership,
        "holds": presenters.in_words(stricter(each.rule for each in choices)),
        "choices": presenters.choices_table(choices),
        "form": form
        if permissions.can(actor, Permission.CHOOSE_SMALL_NUMBER_RULE, partnership)
        else None,
    }
    return render(request, "small_numbers/rule.jinja", context)
