"""Articles in the public's door."""

from django.urls import path

from ..views import commenting, feed, reading

app_name = "articles"
urlpatterns = [
    path("", reading.articles, name="list"),
    path("feed.atom", feed.feed, name="feed"),
    path("<int:pk>/", reading.article, name="article"),
    path("<int:pk>/qr-<int:block>.svg", reading.qr, name="qr"),
    path("<int:pk>/image-<int:number>.webp", reading.picture, name="picture"),
    path("<int:pk>/comments/", commenting.say, name="say"),
]
