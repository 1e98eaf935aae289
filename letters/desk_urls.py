"""The desk's pages for who writes, and for who works on a letter; signatories/desk_urls.py maps the desk."""

from django.urls import path

from letters import changes, corrections, drafts, ends, history, people, previews

ONE = "letters/<slug:slug>/"
DRAFT = f"{ONE}draft/"

urlpatterns = [
    path("letters/new/", drafts.new, name="new"),
    path(f"{ONE}people/", people.people, name="people"),
    path(f"{ONE}people/<int:number>/take/", people.take, name="take_role"),
    path(f"{ONE}trail/", people.trail, name="trail"),
    path(f"{ONE}versions/", history.compare, name="versions"),
    path(f"{ONE}change/", changes.change, name="change"),
    path(f"{ONE}change/begin/", changes.begin, name="amend"),
    path(f"{ONE}corrections/", corrections.corrections, name="corrections"),
    path(f"{ONE}corrections/<str:language>/", corrections.correct, name="correct"),
    path(f"{ONE}corrections/<int:number>/publish/", corrections.publish, name="publish_correction"),
    path(f"{ONE}corrections/<int:number>/discard/", corrections.discard, name="discard_correction"),
    path(f"{ONE}duplicate/", drafts.duplicate, name="duplicate"),
    path(f"{ONE}closing/", ends.closing_page, name="closing"),
    path(f"{ONE}closing/move/", ends.close, name="close"),
    path(f"{ONE}taking-down/", ends.take_down_page, name="take_down"),
    path(f"{ONE}taking-down/do/", ends.take_down, name="do_take_down"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}text/", drafts.begin_translation, name="begin_translation"),
    path(f"{DRAFT}text/<str:language>/", drafts.text, name="text"),
    path(f"{DRAFT}text/<str:language>/review/", drafts.review, name="review"),
    path(f"{DRAFT}preview/", previews.preview, name="preview"),
    path(f"{DRAFT}as-read/", previews.as_read, name="as_read"),
    path(f"{DRAFT}facts/", drafts.facts, name="facts"),
    path(f"{DRAFT}recipients/", drafts.recipient, name="new_recipient"),
    path(f"{DRAFT}recipients/<int:number>/", drafts.recipient, name="recipient"),
    path(f"{DRAFT}authors/", drafts.author, name="new_author"),
    path(f"{DRAFT}authors/<int:number>/", drafts.author, name="author"),
    path(f"{DRAFT}authors/<int:number>/move/", drafts.move_author, name="move_author"),
    path(f"{DRAFT}discard/", changes.discard, name="discard_draft"),
    path(f"{DRAFT}propose/", drafts.propose, name="propose"),
    path(f"{DRAFT}publish/", drafts.publish, name="publish"),
]
