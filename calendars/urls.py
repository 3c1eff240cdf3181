"""Addresses of an organisation's own calendar."""

from django.urls import path

from calendars.pages import BASE
from calendars.views import calendar

urlpatterns = [
    path(BASE, calendar.calendar, name="calendar"),
]
