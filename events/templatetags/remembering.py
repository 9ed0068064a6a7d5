"""Parts of a page that are the same for everybody, made once for each version of the programme."""

from django import template
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

register = template.Library()


@register.tag
def remembered(parser: Parser, token: Token) -> "Remembered":
    """`{% remembered "name" this that %}…{% endremembered %}`: what is between them is made once.

    That is: once for each event, day and version of the programme, and for each value of `this` and `that`, which have
    to name all else that it depends on. Where the first of them is None, and in preview, it is made anew.
    """
    _, name, *depends = token.split_contents()
    inside = parser.parse(("endremembered",))
    parser.delete_first_token()
    return Remembered(name.strip("'\""), [parser.compile_filter(each) for each in depends], inside)


class Remembered(template.Node):
    """The tag's node."""

    def __init__(self, name: str, depends: list[FilterExpression], inside: NodeList) -> None:
        """Take the name, what the content depends on, and the content."""
        self.name, self.depends, self.nodelist = name, depends, inside

    def render(self, context: Context) -> SafeString:
        """Return the content, made now or before."""
        showing = context.get("showing")
        depends = tuple(each.resolve(context, ignore_failures=True) for each in self.depends)
        if showing is None or depends[:1] == (None,):
            return self.nodelist.render(context)
        return showing.remembered((self.name, showing.today, depends), lambda: self.nodelist.render(context))
