"""Addresses of the pages for whoever manages a region."""

from django.urls import path

from contacts.keeping.views import listing, one, recording

CONTACTS = "regions/<slug:slug>/contacts/"
ONE = f"{CONTACTS}<slug:ref>/"

urlpatterns = [
    path(CONTACTS, listing.contacts, name="region-contacts"),
    path(f"{CONTACTS}new/", recording.record, name="record-region-contact"),
    path(f"{CONTACTS}check/", listing.check_several, name="check-region-contacts"),
    path(ONE, one.contact, name="region-contact"),
    path(f"{ONE}change/", recording.change, name="change-region-contact"),
    path(f"{ONE}right/", one.confirm, name="confirm-region-contact"),
    path(f"{ONE}decide/", one.decide, name="decide-region-contact"),
]
