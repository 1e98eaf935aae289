"""The desk's pages on which a letter is delivered."""

from django.urls import path

from deliveries import delivery_desk, desk, proof_desk

app_name = "deliveries"

ALL = "letters/<slug:slug>/deliveries/"
RELEASE = f"{ALL}releases/<int:number>/"
ONE = f"{ALL}<int:number>/"

urlpatterns = [
    path(ALL, desk.deliveries, name="deliveries"),
    path(f"{ALL}new/", desk.new, name="new"),
    path(RELEASE, desk.release, name="release"),
    path(f"{RELEASE}approve/", desk.approve, name="approve"),
    path(f"{RELEASE}cancel/", desk.cancel, name="cancel"),
    path(f"{RELEASE}try/", desk.try_out, name="try_out"),
    path(f"{RELEASE}papers/<int:office>/", desk.paper, name="paper"),
    path(ONE, delivery_desk.delivery, name="delivery"),
    path(f"{ONE}record/", delivery_desk.record, name="record"),
    path(f"{ONE}note/", delivery_desk.note, name="note"),
    path(f"{ONE}settle/", delivery_desk.settle, name="settle"),
    path(f"{ONE}again/", delivery_desk.again, name="again"),
    path(f"{ONE}another-way/", delivery_desk.another_way, name="another_way"),
    path(f"{ONE}certificate/", proof_desk.certificate, name="certificate"),
    path(f"{ONE}case/", proof_desk.case_file, name="case_file"),
    path(f"{ONE}cover/", proof_desk.cover, name="cover"),
    path(f"{ONE}receipt/", proof_desk.receipt, name="receipt"),
]
