"""Our own layout objects for crispy-forms: groups of fields, and questions with a template of their own."""

from crispy_forms.layout import LayoutObject
from django.forms import Form
from django.template import Context
from django.template.loader import render_to_string


class Group(LayoutObject):
    """Fields under one legend, with a hint; the group is named in `part`, for the style sheet."""

    template = "%s/layout/group.html"

    def __init__(self, legend: str, *fields: object, hint: str = "", part: str = "") -> None:
        """Take the legend and the names of the fields, or other layout objects."""
        self.legend, self.fields, self.hint, self.part = legend, list(fields), hint, part

    def render(self, form: Form, context: Context, template_pack: str = "", **kwargs: object) -> str:
        """Return the group as HTML."""
        inside = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template % template_pack, {"group": self, "inside": inside})


class Question(LayoutObject):
    """Something with a template of its own, which finds what it needs in `about`."""

    def __init__(self, template: str, about: object = None) -> None:
        """Take the template, and what it is about."""
        self.template, self.about, self.fields = template, about, []

    def render(self, form: Form, context: Context, template_pack: str = "", **kwargs: object) -> str:
        """Return the question as HTML."""
        with context.push(form=form, about=self.about):
            return render_to_string(self.template, context.flatten())
