"""Addresses of items for gateways: below their partnership, and one from the gateway."""

from django.urls import path

from partnerships.agenda import views

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/agenda/"
ONE = f"{BASE}<str:item>/"

urlpatterns = [
    path(
        "o/<slug:organisation_slug>/gateways/<str:gateway>/bring-an-item/",
        views.bring_item,
        name="bring-item",
    ),
    path(BASE, views.items, name="agenda-items"),
    path(f"{BASE}new/", views.choose_gateway, name="choose-gateway"),
    path(f"{BASE}new/<str:gateway>/", views.plan, name="plan-item"),
    path(ONE, views.item_page, name="agenda-item"),
    path(f"{ONE}change/", views.change, name="agenda-item-change"),
    path(f"{ONE}withdraw/", views.withdraw, name="agenda-item-withdraw"),
    path(f"{ONE}sent/", views.step, {"step": "sent"}, name="agenda-item-sent"),
    path(f"{ONE}heard/", views.step, {"step": "heard"}, name="agenda-item-heard"),
    path(f"{ONE}decided/", views.step, {"step": "decided"}, name="agenda-item-decided"),
]
