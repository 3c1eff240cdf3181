"""The address of the rule for small numbers, below its partnership."""

from django.urls import path

from initiatives.small_numbers import views

urlpatterns = [
    path(
        "o/<slug:organisation_slug>/partnerships/<str:ref>/small-numbers/",
        views.small_numbers,
        name="small-numbers",
    ),
]
