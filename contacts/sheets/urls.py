"""Addresses of sheets, below a region's own."""

from django.urls import path

from contacts.sheets.views import imports, steps, taking_out

urlpatterns = [
    path("", imports.sheets, name="sheets"),
    path("new/", imports.bring_in, name="bring-in-sheet"),
    path("template/<str:kind>/", taking_out.template, name="sheet-template"),
    path("export/", taking_out.export, name="export-contacts"),
    path("<str:ref>/", imports.sheet, name="sheet"),
    path("<str:ref>/columns/", steps.columns, name="sheet-columns"),
    path("<str:ref>/duplicates/", steps.duplicates, name="sheet-duplicates"),
    path("<str:ref>/duplicates/all/", steps.all_duplicates, name="sheet-duplicates-all"),
    path("<str:ref>/preview/", taking_out.preview, name="sheet-preview"),
    path("<str:ref>/check/", steps.check_again, name="sheet-check-again"),
    path("<str:ref>/apply/", steps.apply, name="sheet-apply"),
    path("<str:ref>/undo/", steps.undo, name="sheet-undo"),
    path("<str:ref>/discard/", steps.discard, name="sheet-discard"),
]
