"""The desk's pages for who writes, and for who works on a letter; signatories/desk_urls.py maps the desk."""

from django.urls import path

from letters import changes, corrections, drafts, ends, history, people, previews

ONE = "letters/<slug:slug>/draft/"

urlpatterns = [
    path("letters/new/", drafts.new, name="new"),
    path("letters/<slug:slug>/people/", people.people, name="people"),
    path("letters/<slug:slug>/people/<int:number>/take/", people.take, name="take_role"),
    path("letters/<slug:slug>/trail/", people.trail, name="trail"),
    path("letters/<slug:slug>/versions/", history.compare, name="versions"),
    path("letters/<slug:slug>/change/", changes.change, name="change"),
    path("letters/<slug:slug>/change/begin/", changes.begin, name="amend"),
    path("letters/<slug:slug>/corrections/", corrections.corrections, name="corrections"),
    path("letters/<slug:slug>/corrections/<str:language>/", corrections.correct, name="correct"),
    path(
        "letters/<slug:slug>/corrections/<int:number>/publish/",
        corrections.publish,
        name="publish_correction",
    ),
    path(
        "letters/<slug:slug>/corrections/<int:number>/discard/",
        corrections.discard,
        name="discard_correction",
    ),
    path("letters/<slug:slug>/duplicate/", drafts.duplicate, name="duplicate"),
    path("letters/<slug:slug>/closing/", ends.closing_page, name="closing"),
    path("letters/<slug:slug>/closing/move/", ends.close, name="close"),
    path("letters/<slug:slug>/taking-down/", ends.take_down_page, name="take_down"),
    path("letters/<slug:slug>/taking-down/do/", ends.take_down, name="do_take_down"),
    path(ONE, drafts.draft, name="draft"),
    path(f"{ONE}text/", drafts.begin_translation, name="begin_translation"),
    path(f"{ONE}text/<str:language>/", drafts.text, name="text"),
    path(f"{ONE}text/<str:language>/review/", drafts.review, name="review"),
    path(f"{ONE}preview/", previews.preview, name="preview"),
    path(f"{ONE}as-read/", previews.as_read, name="as_read"),
    path(f"{ONE}facts/", drafts.facts, name="facts"),
    path(f"{ONE}recipients/", drafts.recipient, name="new_recipient"),
    path(f"{ONE}recipients/<int:number>/", drafts.recipient, name="recipient"),
    path(f"{ONE}authors/", drafts.author, name="new_author"),
    path(f"{ONE}authors/<int:number>/", drafts.author, name="author"),
    path(f"{ONE}authors/<int:number>/move/", drafts.move_author, name="move_author"),
    path(f"{ONE}discard/", changes.discard, name="discard_draft"),
    path(f"{ONE}propose/", drafts.propose, name="propose"),
    path(f"{ONE}publish/", drafts.publish, name="publish"),
]
