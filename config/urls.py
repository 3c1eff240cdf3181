"""Every address of Tandem, floor by floor."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("organisations.signing_in.urls")),
    path("account/", include("allauth.urls")),
    path("", include("organisations.health_urls")),
    path("", include("organisations.urls")),
    path("", include("contacts.urls")),
    path("", include("calendars.urls")),
    path("", include("calendars.elsewhere.urls")),
    path("", include("partnerships.record.urls")),
    path("", include("partnerships.conversations.urls")),
    path("", include("partnerships.touchpoints.urls")),
    path("", include("partnerships.diary.quiet_urls")),
    path("", include("partnerships.actions.urls")),
    path("", include("partnerships.agenda.urls")),
    path("", include("partnerships.agreements.urls")),
    path("", include("partnerships.reviews.urls")),
    path("", include("partnerships.aims.urls")),
    path("", include("partnerships.wins.urls")),
    path("", include("initiatives.small_numbers.urls")),
    path("", include("initiatives.plans.urls")),
    path("", include("initiatives.measures.urls")),
    path("", include("initiatives.reflections.urls")),
    path("", include("initiatives.sessions.urls")),
    path("", include("initiatives.review.urls")),
    path("", include("overview.history_import.urls")),
    path("", include("overview.search.urls")),
    path("", include("overview.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("overview.demo.urls")))

handler400 = "overview.errors.bad_request"
handler403 = "overview.errors.forbidden"
handler404 = "overview.errors.not_found"
# allauth's answer to too many attempts.
handler429 = "organisations.signing_in.rate_limits.too_many"
handler500 = "overview.errors.server_error"
