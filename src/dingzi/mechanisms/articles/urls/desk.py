"""Articles in the staff's door: writing, editing, looking at what is not public yet."""

from django.urls import path

from ..views import editing

app_name = "articles_desk"
urlpatterns = [
    path("write/", editing.write, name="write"),
    path("from-text/", editing.from_text, name="from_text"),
    path("<str:number>/edit/", editing.edit, name="edit"),
    path("<str:number>/image-<int:place>.webp", editing.picture, name="picture"),
    path("<str:number>/preview/", editing.preview, name="preview"),
]
