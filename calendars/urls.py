"""Addresses of an organisation's own calendar."""

from django.urls import path

from calendars.pages import BASE
from calendars.views import calendar, points, schools, terms

TERMS = f"{BASE}terms/<str:year>/"
SCHOOLS = f"{BASE}schools/"
SCHOOL = f"{SCHOOLS}<slug:school>/"
SCHOOL_TERMS = f"{SCHOOL}terms/<str:year>/"
POINT = f"{BASE}points/<slug:key>/"
PERIODS = f"{BASE}periods/"

urlpatterns = [
    path(BASE, calendar.calendar, name="calendar"),
    path(TERMS, terms.term_dates, name="term-dates"),
    path(f"{TERMS}paste/", terms.paste_term_dates, name="paste-term-dates"),
    path(f"{TERMS}file/", terms.term_dates_file, name="term-dates-file"),
    path(f"{TERMS}inherit/", terms.inherit, name="inherit-term-dates"),
    path(f"{TERMS}copy/", schools.copy, name="copy-term-dates"),
    path(f"{TERMS}training/", terms.inset_days, name="inset-days"),
    path(SCHOOLS, schools.schools, name="calendar-schools"),
    path(SCHOOL, schools.school, name="school-calendar"),
    path(SCHOOL_TERMS, terms.term_dates, name="school-term-dates"),
    path(f"{SCHOOL_TERMS}paste/", terms.paste_term_dates, name="school-paste-term-dates"),
    path(f"{SCHOOL_TERMS}file/", terms.term_dates_file, name="school-term-dates-file"),
    path(f"{SCHOOL_TERMS}inherit/", terms.inherit, name="school-inherit-term-dates"),
    path(f"{SCHOOL_TERMS}copy/", schools.copy, name="school-copy-term-dates"),
    path(f"{SCHOOL_TERMS}training/", terms.inset_days, name="school-inset-days"),
    path(POINT, points.point, name="pressure-point"),
    path(f"{POINT}hide/", points.hide, name="hide-point"),
    path(f"{POINT}show/", points.show_again, name="show-point"),
    path(f"{POINT}change/", points.change, name="change-point"),
    path(f"{POINT}official/", points.official_again, name="official-point"),
    path(f"{PERIODS}new/", points.add_period, name="add-period"),
    path(f"{PERIODS}<str:period>/", points.change_period, name="change-period"),
    path(f"{PERIODS}<str:period>/remove/", points.remove_period, name="remove-period"),
]
