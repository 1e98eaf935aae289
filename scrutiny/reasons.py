"""Why a signature waits for a person, in words that accuse nobody; the code is kept, the words are shown."""

from django.utils.translation import gettext_noop as _

SENTENCES = {
    "trap": _("The field that people do not see was filled in."),
    "no_work": _("Its browser ran the page's script, yet did not do the little work that the page asks for."),
    "disposable": _("Its mailbox is at a service for addresses that are thrown away."),
    "no_mail_server": _("Nobody can get mail at the domain of its address."),
    "odd_name": _("The name has digits, runs along the keyboard or is written in capitals only."),
    "watched_name": _("The name is on the watch list."),
    "claimed_title": _("The name claims a title or an office."),
    "claimed_office": _("The role or affiliation claims a public office."),
    "same_name": _("The same name signed several times within an hour, from one network or mail domain."),
    "same_shape": _("Many addresses of the same pattern came within the hour."),
    "one_browser": _("Nearly all who signed lately came with one browser, which few people use."),
    "hosting": _("It came from a network of servers."),
    "tor": _("It came through Tor."),
    "no_languages": _("Its browser named no language."),
    "hasty": _("It was confirmed within seconds of its mail, or not by a click of a person."),
    "unconfirmed_network": _("Most of what came from its network was never confirmed."),
    "another_name": _("The new name is more than another spelling of the old one."),
    "renamed_often": _("The name was corrected several times already."),
    "resembles": _("The name resembles that of another organisation."),
}


def sentences(codes: list[str]) -> str:
    """The English sentences of some codes, one a line, as they are kept with a decision."""
    return "\n".join(SENTENCES[code] for code in codes)
