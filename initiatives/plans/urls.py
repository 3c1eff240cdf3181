"""Addresses of initiatives, below their partnership. The page of one is in `overview`."""

from django.urls import path

from initiatives.plans import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/initiatives/"
ONE = f"{BASE}<str:initiative>/"

urlpatterns = [
    path(BASE, views.initiatives, name="initiatives"),
    path(f"{BASE}new/", views.choose_template, name="choose-template"),
    path(f"{BASE}new/<slug:template>/", views.start, name="start-initiative"),
    path(f"{ONE}change/", views.change, name="change-initiative"),
    path(f"{ONE}stage/", views.move, name="move-initiative"),
    path(f"{ONE}decision/", views.decide, name="decide-on-pilot"),
    path(f"{ONE}lead/<slug:side>/", views.lead, name="name-lead"),
    path(f"{ONE}copy/", views.copy, name="copy-initiative"),
    path(f"{ONE}withdraw/", views.withdraw, name="withdraw-initiative"),
    path(f"{ONE}plan/add/<slug:kind>/", views.add_line, name="add-plan-line"),
    path(f"{ONE}plan/<str:line>/", views.change_line, name="change-plan-line"),
]
