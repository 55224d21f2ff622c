"""The base of every model's admin here: whatever a request says, it is answered with a page or a redirect, not a fault.

Django trusts most of a query: lookups of any field, keys that are numbers, names of fields.
"""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR, IncorrectLookupParameters
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from .retry import retry_on_conflict

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin

#: The lookups that a list's filters append to the name of their field.
FILTER_LOOKUPS = ("", "__exact", "__id__exact", "__isnull", "__isempty")
#: Words that a search may have: each is a condition, of which databases take a limited number.
MOST_WORDS = 30
#: Digits of a primary key: what has more would overflow the column.
MOST_DIGITS = 18
PRIMARY_KEY = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}")


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs, not in Django
    """Checkboxes of rows. A key too long for any table is an invalid choice, like every other unknown one."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > MOST_DIGITS:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(one)[:20]})
        return super().clean(value)


class RobustModelAdmin(Admin):
    #: The title of the list, where Django's “Select … to view” does not fit.
    list_title = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        titled = {"title": self.list_title} if self.list_title else {}
        return super().changelist_view(request, {**titled, **(extra_context or {})})

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **{**kwargs, "form_class": RowsField})

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the list's own filters: other lookups would reveal fields that are not shown."""
        if not request:
            return False
        named = [one[0] if isinstance(one, list | tuple) else one for one in self.get_list_filter(request)]
        named += [one.parameter_name for one in named if hasattr(one, "parameter_name")]  # filters of our own
        return any(lookup == f"{name}{end}" for name in named if isinstance(name, str) for end in FILTER_LOOKUPS)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():  # so that a query which the database refuses ends no outer transaction
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
            # Django then redirects to the unfiltered list, with ?e=1.
            raise IncorrectLookupParameters(str(error)) from error

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What Django finds; nothing for more words than MOST_WORDS."""
        if len(search_term.split()) > MOST_WORDS:
            messages.warning(request, f"Nothing is looked for: a search has at most {MOST_WORDS} words.")
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id) if PRIMARY_KEY.fullmatch(object_id) else None

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django redirects to the admin's index. What was typed into the form of a deleted row is shown first."""
        if request.method == "POST":
            raise Http404(f"The {opts.verbose_name} was deleted while you were editing it. What you typed is below.")
        redirect: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return redirect

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Run the chosen action on those of the ticked rows whose keys are possible."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        replace_parameter(request, ACTION_CHECKBOX_NAME, [row for row in ticked if PRIMARY_KEY.fullmatch(row)])
        answer = super().response_action
        return retry_on_conflict(request, lambda: answer(request, *args, **kwargs))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        self.drop_unoffered_parameters(request)
        answer = super().changeform_view
        return retry_on_conflict(request, lambda: answer(request, object_id, form_url, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        self.drop_unoffered_parameters(request)
        answer = super().delete_view
        return retry_on_conflict(request, lambda: answer(request, object_id, extra_context))

    def drop_unoffered_parameters(self, request: HttpRequest) -> None:
        """Drop the button “Save as new”, which no form here has; and the name of the field that a popup is to answer
        with, unless there is a popup and Django allows that field."""
        replace_parameter(request, "_saveasnew", None)
        field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        popup = IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
        if field is not None and not (popup and field and self.to_field_allowed(request, field)):
            replace_parameter(request, TO_FIELD_VAR, None)


def replace_parameter(request: HttpRequest, name: str, values: list[str] | None) -> None:
    """Replace a parameter's values where the request has it, in POST and GET; with None, remove it."""
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


class ReadOnlyModelAdmin(RobustModelAdmin):
    """For what the service writes and nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
