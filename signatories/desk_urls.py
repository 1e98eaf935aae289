from django.urls import path

from letters import desk_urls as writing
from organisations import desk_urls as organisations
from scrutiny import desk as site
from scrutiny import watch_desk
from signatories import (
    archive_desk,
    asked_desk,
    bundle_desk,
    desk,
    look_desk,
    neighbours_desk,
    overview,
    queue_desk,
)

app_name = "desk"

ONE = "letters/<slug:slug>/"

urlpatterns = [
    path("", desk.letters, name="letters"),
    path("site/", site.site, name="site"),
    path("site/limits/<str:name>/", site.move, name="move_limit"),
    path("site/switches/<str:name>/", site.throw, name="throw_switch"),
    path("site/banner/", site.announce, name="announce"),
    path("site/watch-list/", watch_desk.watch_list, name="watch_list"),
    path("site/watch-list/add/", watch_desk.watch, name="watch"),
    path("site/watch-list/<int:number>/end/", watch_desk.end, name="end_watched"),
    *writing.urlpatterns,
    *organisations.urlpatterns,
    path(ONE, desk.letter, name="letter"),
    path(f"{ONE}archiving/", archive_desk.archive_page, name="archive"),
    path(f"{ONE}archiving/do/", archive_desk.archive, name="do_archive"),
    path(f"{ONE}overview/", overview.overview, name="overview"),
    path(f"{ONE}overview/<slug:name>.csv", overview.chart, name="chart"),
    path(f"{ONE}queue/", queue_desk.queue_of, name="queue"),
    path(f"{ONE}queue/claim/", queue_desk.claim, name="claim"),
    path(f"{ONE}queue/together/", bundle_desk.together, name="together"),
    path(f"{ONE}queue/asked/", asked_desk.asked, name="asked"),
    path(f"{ONE}queue/asked/<str:public_id>/", asked_desk.wait_no_longer, name="wait_no_longer"),
    path(f"{ONE}second-look/", look_desk.second_looks, name="second_looks"),
    path(f"{ONE}second-look/<str:public_id>/", look_desk.look, name="look"),
    path(f"{ONE}decisions/", queue_desk.decisions, name="decisions"),
    path(f"{ONE}decisions/<int:number>/undo/", queue_desk.undo, name="undo"),
    path(f"{ONE}signatures/<str:public_id>/neighbours/", neighbours_desk.neighbours, name="neighbours"),
    path(f"{ONE}signatures/<str:public_id>/", queue_desk.decide, name="decide"),
]
