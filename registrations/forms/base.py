"""What every form of the journey has in common: no attribute that blocks, letters in one form, our own templates."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from events.letters import plain
from registrations import folding

ADDRESS = "Enter an e-mail address such as name@example.org."


class Text(forms.CharField):
    """A text of one line or several. No `maxlength`, which would cut what is pasted without a word."""

    def __init__(self, label: str, limit: int, *, token: str = "", missing: str = "", **kwargs: Any) -> None:
        """Take the label, the longest text there is room for, the autocomplete token, and what to say if it is empty.

        Without `missing` it may be left empty.
        """
        # Named, because it is read apart from its field as well: in the summary of what is wrong.
        long = f"“{label}” can be %(limit_value)d characters long; it is %(show_value)d."
        said = {"required": missing, "max_length": long}
        kwargs.setdefault("widget", forms.TextInput())
        super().__init__(label=label, max_length=limit, required=bool(missing), error_messages=said, **kwargs)
        if token:
            self.widget.attrs["autocomplete"] = token

    def to_python(self, value: object) -> str:
        """Return the text in one form of letters, without marks that turn the direction of what follows."""
        return plain(super().to_python(value)).strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Return no attributes."""
        return {}


class Address(Text, forms.EmailField):
    """An e-mail address."""

    def __init__(self, label: str, *, token: str = "email", missing: str = "", **kwargs: Any) -> None:
        """Take the label, the autocomplete token, and what to say if it is empty."""
        widget = forms.EmailInput(attrs={"spellcheck": "false"})
        super().__init__(label, 254, token=token, missing=missing, widget=widget, **kwargs)
        self.error_messages["invalid"] = ADDRESS

    def to_python(self, value: object) -> str:
        """Return the address as it is written to."""
        return folding.address(super().to_python(value))

    def run_validators(self, value: str) -> None:
        """Say one thing of an address: what is far too long is no address either."""
        try:
            super().run_validators(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.error_list[-1:]) from error


def tick(label: str, hint: str = "") -> forms.BooleanField:
    """Return a box to tick, empty unless somebody ticks it."""
    return forms.BooleanField(label=label, required=False, help_text=hint)


class StepForm(forms.Form):
    """The questions of one step. `title` and `layout` are those of its page."""

    use_required_attribute = False
    layout: tuple = ()

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms lays it out: the fields only, because the page has the form's frame."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*(self.layout or self.fields))
        return helper

    @property
    def same_for_all(self) -> tuple | None:
        """What the form's HTML depends on, beside the programme, while nobody has answered anything; then None."""
        return None if self.is_bound or any(self.initial.values()) else (type(self).__name__, *self.offered())

    def offered(self) -> tuple:
        """Return what is offered at this moment, where that changes without the programme."""
        return ()

    def answers(self) -> dict[str, Any]:
        """Return what the draft keeps of a valid form: plain values that JSON holds."""
        return dict(self.cleaned_data)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each fault with the id of the control it is about; the id is empty for the form as a whole."""
        listed = [("", message) for message in self.non_field_errors()]
        for name in self.errors:
            if name in self.fields:
                listed += [(self.control(name), message) for message in self.errors[name]]
        return listed

    def control(self, name: str) -> str:
        """Return the id of the first control of a field."""
        bound = self[name]
        return f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
