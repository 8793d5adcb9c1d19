"""How every form is rendered: label, help, what is wrong, field."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """``FORM_RENDERER``: ``{{ form }}`` and ``{{ form.name.as_field_group }}`` use our templates."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
