"""The page on which a Thumbor URL is put together: controls, the picture as it is, and the URL to copy."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from aliases.drafts.choices import Crop, Format
from aliases.editing.forms import BuilderForm
from aliases.inspecting import building, recipes
from aliases.models import Bucket
from aliases.pictures import preview
from rendering import conf
from rendering.imaging.errors import BadRecipe

from ..pages import picker
from ..pages.permissions import ADD_ALIAS, SIGN_URL, may

#: A size to begin with.
BEGIN = {"width": 300, "height": 200, "fit": "cover", "crop": "center", "format": "original"}


#: What Thumbor URLs have no word for, and what comes nearest.
UNSAID: dict[str, str] = {
    Format.AUTO: Format.ORIGINAL.value,
    Format.UNCHANGED: Format.ORIGINAL.value,
    Crop.REKOGNITION: Crop.SMART.value,
}
LOST = "The controls cannot say all that this URL asks for, so the picture may differ."


def page(request: HttpRequest) -> HttpResponse:
    """The builder, for the fields in the query or, with ?url=, for a URL that is there already."""
    form, lost = form_of(request)
    shown = result(request, form) if form.data.get("sample") else {}
    context = {
        **admin.site.each_context(request),
        "title": "Build a URL",
        "form": form,
        "result": shown,
        "lost": lost,
        "signs": may(request, SIGN_URL),
        "has_key": bool(conf.security_keys()),
        "can_save": may(request, ADD_ALIAS),
        "buckets": Bucket.objects.exists(),
    }
    return TemplateResponse(request, "admin/inspector/builder.html", context)


def form_of(request: HttpRequest) -> tuple[BuilderForm, str]:
    """The form, and what of the URL it cannot say, as a sentence."""
    if "bucket" in request.GET:
        return with_keys(BuilderForm(request.GET, label_suffix="")), ""
    text = request.GET.get("url", "")
    forms = [(form_of_draft(draft), draft) for draft in building.drafts_of(text)]
    if not forms:
        buckets = list(Bucket.objects.all()[:2])
        values = {**BEGIN, "bucket": buckets[0].pk if len(buckets) == 1 else ""}
        lost = "That is no URL of a picture, so nothing is filled in." if text else ""
        return with_keys(BuilderForm(initial=values, label_suffix="")), lost
    whole = next((form for form, draft in forms if says_all(form, draft)), None)
    return with_keys(whole or forms[-1][0]), "" if whole else LOST


def form_of_draft(draft: building.Draft) -> BuilderForm:
    bucket = Bucket.objects.filter(name=draft.fields["bucket"]).first()
    values = {name: "" if value is None else value for name, value in draft.fields.items()}
    said = {name: UNSAID.get(value, value) for name, value in values.items() if isinstance(value, str)}
    return BuilderForm({**values, **said, "bucket": bucket.pk if bucket else ""}, label_suffix="")


def says_all(form: BuilderForm, found: building.Draft) -> bool:
    """Whether the form makes what a URL makes."""
    if not form.is_valid():
        return True  # what is wrong stands at the fields
    try:
        return recipes.alike(building.build(form.instance).recipe, found.recipe)
    except BadRecipe:
        return False


def with_keys(form: BuilderForm) -> BuilderForm:
    """The form, beside whose field for a key the pictures of the chosen bucket can be browsed."""
    form.fields["bucket"].widget.attrs |= picker.attributes(0)
    return form


def picture(request: HttpRequest) -> HttpResponse:
    """For the page's script: what the fields in the query make. With status 422, what is wrong with them."""
    form, _ = form_of(request)
    shown = result(request, form)
    return JsonResponse(shown, status=200 if shown.get("picture") else 422)


def result(request: HttpRequest, form: BuilderForm) -> dict[str, Any]:
    """The picture with its facts, the URLs, and where they lead; else what is wrong, by field."""
    errors = {name: " ".join(map(str, said)) for name, said in form.errors.items()}
    if errors or not form.is_bound:
        return {"trouble": "Not yet: see the fields marked red.", "errors": errors}
    draft = form.instance
    try:
        built = building.build(draft)
        shown = urls(request, built, draft.bucket)
        shot = building.picture(built, draft.bucket, draft.sample, preview.accept_of(request))
    except BadRecipe as error:
        return {"trouble": f"{error}.", "errors": {}}
    except preview.NoPicture as error:
        return {**shown, "trouble": str(error), "errors": {}}
    return {**shown, "picture": shot.url, "facts": str(shot.facts)}


def urls(request: HttpRequest, built: building.Built, bucket: Bucket) -> dict[str, str]:
    """The paths of the URL, as far as the person may see them and the service would answer them; and pages about it."""
    signs = may(request, SIGN_URL) and bool(conf.security_keys())
    same = urlencode({"url": built.unsigned})
    return {
        "signed": recipes.signed(built.path) if signs else "",
        "unsigned": built.unsigned if conf.allow_unsafe_url() and bucket.unsafe_allowed else "",
        "save": f"{reverse('admin:aliases_alias_add')}?{same}" if may(request, ADD_ALIAS) else "",
        "inspect": f"{reverse('admin:inspect')}?{same}",
    }
