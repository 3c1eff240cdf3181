"""Addresses of calendars elsewhere, below the organisation's calendar."""

from django.urls import path

from calendars.elsewhere import views
from calendars.pages import BASE

HERE = f"{BASE}elsewhere/"
FILE = f"{HERE}files/<str:ref>/"
ADDRESS = f"{HERE}addresses/<str:ref>/"

urlpatterns = [
    path(HERE, views.elsewhere, name="calendars-elsewhere"),
    path(f"{HERE}<str:purpose>/file/", views.bring_in, name="bring-calendar-file"),
    path(f"{HERE}<str:purpose>/address/", views.add, name="add-calendar-address"),
    path(FILE, views.file, name="calendar-file"),
    path(f"{FILE}terms/<str:year>/", views.check_terms, name="calendar-file-terms"),
    path(f"{FILE}undo/", views.undo, name="undo-calendar-file"),
    path(ADDRESS, views.address, name="calendar-address"),
    path(f"{ADDRESS}terms/<str:year>/", views.check_found_terms, name="calendar-address-terms"),
    path(f"{ADDRESS}read/", views.read_now, name="read-calendar-now"),
    path(f"{ADDRESS}stop/", views.stop, name="stop-calendar-address"),
    path(f"{ADDRESS}leave/", views.leave, name="leave-found-terms"),
]
