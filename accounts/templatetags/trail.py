"""A line of the trail, for who reads it: `{{ line|doer }}`, `{{ line|said }}` and `line|facts`."""

from django import template

from accounts import acts

register = template.Library()

register.filter(acts.doer)
register.filter(acts.said)
register.filter(acts.facts)
