"""The desk's pages on which a letter is delivered."""

from django.urls import path

from deliveries.desk import deliveries, numbers, papers, releases

app_name = "deliveries"

ALL = "letters/<slug:slug>/deliveries/"
RELEASE = f"{ALL}releases/<int:number>/"
ONE = f"{ALL}<int:number>/"

urlpatterns = [
    path("releases/<int:number>/", numbers.release, name="release_by_number"),
    path("deliveries/<int:number>/", numbers.delivery, name="delivery_by_number"),
    path(ALL, releases.deliveries, name="deliveries"),
    path(f"{ALL}new/", releases.new, name="new"),
    path(RELEASE, releases.release, name="release"),
    path(f"{RELEASE}approve/", releases.approve, name="approve"),
    path(f"{RELEASE}cancel/", releases.cancel, name="cancel"),
    path(f"{RELEASE}try/", releases.try_out, name="try_out"),
    path(f"{RELEASE}papers/<int:office>/", releases.paper, name="paper"),
    path(ONE, deliveries.delivery, name="delivery"),
    path(f"{ONE}record/", deliveries.record, name="record"),
    path(f"{ONE}not-brought/", deliveries.not_brought, name="not_brought"),
    path(f"{ONE}note/", deliveries.note, name="note"),
    path(f"{ONE}settle/", deliveries.settle, name="settle"),
    path(f"{ONE}again/", deliveries.again, name="again"),
    path(f"{ONE}another-way/", deliveries.another_way, name="another_way"),
    path(f"{ONE}close-page/", deliveries.close_page, name="close_page"),
    path(f"{ONE}new-page/", deliveries.renew_page, name="renew_page"),
    path(f"{ONE}certificate/", papers.certificate, name="certificate"),
    path(f"{ONE}case/", papers.case_file, name="case_file"),
    path(f"{ONE}paper/", papers.to_bring, name="to_bring"),
    path(f"{ONE}cover/", papers.cover, name="cover"),
    path(f"{ONE}receipt/", papers.receipt, name="receipt"),
]
