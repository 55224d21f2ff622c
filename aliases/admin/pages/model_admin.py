"""What all admins here have in common: a request that none of their pages sends is answered with a page or a redirect.

Django takes most of what stands in a query for granted: lookups of any field, keys that are numbers, names of fields.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR, IncorrectLookupParameters
from django.core.exceptions import FieldError, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin

#: What a list's filters put behind the name of their field.
FILTERED = ("", "__exact", "__id__exact", "__isnull", "__isempty")
#: How often a change is tried, where others come between; and PostgreSQL's codes for that: deadlock, serialisation.
ATTEMPTS, UNDONE = 3, ("40P01", "40001")
#: Words of a search.
MOST_WORDS = 30
#: A row's key: no table has more of them.
ROW = re.compile(r"[0-9]{1,18}")


class Rows(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """Ticks of rows. A key that no table has is no choice, as any other that is none."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > 18:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(one)[:20]})
        return super().clean(value)


class SturdyAdmin(Admin):
    #: Of the list, where Django's own, “Select … to view”, would be no sentence.
    list_title = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        titled = {"title": self.list_title} if self.list_title else {}
        return super().changelist_view(request, {**titled, **(extra_context or {})})

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **{**kwargs, "form_class": Rows})

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """What the list's own filters ask, and nothing else: other lookups would tell of fields that are not shown."""
        if not request:
            return False
        named = [one[0] if isinstance(one, list | tuple) else one for one in self.get_list_filter(request)]
        named += [one.parameter_name for one in named if hasattr(one, "parameter_name")]  # filters of our own
        return any(lookup == f"{name}{end}" for name in named if isinstance(name, str) for end in FILTERED)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():  # so that what the database refuses ends no transaction around it
                return super().get_changelist_instance(request)
        except (
            DisallowedModelAdminLookup,
            DisallowedModelAdminToField,
            FieldError,
            ValidationError,
            ValueError,
            OverflowError,
            DataError,
        ) as error:
            # Django then leads to the list as it is, with ?e=1.
            raise IncorrectLookupParameters(str(error)) from error

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What Django finds: each word is a condition, and of those databases take a limited number."""
        if len(search_term.split()) > MOST_WORDS:
            messages.warning(request, f"Nothing is looked for: a search has at most {MOST_WORDS} words.")
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id) if ROW.fullmatch(object_id) else None

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django leads back to the admin's first page; what was typed for what is deleted meanwhile is shown first."""
        if request.method == "POST":
            raise Http404(
                f"The {opts.verbose_name} was deleted while you were editing it. What you typed stands below."
            )
        redirect: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return redirect

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Do what was chosen with the rows that there can be."""
        self.narrow(request, ACTION_CHECKBOX_NAME, [row for row in self.chosen(request) if ROW.fullmatch(row)])
        answer = super().response_action
        return unhurried(request, lambda: answer(request, *args, **kwargs))

    def chosen(self, request: HttpRequest) -> list[str]:
        return request.POST.getlist(ACTION_CHECKBOX_NAME)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        self.forget_what_is_not_offered(request)
        answer = super().changeform_view
        return unhurried(request, lambda: answer(request, object_id, form_url, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        self.forget_what_is_not_offered(request)
        answer = super().delete_view
        return unhurried(request, lambda: answer(request, object_id, extra_context))

    def forget_what_is_not_offered(self, request: HttpRequest) -> None:
        """A button that no form here has; and the name of the field that a popup is to answer with, unless there is a
        popup and Django lets it."""
        self.narrow(request, "_saveasnew", None)
        field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        popup = IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
        if field is not None and not (popup and field and self.to_field_allowed(request, field)):
            self.narrow(request, TO_FIELD_VAR, None)

    @staticmethod
    def narrow(request: HttpRequest, name: str, values: list[str] | None) -> None:
        """Put other values in place of those that a request has under a name; with None, none."""
        parts: list[str] = ["POST", "GET"]
        for part in parts:
            data: QueryDict = getattr(request, part)
            if name in data:
                data = data.copy()
                if values is None:
                    del data[name]
                else:
                    data.setlist(name, values)
                setattr(request, part, data)


def unhurried(request: HttpRequest, view: Callable[[], Any]) -> Any:
    """Answer a request again whose transaction was undone because another's came between: what that one did is then
    seen, and told of at its field."""
    for _ in range(ATTEMPTS - 1 if request.method == "POST" else 0):
        try:
            return view()
        except ObjectDoesNotExist:
            pass  # a row that was there when it was asked for
        except DatabaseError as error:
            if not came_between(error):
                raise
    return view()


def came_between(error: DatabaseError) -> bool:
    """Whether a change failed since another one came between. Of a row that is gone Django says so by the class that
    all errors of a database have in common."""
    undone = getattr(error.__cause__, "sqlstate", "") in UNDONE
    return isinstance(error, IntegrityError) or undone or type(error) is DatabaseError


def sturdy(other: type[Any]) -> type[Any]:
    """Another admin, made sturdy: of users and groups, which Django brings along."""
    return type(f"Sturdy{other.__name__}", (SturdyAdmin, other), {})
