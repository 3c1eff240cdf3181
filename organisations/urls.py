"""Addresses of this floor."""

from django.urls import URLPattern, URLResolver, include, path

from organisations.outbox.notify import hooks
from organisations.signing_in.reset.views import reset_second_step
from organisations.views import joining, operator, pages, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("organisations.people.urls")),
    path("", include("organisations.audit_trail.urls")),
    path("", include("organisations.joining.urls")),
    path("", include("organisations.exporting.urls")),
    path("", include("organisations.reorganising.urls")),
    path("", include("organisations.support.urls")),
    path("", include("organisations.outbox.preferences.urls")),
    path("operator/outbox/", include("organisations.steering.urls")),
    path("", start.start, name="start"),
    path("organisations/", start.my_organisations, name="my-organisations"),
    path("organisations/<slug:slug>/speak-for/", joining.ask_to_join, name="ask-to-join"),
    path("operator/", operator.waiting_list, name="operator"),
    path("operator/joining/<str:ref>/", operator.decide_joining, name="decide-joining"),
    path("operator/second-step/", reset_second_step, name="reset-second-step"),
    path("hooks/notify/delivery/", hooks.delivery, name="notify-delivery"),
    path("about/", pages.page, {"name": "about"}, name="about"),
    path("privacy/", pages.page, {"name": "privacy"}, name="privacy"),
    path("accessibility/", pages.page, {"name": "accessibility"}, name="accessibility"),
]
