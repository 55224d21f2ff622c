"""The parameters of the stacks in `edge/`, as far as they follow from the settings, and a check of what AWS would
refuse only when half of the service is created."""

import ipaddress
import re
from collections.abc import Iterable, Mapping

from edge.limits import LIMITS, OPT_IN, SHIELDS, shield_of
from edge.templates import parameters

from ..stages import Refused, Stage

#: As the templates want them, so that names which are made from them fit.
PROJECT, ENVIRONMENT = re.compile(r"[a-z][a-z0-9-]{0,15}"), re.compile(r"[a-z][a-z0-9]{0,11}")
PROFILES = ("PayAsYouGo", "Premium", "Business", "Pro")
#: The profiles that have Origin Shield; the others need no region for it.
SHIELDED = ("PayAsYouGo", "Premium")
#: Facts that an account has before anything is deployed to it, as long as they can be.
LONGEST = {
    "account": "1" * 12,
    "distribution": "E" * 14,
    "host": "h" * 40,
    "partition": "aws-us-gov",
    "suffix": "-ap-southeast-1",
    "images_secret_version": "0" * 8,
    "admin_secret_version": "0" * 8,
}


def check(images: Stage, admin: Stage) -> None:
    """Raise Refused for settings with which AWS would refuse a later step."""
    if not PROJECT.fullmatch(images.project):
        raise Refused(
            f"project_name is “{images.project}”; names in AWS are made from it, so it has at most 16 characters: "
            "small letters, digits and hyphens, the first a letter"
        )
    if not ENVIRONMENT.fullmatch(images.environment):
        raise Refused(
            f"The stage is called “{images.environment}”; names in AWS are made from it, so it has at most 12 "
            "characters: small letters and digits, the first a letter"
        )
    for name, given in images.settings.get("stacks", {}).items():
        check_names(name, given)
    shield(images)
    networks(admin)
    for stage in (images, admin):
        check_variables(stage)


def check_names(stack: str, given: Iterable[str]) -> None:
    there = parameters(stack)
    for name in given:
        if name not in there:
            raise Refused(
                f"“{name}” in stacks of zappa_settings.json is no parameter of edge/{stack}.yaml; there are "
                f"{', '.join(there)}"
            )


def check_variables(stage: Stage) -> None:
    """Raise Refused if the variables are more than Lambda takes, which it says only once the package is uploaded."""
    variables = stage.fill(stage.settings.get("aws_environment_variables", {}), LONGEST)
    size, most = environment_size(variables), LIMITS["lambda"]["environment_bytes"]
    if size > most:
        raise Refused(
            f"The variables of “{stage.name}” take {size:,} bytes, and Lambda takes {most:,}; keep long values in the "
            "secret, and refer to them as secretsmanager:name#FIELD"
        )


def environment_size(variables: Mapping[str, str]) -> int:
    """The bytes that Lambda counts: of names and values."""
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in variables.items())


def shield(stage: Stage) -> str:
    """The region whose Origin Shield CloudFront uses, or "none". Raises Refused where none can be, or one must be
    chosen."""
    given = stage.stack("edge")
    profile, chosen = given.get("Profile", PROFILES[0]), given.get("OriginShieldRegion", "")
    if profile not in PROFILES:
        raise Refused(f"The Profile of stacks.edge is “{profile}”; there are {', '.join(PROFILES)}")
    if chosen and chosen not in (*SHIELDS, "none"):
        raise Refused(
            f"CloudFront has no Origin Shield in {chosen} (OriginShieldRegion in stacks.edge); there are "
            f"{', '.join(SHIELDS)}, or none"
        )
    if chosen or profile not in SHIELDED:
        return chosen or "none"
    if found := shield_of(stage.region):
        return found
    raise Refused(
        f"CloudFront has no Origin Shield in {stage.region}, and AWS does not say which is nearest. Choose the one of "
        'lowest latency, as "stacks": {"edge": {"OriginShieldRegion": "…"}} in zappa_settings.json. There are '
        f"{', '.join(SHIELDS)}; or write none, and each location of CloudFront asks the service by itself"
    )


def following(images: Stage, **variables: str) -> dict[str, str]:
    """The parameters that are what a variable of the service is, by their names; without those whose variable is not
    set, so that the template's default, which is the service's, holds."""
    given = images.settings.get("aws_environment_variables", {})
    return {parameter: str(given[variable]) for parameter, variable in variables.items() if given.get(variable)}


def queries(images: Stage) -> dict[str, str]:
    """The parameter by which queries reach the service, where it answers URLs of AWS's image handler."""
    return {"HandlerQueries": "yes"} if following(images, HandlerQueries="IMAGE_HANDLER_BUCKETS") else {}


def networks(admin: Stage) -> dict[str, str]:
    """The parameters by which the firewall keeps the admin to ADMIN_NETWORKS. Raises Refused for one that is none."""
    found: dict[int, list[str]] = {4: [], 6: []}
    text = str(admin.settings["aws_environment_variables"].get("ADMIN_NETWORKS", ""))
    if not text.startswith(("secretsmanager:", "ssm:")):  # only the service reads those
        for one in filter(None, map(str.strip, text.split(","))):
            try:
                network = ipaddress.ip_network(one)
            except ValueError as error:
                raise Refused(f"ADMIN_NETWORKS has “{one}”, which is no network: {error}") from None
            found[network.version].append(str(network))
    return {f"AdminNetworks{version}": ",".join(each) for version, each in found.items()}


def not_opted_in(stage: Stage) -> str:
    """What to try where AWS refuses credentials in a region that an account has to enable; else an empty string."""
    if stage.region not in OPT_IN:
        return ""
    return (
        f". {stage.region} also has to be enabled for the account first: aws account enable-region --region-name "
        f"{stage.region}"
    )
