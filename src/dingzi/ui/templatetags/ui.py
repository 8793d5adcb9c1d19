"""``{% load ui %}``: the components of every page. README.md of this app lists them with examples."""

from django import template

from dingzi.ui.tags import figures, forms, matters, parts, words

register = template.Library()
for part in (figures, forms, matters, parts, words):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
