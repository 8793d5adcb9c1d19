"""The staff's door."""

from django.urls import path

from . import acting, bulk, case, inbox, lists, more, posts, rules, searching

app_name = "workbench"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("inbox/<slug:group>/", more.inbox_more, name="inbox_more"),
    path("handled/", more.handled, name="handled"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("post/", posts.choose_post, name="choose_post"),
    path("search/", searching.find, name="search"),
    path("processes/", rules.processes, name="processes"),
    path("settings/", rules.rules, name="rules"),
    path("matters/<str:number>/", case.case, name="case"),
    path("matters/<str:number>/acts/<slug:action>/", acting.act, name="act"),
    path("papers/<int:paper_id>/", case.paper, name="paper"),
    path("<slug:mechanism>/", lists.matters, name="list"),
]
