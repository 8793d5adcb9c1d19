"""The staff's door."""

from django.urls import path

from . import (
    acting,
    bulk,
    case,
    duplicates,
    exports,
    filing,
    handing,
    importing,
    inbox,
    lists,
    more,
    parameters,
    posts,
    processes,
    searching,
)

app_name = "workbench"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("inbox/<slug:group>/", more.inbox_more, name="inbox_more"),
    path("handled/", more.handled, name="handled"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("post/", posts.choose_post, name="choose_post"),
    path("search/", searching.find, name="search"),
    path("processes/", processes.processes, name="processes"),
    path("processes/<slug:name>/", processes.process, name="process"),
    path("processes/<slug:name>/<int:version>/", processes.process, name="process_version"),
    path("processes/<slug:name>/<int:version>.bpmn", processes.process_bpmn, name="process_bpmn"),
    path("settings/", parameters.parameters, name="parameters"),
    path("settings/<str:name>/", parameters.parameter, name="parameter"),
    path("matters/<str:number>/", case.case, name="case"),
    path("matters/<str:number>/acts/<slug:action>/", acting.act, name="act"),
    path("papers/<int:paper_id>/", case.paper, name="paper"),
    path("handover/", handing.handovers, name="handovers"),
    path("handover/<int:handover>/", handing.handover, name="handover"),
    path("new/<slug:mechanism>/", filing.new, name="new"),
    path("matters/<str:number>/receipt/", filing.receipt, name="receipt"),
    path("matters/<str:number>/receipt.pdf", filing.receipt_pdf, name="receipt_pdf"),
    path("matters/<str:number>/similar/", case.similar, name="similar"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("imports/", importing.imports, name="imports"),
    path("imports/<int:run>/", importing.import_run, name="import_run"),
    path("imports/<int:run>/progress/", importing.import_progress, name="import_progress"),
    path("imports/<int:run>/mend.xlsx", importing.import_mend, name="import_mend"),
    path("imports/<slug:mechanism>/<slug:action>.xlsx", importing.template, name="import_template"),
    path("<slug:mechanism>/", lists.matters, name="list"),
    path("<slug:mechanism>/views/", lists.keep_view, name="keep_view"),
    path("<slug:mechanism>/export.<slug:kind>", exports.export, name="export"),
    path(
        "<slug:mechanism>/export.<slug:kind>/<uuid:made>/", exports.export_made, name="export_made"
    ),
]
