"""Addresses of the pages for whoever manages a region."""

from django.urls import path

from contacts.keeping.views import deciding, leaving, listing, one, recording

REGION = "regions/<slug:slug>/"
CONTACTS = f"{REGION}contacts/"
ONE = f"{CONTACTS}<slug:ref>/"

urlpatterns = [
    path(CONTACTS, listing.contacts, name="region-contacts"),
    path(f"{CONTACTS}new/", recording.record, name="record-region-contact"),
    path(f"{CONTACTS}check/", listing.check_several, name="check-region-contacts"),
    path(ONE, one.contact, name="region-contact"),
    path(f"{ONE}change/", recording.change, name="change-region-contact"),
    path(f"{ONE}right/", one.confirm, name="confirm-region-contact"),
    path(f"{ONE}decide/", one.decide, name="decide-region-contact"),
    path(f"{ONE}left/", leaving.left, name="end-region-contact"),
    path(f"{ONE}pass-on/", deciding.pass_on, name="pass-on-region-contact"),
    path(f"{ONE}merge/<slug:other>/", deciding.merge, name="merge-region-contacts"),
    path(f"{REGION}reports/", deciding.reports, name="region-reports"),
    path(f"{REGION}reports/<slug:ref>/", deciding.report, name="region-report"),
    path(f"{REGION}transfers/", deciding.transfers, name="region-transfers"),
    path(f"{REGION}transfers/<slug:ref>/", deciding.transfer, name="region-transfer"),
    path(f"{REGION}duplicates/", deciding.duplicates, name="region-duplicates"),
    path(f"{REGION}merges/<slug:ref>/undo/", deciding.undo_merge, name="undo-region-merge"),
    path("hand-over/", leaving.hand_over_done, name="hand-over-done"),
    path("hand-over/<str:token>/", leaving.hand_over, name="hand-over"),
]
