"""The address of the search."""

from django.urls import path

from overview.search import views

urlpatterns = [path("o/<slug:organisation_slug>/search/", views.search, name="search")]
