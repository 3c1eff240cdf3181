"""Addresses of agreements, below their partnership."""

from django.urls import path

from partnerships.agreements import (
    document_views,
    file_views,
    paper_views,
    renewal_views,
    signing_views,
    transfer_views,
    views,
)

BASE = "o/<slug:organisation_slug>/partnerships/<str:ref>/agreements/"
ONE = f"{BASE}<str:agreement>/"

urlpatterns = [
    path(BASE, views.agreements, name="agreements"),
    path(f"{BASE}new/", views.start, name="start-agreement"),
    path(ONE, views.agreement_page, name="agreement"),
    path(f"{ONE}details/", views.details, name="agreement-details"),
    path(f"{ONE}clauses/<str:clause>/", views.clause, name="agreement-clause"),
    path(f"{ONE}text/", views.text, name="agreement-text"),
    path(f"{ONE}agreement.docx", document_views.word, name="agreement-docx"),
    path(f"{ONE}agreement.pdf", document_views.pdf, name="agreement-pdf"),
    path(f"{ONE}compare/", views.compare, name="agreement-compare"),
    path(f"{ONE}stage/", views.stage, name="agreement-stage"),
    path(f"{ONE}signatory/", signing_views.signatory, name="agreement-signatory"),
    path(f"{ONE}sign/", signing_views.sign, name="agreement-sign"),
    path(f"{ONE}files/new/", file_views.add, name="agreement-file-add"),
    path(f"{ONE}files/<str:file>/", file_views.get, name="agreement-file"),
    path(f"{ONE}files/<str:file>/remove/", file_views.remove, name="agreement-file-remove"),
    path(f"{ONE}papers/new/", paper_views.add, name="agreement-paper-add"),
    path(f"{ONE}papers/<str:paper>/", paper_views.change, name="agreement-paper"),
    path(f"{ONE}papers/<str:paper>/end/", paper_views.end, name="agreement-paper-end"),
    path(f"{ONE}renew/", renewal_views.renew, name="agreement-renew"),
    path(f"{ONE}transfer/", transfer_views.transfer, name="agreement-transfer"),
    path(f"{ONE}end/", views.end, name="agreement-end"),
]
