"""The desk's pages about organisations; they stand in the one map of the desk (signatories/desk_urls.py)."""

from django.urls import path

from organisations import desk, proposals_desk

ONE = "organisations/<str:organisation>/"

urlpatterns = [
    path("organisations/", desk.directory, name="organisations"),
    path(ONE, desk.organisation, name="organisation"),
    path(f"{ONE}facts/", desk.facts, name="organisation_facts"),
    path(f"{ONE}calls/", desk.call, name="organisation_call"),
    path(f"{ONE}words/", desk.vouch, name="organisation_word"),
    path(f"{ONE}evidence/<int:number>/revoke/", desk.revoke, name="organisation_revoke"),
    path(f"{ONE}record/", desk.check, name="organisation_record"),
    path(f"{ONE}changes/<int:number>/", proposals_desk.decide_change, name="organisation_change"),
    path(f"{ONE}names/", desk.add_name, name="organisation_names"),
    path(f"{ONE}names/<int:number>/", desk.name, name="organisation_name"),
    path(f"{ONE}names/proposed/<int:number>/", proposals_desk.decide, name="organisation_proposed_name"),
]
