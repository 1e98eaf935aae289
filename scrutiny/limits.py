"""Every threshold in one table: what holds unless the desk has said otherwise."""

from scrutiny.models import Limit

# What of the signatures confirmed under one letter within a quarter of an hour a person looks at
SWEEP = {
    "surge": 50,  # more than that, and more than so many times what is usual at this hour
    "surge_times_usual": 6,
    "at_one_domain": 40,  # more than that outside the large providers, and more than this share
    "at_one_domain_in_100": 25,
    "from_one_network": 40,  # more than that, and something else that they share:
    "from_one_network_points": 20,  # each has so many points,
    "from_one_network_per_domain": 5,  # or so many are at each of their domains outside the large providers
    "from_one_network_in_100": 80,
    "too_fast": 20,  # so many at least, half of them within so many seconds of their mail
    "too_fast_seconds": 20,
    "aged": 40,  # more than that, and this share, confirmed so many hours after their mail
    "aged_in_100": 25,
    "aged_hours": 24,
    "aged_times_usual": 6,  # and so many times what is usual a day after many have signed
    "nights_looked_at": 200,  # so many of one country within a day, and in each four hours of it at least
    "nights_in_100": 13,  # this share; the same at all hours would be 16.7, of people 3 to 5 confirm by night
    "answered_mails": 200,  # of so many mails that left 1 to 24 hours ago
    "answered_in_100_low": 25,
    "answered_in_100_high": 97,
}
# The score of an attempt: what each suspicion weighs, and from how many points on a person looks
SCORE = {
    "score_held_after_confirming": 30,
    "score_held_before_mail": 60,
    "points_for_trap": 40,
    "points_for_no_work": 10,
    "points_for_disposable": 25,
    "points_for_no_mail_server": 60,
    "points_for_odd_name": 10,
    "points_for_watched_name": 60,
    "points_for_same_name": 20,
    "points_for_same_shape": 20,
    "points_for_one_browser": 15,
    "points_for_hosting": 10,
    "points_for_tor": 5,
    "points_for_no_languages": 5,
    "points_for_hasty": 15,
    "points_for_unconfirmed_network": 20,
    # what some of these look for, under one letter
    "same_names_in_1_hour": 3,
    "same_shapes_in_1_hour": 20,
    "same_shapes_in_100": 20,
    "browsers_looked_at": 200,
    "one_browser_in_100": 80,
    "unconfirmed_from_network": 30,
    "unconfirmed_in_100": 70,
    "seconds_between_mail_and_confirming": 5,
}
DEFAULTS = {
    # mail that anybody could have asked for, to one address, over the whole site
    "mails_per_address_in_10_minutes": 1,
    "mails_per_address_in_24_hours": 3,
    # from one network under one letter, free: carriers put thousands of phones behind one address
    "attempts_per_network_in_1_minute": 30,
    "attempts_per_network_in_10_minutes": 200,
    "attempts_per_network_in_1_hour": 1000,
    # from one mail domain under one letter, the large providers aside; a new one was first seen a day ago
    "attempts_per_domain_in_1_hour": 100,
    "attempts_per_new_domain_in_1_hour": 20,
    # mail is braked where more of it comes back or is complained about, or where less of it is confirmed
    "bounces_in_100_mails": 8,
    "complaints_in_1000_mails": 3,
    "confirmed_in_100_mails": 10,
    # of so many held by themselves and decided within seven days, how many moderators may have let go
    "restored_of_decided": 20,
    "restored_in_100": 20,
    # names that one network may report under one letter, and reports of one name that wait for one decision
    "reports_per_network_in_24_hours": 20,
    "open_reports_per_name": 200,
    # corrections of a person's name that stand before a moderator looks at the next
    "corrections_unseen": 2,
    # invitations and reminders that the hosts of one letter send
    "invitations_per_letter_in_24_hours": 500,
    # colleagues whom the speakers of one organisation let into its space, each of whom gets a mail
    "colleagues_per_space_in_24_hours": 10,
    # organisations for whom one gives its word from its space
    "words_per_space_in_24_hours": 5,
    # names that the people of one organisation propose for it in its space
    "names_proposed_per_space_in_24_hours": 3,
    # pages of a hundred names: of one browser in a network, and of all there, the first page aside
    "list_pages_per_network_in_10_minutes": 200,
    "list_pages_per_crowd_in_10_minutes": 2000,
    # files that one network has checked on the page for that, and pages of offices that it opens or posts to
    "files_checked_per_network_in_10_minutes": 60,
    "office_pages_per_network_in_10_minutes": 200,
    # signatures that one of the staff looks at closely; above it they prove who is there, and others are told
    "signatures_looked_at_in_1_hour": 200,
    # news of a letter for its signers: from one update to the next
    "days_between_updates": 7,
    **SWEEP,
    **SCORE,
}


def limits(*names: str) -> dict[str, int]:
    """The named thresholds as they are in force, in one query; a `Limit` row replaces the default."""
    moved = dict(Limit.objects.filter(name__in=names).values_list("name", "value"))
    return {name: moved.get(name, DEFAULTS[name]) for name in names}


def limit(name: str) -> int:
    """One threshold as it is in force."""
    return limits(name)[name]
