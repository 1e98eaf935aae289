from django.urls import path

from search import desk

app_name = "search"

urlpatterns = [path("search/", desk.search, name="search")]
