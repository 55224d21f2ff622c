"""Views that take what a page posts to them, and are no pages themselves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

View = Callable[..., HttpResponse]


def posted_from(page: str, *words: str, ajax: bool = False) -> Callable[[View], View]:
    """Let a view take POSTs alone. Who comes by GET, as after logging in anew, is led to the page it belongs to: its
    name, and which of the URL's words it takes. `ajax`: nobody pressed a button there that would have to be pressed
    again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            if not ajax:
                messages.info(request, "Nothing was done yet: press the button again.")
            return HttpResponseRedirect(reverse(page, args=[kwargs[word] for word in words]))

        return answer

    return decorate
