"""The organisation's space; it opens beside the private page of its signature, or of an invitation."""

from django.urls import path

from spaces import name_views, second_views, views, word_views

app_name = "spaces"

ALL = "organisations/"
ONE = f"{ALL}<str:organisation>/"

urlpatterns = [
    path(ALL, views.home, name="home"),
    path(f"{ALL}sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("m/<str:token>/space/", views.open_space, name="open"),
    path("o/<str:token>/space/", views.open_invited, name="open_invited"),
    path(ONE, views.space, name="space"),
    path(f"{ONE}facts/", views.facts, name="facts"),
    path(f"{ONE}logo/", views.logo, name="logo"),
    path(f"{ONE}record/", views.record, name="record"),
    path(f"{ONE}colleagues/", views.let_in, name="let_in"),
    path(f"{ONE}colleagues/<int:number>/go/", views.let_go, name="let_go"),
    path(f"{ONE}two/", second_views.two_sign, name="two_sign"),
    path(f"{ONE}waiting/<int:number>/confirm/", second_views.confirm, name="confirm"),
    path(f"{ONE}waiting/<int:number>/no/", second_views.refuse, name="refuse"),
    path(f"{ONE}names/", name_views.names, name="names"),
    path(f"{ONE}names/<int:number>/back/", name_views.take_name_back, name="take_name_back"),
    path(f"{ONE}words/", word_views.words, name="words"),
    path(f"{ONE}words/<int:number>/back/", word_views.take_word_back, name="take_word_back"),
    path(f"{ONE}letters/<slug:slug>/sign/", views.sign, name="sign"),
    path(f"{ONE}letters/<slug:slug>/withdraw/", views.withdraw, name="withdraw"),
]
